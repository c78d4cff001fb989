// Saves an answer as soon as it changes; without script the Save buttons do the same.
"use strict";
(() => {
  const form = document.getElementById("answer-form");
  const status = form.querySelector(".status");
  let last = Promise.resolve();
  let sent = snapshot();

  function snapshot() {
    const said = new FormData(form);
    return JSON.stringify([said.get("answer"), said.get("note")]);
  }

  async function save() {
    const now = snapshot();
    if (now === sent) return;
    status.textContent = form.dataset.saving;
    let answer;
    try {
      answer = await fetch(form.action || location.href, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
    } catch {
      status.textContent = form.dataset.failed;
      return;
    }
    if (answer.ok) {
      const said = await answer.json();
      form.elements.seen.value = said.seen;
      sent = now;
      status.textContent = said.status;
    } else if (answer.status === 409 || answer.status === 401) {
      form.submit(); // the page that follows shows both versions, or keeps what was written
    } else {
      status.textContent = form.dataset.failed;
    }
  }

  form.addEventListener("change", () => { last = last.then(save); });
})();
