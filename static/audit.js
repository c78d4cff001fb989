// Keys for whoever finds many questions in a row; without script everything works by Tab and arrows.
"use strict";
(() => {
  const KEPT = "audit-keys";
  const form = document.getElementById("finding-form");
  const status = document.getElementById("status");
  const help = document.getElementById("keys");
  const before = form ? said() : "";

  // What is there from the start is not read out; what comes later is.
  if (status.dataset.said) {
    status.textContent = "";
    setTimeout(() => { status.textContent = status.dataset.said; }, 200);
  }

  function said() {
    return JSON.stringify([...new FormData(form)]);
  }

  function areOn() {
    try {
      return localStorage.getItem(KEPT) !== "off";
    } catch {
      return true;
    }
  }

  function go(id) {
    const link = document.getElementById(id);
    if (!link) return;
    if (form && said() !== before) {
      status.textContent = status.dataset.unsaved;
      return;
    }
    link.click();
  }

  function choose(number) {
    const one = document.getElementById(`choice-${number}`);
    if (!one) return;
    one.checked = true;
    one.focus();
  }

  function writes(where) {
    return where.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  }

  function typed(event) {
    const where = event.target;
    if (event.key === "Escape") return where.blur();
    if (event.key !== "Enter" || !event.ctrlKey || !form || !form.contains(where)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button"));
  }

  function pressed(event) {
    if (event.key === "n" || event.key === "p") go(event.key === "n" ? "after" : "before");
    else if (form && /^[1-9]$/.test(event.key)) choose(event.key);
    else if (form && event.key === "r") form.elements.reason.focus();
    else if (form && event.key === "Enter" && !event.target.closest("a, button, summary")) {
      form.requestSubmit(form.querySelector("button"));
    } else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || !areOn()) return;
    if (writes(event.target)) typed(event);
    else if (!event.ctrlKey && !event.altKey && !event.metaKey) pressed(event);
  });

  if (help) {
    const box = document.getElementById("keys-on");
    help.hidden = false;
    box.checked = areOn();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(KEPT, box.checked ? "on" : "off");
      } catch {
        // A browser that keeps nothing has the keys on.
      }
    });
  }
})();
