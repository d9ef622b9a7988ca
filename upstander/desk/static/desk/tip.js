// The tip's page: panels come anew when the tip changes, what is typed is kept as a draft, prompts
// go into the reply box by a key. Nothing here sends a reply by itself.
(function (d) {
  "use strict";
  var tip = d.getElementById("tip");
  if (!tip) return;
  var id = tip.dataset.tip, me = tip.dataset.me, reply = d.getElementById("reply-text");
  function say(text) { if (window.upstanderLive) upstanderLive.say(text); }
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
      if (html) swap(new DOMParser().parseFromString(html, "text/html"));
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
      old.replaceChildren.apply(old, Array.from(part.childNodes));
      if (inside) {
        var again = active.id && d.getElementById(active.id) ||
          active.dataset.key && old.querySelector('[data-key="' + active.dataset.key + '"]') ||
          active.getAttribute("href") && old.querySelector('[href="' + active.getAttribute("href") + '"]');
        (again || d.getElementById("main")).focus({ preventScroll: true });
      }
    });
    var more = heard() - before;
    if (more > 0) say(more > 1 ? more + " new messages from the reporter" : "New message from the reporter");
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
      place.textContent = others.length ? "Also open at " + others.map(function (one) { return one[1]; }).join(", ") : "";
    });
  }
  d.addEventListener("live:here", function (event) {
    if (event.detail.at === id) { here = event.detail.who; present(); }
  });

  // --- Drafts: a little after the last key, when a field is left, when the page is.
  function keep(kind, text, place) {
    var body = new URLSearchParams({ kind: kind, text: text, since: tip.dataset.since, csrfmiddlewaretoken: token() });
    return fetch("/tips/" + id + "/draft", { method: "POST", body: body, keepalive: text.length < 30000, redirect: "manual" })
      .then(function (answer) { return answer.ok ? answer.json() : { kept: false }; }, function () { return { kept: false }; })
      .then(function (answer) {
        var shown = d.querySelector('[data-kept="' + kind + '"]');
        if (shown) shown.textContent = answer.kept ? (text.trim() ? "Draft kept" : "") : "Not kept: no connection, or signed out";
        if (!answer.kept) place.dirty = true;
      });
  }
  function watch(element, kind, value) {
    var place = { dirty: false }, timer = 0, sent = value();
    function now() {
      clearTimeout(timer);
      if (!place.dirty) return;
      place.dirty = false;
      var text = value();
      if (text !== sent) { sent = text; keep(kind, text, place); }
    }
    function later() {
      place.dirty = true;
      clearTimeout(timer);
      timer = setTimeout(now, 1500);
    }
    element.addEventListener("input", later);
    element.addEventListener("change", later);
    element.addEventListener("focusout", function (event) {
      // On the way to the button that sends it: what is sent is no draft.
      var to = event.relatedTarget;
      if (!to || to.type !== "submit" || to.form !== element.form) now();
    });
    d.addEventListener("visibilitychange", function () { if (d.hidden) now(); });
    addEventListener("pagehide", now);
    // What is sent is no draft any more: a late save must not bring it back.
    (element.form || element).addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (!event.submitter || event.submitter.name !== "insert") place.dirty = false;
    });
  }
  d.querySelectorAll("textarea[data-draft]").forEach(function (field) {
    watch(field, field.dataset.draft, function () { return field.value; });
  });
  d.querySelectorAll("form[data-draft-form]").forEach(function (form) {
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

  // --- One-key replies.
  function insert(field, words) {
    field.value = (field.value.trimEnd() + "\n" + words).trimStart();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.scrollIntoView({ block: "nearest" });
    say("In the box: " + words);
  }
  d.addEventListener("click", function (event) {
    var prompt = event.target.closest("[data-insert]"), use = event.target.closest("[data-use]");
    if (prompt && reply) {
      event.preventDefault();
      insert(reply, prompt.querySelector("[data-words]").textContent.trim());
    }
    if (use) insert(d.getElementById(use.dataset.use), use.closest(".draft").querySelector("[data-words]").textContent.trim());
  });
  d.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !("send" in (event.target.dataset || {}))) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // --- What an assessment suggests, while it is being filled in.
  d.querySelectorAll("form[data-suggest]").forEach(function (form) {
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
            d.getElementById("suggestion").replaceChildren(box.content);
          }, function () { /* it is computed again when the form is sent */ });
      }, 250);
    });
  });

  d.querySelectorAll("[data-use]").forEach(function (button) { button.hidden = false; });
  d.querySelectorAll("[data-no-script]").forEach(function (button) { button.hidden = true; });
})(document);
