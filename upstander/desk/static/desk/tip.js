// The tip's page: panels come anew when the tip changes, what is typed is kept as a draft, prompts
// go into the reply box by a key. Nothing here sends a reply by itself.
(function (d) {
  "use strict";
  var tip = d.getElementById("tip");
  if (!tip) return;
  var id = tip.dataset.tip, me = tip.dataset.me;
  // Words stand in the page, where they can be translated; {count}, {who} and {words} are filled in.
  function said(name, with_) {
    return tip.dataset[name].replace(/\{\w+\}/, function () { return with_; });
  }
  function say(text) { if (window.upstanderLive) upstanderLive.say(text); }
  function still(act) { if (window.upstanderLive) upstanderLive.still(act); else act(); }
  function token() { return d.querySelector('input[name="csrfmiddlewaretoken"]').value; }

  // --- Panels.
  var asked = 0, busy = false;
  function refresh() {
    if (d.hidden) { asked = 1; return; }
    if (busy) { asked = 1; return; }
    busy = true;
    asked = 0;
    fetch("/tips/" + id + "/parts", { redirect: "manual", headers: { "X-By-Itself": "1" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      if (html) still(swap.bind(null, new DOMParser().parseFromString(html, "text/html")));
    }, function () { /* not connected: the stream says so */ }).then(function () {
      busy = false;
      if (asked) setTimeout(refresh, 300);
    });
  }
  function heard() { return d.querySelectorAll("#talk .bubble-reporter").length; }
  function swap(fresh) {
    var before = heard();
    fresh.querySelectorAll("[data-part]").forEach(function (part) {
      var old = d.querySelector('[data-part="' + part.dataset.part + '"]'), active = d.activeElement;
      if (!old || old.innerHTML === part.innerHTML) return;
      var inside = active && old.contains(active);
      // A field that somebody is filling in stays as it is.
      if (inside && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName)) { asked = 1; return; }
      part.querySelectorAll("details[id]").forEach(function (box) {
        var was = d.getElementById(box.id);
        if (was) box.open = was.open;
      });
      part.querySelectorAll("input[id]").forEach(function (field) {
        var was = d.getElementById(field.id);
        if (was) field.value = was.value;
      });
      var told = part.querySelector("[data-say]");
      if (told && !old.querySelector("[data-say]")) say(told.dataset.say);
      old.replaceChildren.apply(old, Array.from(part.childNodes));
      if (inside) {
        var again = active.id && d.getElementById(active.id) ||
          active.dataset.key && old.querySelector('[data-key="' + active.dataset.key + '"]') ||
          active.getAttribute("href") && old.querySelector('[href="' + active.getAttribute("href") + '"]');
        (again || d.getElementById("main")).focus({ preventScroll: true });
      }
    });
    var more = heard() - before;
    if (more > 0) say(more > 1 ? said("sayMessages", more) : tip.dataset.sayMessage);
    present();
  }
  d.addEventListener("live:row", function (event) { if (event.detail.id === id) refresh(); });
  d.addEventListener("live:refresh", refresh);
  d.addEventListener("live:gone", function (event) { if (event.detail.id === id) location.reload(); });
  d.addEventListener("visibilitychange", function () { if (!d.hidden && asked) refresh(); });
  // A countdown that ends changes something: somebody is asked, a proposal lapses.
  var late = new Set();
  setInterval(function () {
    tip.querySelectorAll("time[data-countdown]").forEach(function (time) {
      var due = Date.parse(time.dateTime);
      if (due < Date.now() - 1500 && due > Date.now() - 15000 && !late.has(time.dateTime)) {
        late.add(time.dateTime);
        refresh();
      }
    });
  }, 1000);

  // --- Who else has it open.
  var here = [];
  function present() {
    var others = here.filter(function (one) { return String(one[0]) !== me; });
    d.querySelectorAll('.here[data-here="' + id + '"]').forEach(function (place) {
      place.textContent = others.length ?
        said("sayOpenAt", others.map(function (one) { return one[1]; }).join(", ")) : "";
      place.title = place.textContent;
    });
  }
  d.addEventListener("live:here", function (event) {
    if (event.detail.at === id) { here = event.detail.who; present(); }
  });

  // --- Drafts: a little after the last key, when a field is left, when the page is.
  // A browser lets so many bytes outlive a page (64 KiB of all that is on its way), as they are sent.
  var OUTLIVES = 60000;
  function keep(kind, text, place) {
    var body = new URLSearchParams({ kind: kind, text: text, since: tip.dataset.since, csrfmiddlewaretoken: token() });
    var outlives = body.toString().length < OUTLIVES;
    if (!outlives) place.failed = true;
    return fetch("/tips/" + id + "/draft", { method: "POST", body: body, keepalive: outlives, redirect: "manual" })
      .then(function (answer) { return answer.ok ? answer.json() : { kept: false }; }, function () { return { kept: false }; })
      .then(function (answer) {
        place.failed = !answer.kept;
        var shown = d.querySelector('[data-kept="' + kind + '"]');
        // Said of a box that is still there: after a reply there is a new one, which is empty.
        if (shown && place.of.isConnected) shown.textContent = answer.kept ? (text.trim() ? tip.dataset.saySaved : "") : tip.dataset.sayNotSaved;
        // What was not kept counts as not sent: it goes again with the next key, or as the page is left.
        if (!answer.kept) { place.dirty = true; place.sent = null; }
      });
  }
  // Nobody is held on the page by what is on its way and outlives it: only by what was not kept the last time.
  var places = [];
  addEventListener("beforeunload", function (event) {
    places.forEach(function (one) { one.now(); });
    if (places.some(function (one) { return one.of.isConnected && one.failed && one.text().trim(); })) event.preventDefault();
  });
  function watch(element, kind, value) {
    var place = { dirty: false, failed: false, sent: value(), of: element, text: value, now: now }, timer = 0;
    places = places.filter(function (one) { return one.of.isConnected; }).concat(place);
    function now() {
      clearTimeout(timer);
      if (!place.dirty || !element.isConnected) return;
      place.dirty = false;
      var text = value();
      if (text !== place.sent) { place.sent = text; keep(kind, text, place); }
    }
    function later() {
      place.dirty = true;
      clearTimeout(timer);
      timer = setTimeout(now, 1500);
    }
    element.addEventListener("input", function () { place.sent = null; later(); });
    element.addEventListener("change", later);
    element.addEventListener("focusout", function (event) {
      // On the way to the button that sends it: what is sent is no draft.
      var to = event.relatedTarget;
      if (!to || to.type !== "submit" || to.form !== element.form) now();
    });
    d.addEventListener("visibilitychange", function () { if (d.hidden) now(); });
    addEventListener("pagehide", now);
    // What is sent is no draft any more: a late save must not bring it back. As its box goes, the
    // browser says once more that it changed, though no key came.
    (element.form || element).addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (event.submitter && event.submitter.name === "insert") return;
      place.dirty = place.failed = false;
      place.sent = value();
    });
  }
  // --- One-key replies.
  function insert(field, words) {
    field.value = (field.value.trimEnd() + "\n" + words).trimStart();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // Where it can be worded on, and where the keys that send it are heard; Escape leaves it.
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    field.scrollIntoView({ block: "nearest" });
    say(said("sayAdded", words));
  }
  d.addEventListener("click", function (event) {
    var prompt = event.target.closest("[data-insert]"), use = event.target.closest("[data-use]");
    var reply = d.getElementById("reply-text");
    if (prompt && reply) {
      event.preventDefault();
      insert(reply, prompt.querySelector("[data-words]").textContent.trim());
    }
    if (use) insert(d.getElementById(use.dataset.use), use.closest(".draft").querySelector("[data-words]").textContent.trim());
  });
  d.addEventListener("keydown", function (event) {
    var form = event.target.form;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return;
    if (!("send" in event.target.dataset || "send" in form.dataset)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('[type="submit"]:not([name="insert"])'));
  });

  // --- What fields need that have come into the page: at its start, and whenever more come.
  function ready(root) {
    root.querySelectorAll("[data-use]").forEach(function (button) { button.hidden = false; });
    root.querySelectorAll("[data-no-script]").forEach(function (button) { button.hidden = true; });
    root.querySelectorAll("[data-script]").forEach(function (box) { box.hidden = false; });
    root.querySelectorAll("textarea[data-draft]").forEach(function (field) {
      watch(field, field.dataset.draft, function () { return field.value; });
    });
    root.querySelectorAll("form[data-draft-form]").forEach(function (form) {
      watch(form, form.dataset.draftForm, function () {
        var data = {};
        Array.from(form.elements).forEach(function (field) {
          if (!field.name || /^(hidden|submit)$/.test(field.type)) return;
          if (field.type === "checkbox" && form.querySelectorAll('[name="' + field.name + '"]').length > 1) {
            data[field.name] = data[field.name] || [];
            if (field.checked) data[field.name].push(field.value);
          } else if (field.type === "checkbox") data[field.name] = field.checked;
          else if (field.type !== "radio" || field.checked) data[field.name] = field.value;
        });
        return JSON.stringify(data);
      });
    });
    // What an assessment suggests, while it is being filled in.
    root.querySelectorAll("form[data-suggest]").forEach(function (form) {
      var timer = 0;
      form.addEventListener("change", function () {
        clearTimeout(timer);
        timer = setTimeout(function () {
          fetch(form.dataset.suggest, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
            .then(function (answer) { return answer.ok ? answer.text() : ""; })
            .then(function (html) {
              if (!html) return;
              var box = d.createElement("template");
              box.innerHTML = html;
              var place = d.getElementById("suggestion");
              // Another part may stand there by now.
              if (place) place.replaceChildren(box.content);
            }, function () { /* it is computed again when the form is sent */ });
        }, 250);
      });
    });
  }
  ready(d);
  window.upstanderTip = { ready: ready, swap: swap, say: say, present: present };
})(document);
