// The first touch shows the second, without a load; the second is sent again and again until the
// server says that it has it. Nothing here makes a sound. Without this, the link leads to a page.
(function (d) {
  "use strict";
  var form = d.querySelector("[data-silent]");
  if (!form) return;
  var first = form.querySelector("a"), second = form.querySelector("button"), said = form.querySelector("[role=status]");
  var body = new FormData(form), sent = false;
  function say(text) { if (said.textContent !== text) said.textContent = text; }
  function again() {
    if (!sent) say(form.dataset.sayFailed);
    if (!sent) setTimeout(send, 3000);
  }
  function send() {
    var over = new AbortController();
    var late = setTimeout(function () { over.abort(); }, 8000);
    fetch(form.action, { method: "POST", body: body, redirect: "manual", signal: over.signal, headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.ok ? answer.json() : {};
    }).then(function (told) {
      clearTimeout(late);
      if (!told.sent) { again(); return; }
      sent = true;
      say(form.dataset.saySent);
    }).catch(function () { clearTimeout(late); again(); });
  }
  first.addEventListener("click", function (event) {
    event.preventDefault();
    first.hidden = true;
    second.hidden = false;
    second.focus({ preventScroll: true });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    second.hidden = true;
    // Nor does a queue that stands open beside it: there it is turned on again.
    try { localStorage.setItem("sound", "off"); } catch (refused) { /* not kept, nothing on */ }
    say(form.dataset.saySending);
    send();
  });
})(document);
