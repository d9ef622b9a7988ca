// What every staff page shares: colours, keys, dialogs, countdowns. No page needs it to be used,
// save for the dialogs. Loaded before the body, so that the chosen colours are there from the start.
(function (d) {
  "use strict";

  // --- Colours: as the system prefers, until the person chooses; kept in this browser only.
  var sheet = d.getElementById("dark");
  var system = matchMedia("(prefers-color-scheme: dark)");
  function stored(name) {
    try { return localStorage.getItem(name); } catch (refused) { return null; }
  }
  function store(name, value) {
    try { localStorage.setItem(name, value); } catch (refused) { /* no storage: it stays as it is */ }
  }
  function kept() { return stored("colours"); }
  function isDark() { return (kept() || (system.matches ? "dark" : "light")) === "dark"; }
  function paint() {
    if (sheet) sheet.media = kept() ? (isDark() ? "screen" : "not all") : "screen and (prefers-color-scheme: dark)";
    d.querySelectorAll("[data-theme]").forEach(function (b) { b.setAttribute("aria-pressed", isDark()); });
  }
  paint();
  system.addEventListener("change", paint);

  // --- Dialogs
  function open(id) {
    var dialog = d.getElementById(id);
    if (!dialog || dialog.open) return;
    var list = dialog.querySelector("[data-keys]");
    if (list) listKeys(list);
    dialog.showModal();
  }

  // --- Keys: an element with data-key is pressed (or, a field, entered) by that key. The list in
  // the dialog "keys" is made from the page, so that it can't say what the page doesn't do.
  function pressable() {
    return Array.prototype.filter.call(d.querySelectorAll("[data-key]"), function (e) {
      return !e.hidden && !e.disabled && e.offsetParent !== null;
    });
  }
  function listKeys(list) {
    list.replaceChildren();
    pressable().forEach(function (e) {
      var line = d.createElement("div"), term = d.createElement("dt"), does = d.createElement("dd");
      var key = d.createElement("kbd");
      key.textContent = e.dataset.key;
      does.textContent = (e.dataset.keyLabel || e.getAttribute("aria-label") ||
        (e.querySelector("span") || e).textContent).trim();
      term.append(key);
      line.append(term, does);
      list.append(line);
    });
  }
  function writing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) &&
      !/^(radio|checkbox|button|submit)$/.test(target.type);
  }
  d.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && writing(event.target)) { event.target.blur(); return; }
    if (writing(event.target) || d.querySelector("dialog[open]")) return;
    var hit = pressable().find(function (e) { return e.dataset.key === event.key; });
    // Single keys can be turned off (WCAG 2.1.4), all but the one that opens their list.
    if (!hit || stored("keys") === "off" && hit.dataset.open !== "keys") return;
    event.preventDefault();
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(hit.tagName)) hit.focus(); else hit.click();
  });

  // --- Countdowns: clock digits until the element's datetime; after it "+" and the word "late".
  function left(due) {
    var s = Math.round((due - Date.now()) / 1000), sign = s < 0 ? "+" : "", two = function (n) {
      return (n < 10 ? "0" : "") + n;
    };
    s = Math.abs(s);
    var h = Math.floor(s / 3600), m = Math.floor(s % 3600 / 60);
    return sign + (h ? h + ":" + two(m) : m) + ":" + two(s % 60);
  }
  function tick() {
    d.querySelectorAll("time[data-countdown]").forEach(function (time) {
      var due = Date.parse(time.dateTime), stale = Date.now() - due > 5000 && time.closest("[data-stale]");
      // What happens then changes the row: one that stands as it was has not heard of it.
      if (stale) { stale.textContent = stale.dataset.stale; stale.removeAttribute("data-stale"); return; }
      var text = left(due);
      if (time.textContent !== text) time.textContent = text;
      if (time.parentNode) time.parentNode.classList.toggle("countdown-late", text[0] === "+");
    });
  }
  setInterval(tick, 1000);

  d.addEventListener("click", function (event) {
    var button = event.target.closest("[data-open],[data-theme],[data-print],[data-copy]");
    if (!button) return;
    if (button.dataset.open) open(button.dataset.open);
    if ("theme" in button.dataset) {
      store("colours", isDark() ? "light" : "dark");
      paint();
    }
    if ("print" in button.dataset) print();
    if (button.dataset.copy) {
      navigator.clipboard.writeText(d.getElementById(button.dataset.copy).textContent.trim()).then(function () {
        var said = button.parentNode.querySelector("[data-said]");
        if (said) said.textContent = said.dataset.said;
      });
    }
  });

  d.addEventListener("change", function (event) {
    if ("keysOff" in event.target.dataset) store("keys", event.target.checked ? "off" : "on");
  });

  // A second press within 2 s is a slip; later ones pass (every action refuses to be done twice).
  d.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (Date.now() - (form.dataset.sent || 0) < 2000) event.preventDefault();
    else form.dataset.sent = Date.now();
  });

  d.addEventListener("DOMContentLoaded", function () {
    d.querySelectorAll("[data-theme],[data-open],[data-print]").forEach(function (b) { b.hidden = false; });
    if (navigator.clipboard) d.querySelectorAll("[data-copy]").forEach(function (b) { b.hidden = false; });
    var summary = d.querySelector("[data-summary]");
    if (summary) summary.focus();
    d.querySelectorAll("[data-keys-off]").forEach(function (box) { box.checked = stored("keys") === "off"; });
    paint();
    tick();
  });
})(document);
