// Saves an answer as soon as it changes; without script the Save buttons do the same.
"use strict";
(() => {
  const PAUSE = 1500; // milliseconds after the last letter of a note
  const form = document.getElementById("answer-form");
  const status = form.querySelector(".status");
  let last = Promise.resolve();
  let waiting = 0;
  let timer = 0;
  let sent = said();
  let leaving = false;

  function said() {
    const found = new FormData(form);
    return { answer: found.get("answer") || "", note: found.get("note") };
  }

  function isSent(now) {
    return now.answer === sent.answer && now.note === sent.note;
  }

  async function save() {
    const now = said();
    if (leaving || isSent(now)) return;
    if (!now.answer && !sent.answer) {
      status.textContent = form.dataset.alone; // a note without an answer is not stored
      return;
    }
    status.textContent = form.dataset.saving;
    let answer;
    try {
      answer = await fetch(location.href, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
        keepalive: true, // also while the page is being closed
      });
    } catch {
      status.textContent = form.dataset.failed;
      return;
    }
    if (answer.ok) {
      const told = await answer.json();
      form.elements.seen.value = told.seen;
      sent = now;
      status.textContent = told.status;
    } else if (answer.status === 409 || answer.status === 401) {
      leaving = true;
      form.submit(); // the page that follows shows both versions, or keeps what was written
    } else {
      status.textContent = answer.status < 500 ? form.dataset.refused : form.dataset.failed;
    }
  }

  function queue() {
    clearTimeout(timer);
    waiting += 1;
    last = last.then(save).finally(() => { waiting -= 1; });
  }

  form.addEventListener("change", queue);
  form.elements.note.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(queue, PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") queue();
  });
  // A button pressed while an answer is on its way waits for it: both would be of the same age.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!waiting) {
      leaving = true;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    last.then(() => { if (!leaving) form.requestSubmit(button); });
  });
  // A page that is shown again from memory is used again.
  window.addEventListener("pageshow", () => { leaving = false; });
})();
