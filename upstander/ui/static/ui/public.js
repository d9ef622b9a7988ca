// The reporter's pages work without this file. It only makes some things quicker.
(function (d) {
  "use strict";

  // A line of the form is heard where it stands; a second press stops it.
  var sound;
  d.addEventListener("click", function (event) {
    var link = event.target.closest("a.hear"), playing = sound && !sound.paused && sound.link;
    if (!link) return;
    event.preventDefault();
    if (sound) sound.pause();
    if (playing === link) return;
    sound = new Audio(link.href);
    sound.link = link;
    sound.play().catch(function () {});
  });

  // Leave: blank the page at once, then put the other page in this one's place in the history. It is
  // emptied, not only hidden: a browser that keeps the page for its Back button keeps no word of it.
  var exit = d.querySelector("[data-leave]");
  function leave(event) {
    if (event) event.preventDefault();
    d.documentElement.hidden = true;
    d.title = "\u200b";
    if (sound) sound.pause();
    var there = exit.href;
    if (d.body) d.body.remove();
    location.replace(there);
  }
  // Shift three times within two seconds. Not Escape: it would stop the page that is loading.
  var shifts = [];
  if (exit) {
    exit.addEventListener("click", leave);
    d.addEventListener("keyup", function (event) {
      if (event.key !== "Shift") { shifts = []; return; }
      shifts.push(Date.now());
      if (shifts.length > 2 && shifts[shifts.length - 1] - shifts[shifts.length - 3] < 2000) leave();
    });
  }

  // A page of the desk takes the way out from here, and all else from desk.js.
  if (d.querySelector("body.desk")) return;

  // A second press within 5 s is taken for a double press. Later ones pass: the server keeps one tip.
  function rest(form) {
    form.removeAttribute("data-sent");
    form.querySelectorAll("[aria-busy]").forEach(function (b) { b.removeAttribute("aria-busy"); });
  }
  d.addEventListener("submit", function (event) {
    var form = event.target, offline = d.getElementById("offline");
    if (form.method !== "post") return;
    if (navigator.onLine === false && offline) {
      event.preventDefault();
      offline.hidden = false;
      form.appendChild(offline);
      offline.scrollIntoView({ block: "center" });
      return;
    }
    if (offline) offline.hidden = true;
    if (Date.now() - (form.getAttribute("data-sent") || 0) < 5000) return event.preventDefault();
    form.setAttribute("data-sent", Date.now());
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    setTimeout(rest, 5000, form);
  });
  addEventListener("pageshow", function () { d.querySelectorAll("form").forEach(rest); });
  addEventListener("online", function () { var o = d.getElementById("offline"); if (o) o.hidden = true; });

  // Copy and print the return code.
  function ready(selector, act) {
    d.querySelectorAll(selector).forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { act(button); });
    });
  }
  ready("[data-print]", function () { print(); });
  if (navigator.clipboard) ready("[data-copy]", function (button) {
    var text = d.getElementById(button.dataset.copy).textContent.trim().replace(/\s+/g, " ");
    navigator.clipboard.writeText(text).then(function () {
      var said = button.parentNode.querySelector("[data-said]");
      if (said) said.textContent = said.dataset.said;
    });
  });
})(document);
