// The tip's page without a page load: forms come beside the words, and what is pressed there is sent
// from where it stands. Each address is a page of its own, of which the part is taken that is needed.
(function (d) {
  "use strict";
  var tip = d.getElementById("tip"), column = d.getElementById("beside");
  if (!tip || !column) return;
  var home = "/tips/" + tip.dataset.tip, ours = window.upstanderTip;

  function panel(name) { return column.querySelector('[data-panel="' + name + '"]'); }
  // Typed or chosen since it came, but for what is being sent.
  function touched(root, sent) {
    return Array.from(root.querySelectorAll("textarea,input,select")).some(function (field) {
      if (field.type === "hidden" || field.name === "shown" || sent && field.form === sent) return false;
      if (/^(radio|checkbox)$/.test(field.type)) return field.checked !== field.defaultChecked;
      if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
      var first = Array.from(field.options).findIndex(function (o) { return o.defaultSelected; });
      return field.selectedIndex !== Math.max(first, 0);
    });
  }
  function show(name) {
    column.dataset.shown = name;
    column.querySelectorAll("[data-panel]").forEach(function (one) {
      one.classList.toggle("shown", one.dataset.panel === name);
    });
    column.querySelectorAll(".tip-tabs a").forEach(function (link) {
      if (link.dataset.beside === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    var box = panel(name);
    if (column.getBoundingClientRect().top > innerHeight / 2) column.scrollIntoView();
    return box;
  }
  // Where one goes on: what is wrong, else what is asked first, else the part itself.
  function enter(box) {
    (box.querySelector("[autofocus]") || box).focus({ preventScroll: true });
  }
  function put(name, from, address, refused) {
    var box = panel(name) || column.appendChild(d.createElement("div"));
    box.dataset.refused = refused ? "yes" : "";
    box.className = "tip-panel";
    box.dataset.panel = name;
    box.tabIndex = -1;
    box.replaceChildren.apply(box, Array.from(from.childNodes));
    box.querySelectorAll("form").forEach(function (form) {
      if (!form.getAttribute("action")) form.setAttribute("action", address);
    });
    box.scrollTop = 0;
    ours.ready(box);
    enter(show(name));
  }
  function tell(words) {
    var box = d.getElementById("said"), line = d.createElement("div");
    line.className = "notice notice-error";
    line.textContent = words;
    box.replaceChildren(line);
  }
  function read(answer) {
    return answer.text().then(function (html) {
      return { page: new DOMParser().parseFromString(html, "text/html"), at: new URL(answer.url) };
    });
  }

  // --- Opening
  var opening = 0;
  function open(name, address) {
    var there = panel(name), mine = ++opening;
    // What somebody has typed or ticked stays, also where it was refused; anything else is read anew: more may be known by now.
    column.classList.remove("waiting");
    if (there && (there.dataset.slot || there.dataset.refused || touched(there))) { enter(show(name)); return; }
    column.classList.add("waiting");
    fetch(address).then(read).then(function (got) {
      if (mine !== opening) return;
      var part = got.page.querySelector('[data-panel="' + name + '"]');
      if (part) put(name, part, got.at.pathname); else location.assign(address);
    }, function () { tell(tip.dataset.sayNotOpened); }).then(function () {
      if (mine === opening) column.classList.remove("waiting");
    });
  }
  d.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    d.querySelectorAll("details.menu[open]").forEach(function (menu) { menu.open = false; });
    open(link.dataset.beside, link.href);
    if (link.dataset.beside === "more") d.getElementById("note-text").focus({ preventScroll: true });
  });

  // --- Sending
  function renew(page, sent) {
    var fresh = page.getElementById("tip"), active = d.activeElement && d.activeElement.id;
    tip.dataset.since = fresh.dataset.since;
    fresh.querySelectorAll("[data-slot]").forEach(function (slot) {
      var old = d.querySelector('[data-slot="' + slot.dataset.slot + '"]');
      // Somebody typed on in there: only what nobody types in comes anew.
      if (touched(old, sent)) { ours.swap(slot); return; }
      slot.querySelectorAll("details[id]").forEach(function (box) {
        var was = d.getElementById(box.id);
        if (was && box.id !== "tip-menu") box.open = was.open;
      });
      old.replaceChildren.apply(old, Array.from(slot.childNodes));
      ours.ready(old);
    });
    var field = active && d.getElementById(active);
    if (sent.id === "reply-form") {
      // It is sent: the newest is seen, and keys are keys again.
      var talk = d.querySelector(".tip-talk");
      talk.scrollTop = 0;
      talk.focus({ preventScroll: true });
    } else if (field && d.activeElement !== field) field.focus({ preventScroll: true });
    ours.present();
  }
  function took(got, sent) {
    var page = got.page, at = got.at.pathname, said = page.getElementById("said");
    var asked = !page.getElementById("tip") && page.querySelector("main form[data-asked]");
    if (!page.getElementById("tip") && !asked) { location.assign(got.at); return; }
    var from = sent.closest("[data-panel]"), name = from && !from.dataset.slot ? from.dataset.panel : "";
    if (said) d.getElementById("said").replaceChildren.apply(d.getElementById("said"), Array.from(said.childNodes));
    if (asked) { put("asked", page.getElementById("main"), at); return; }
    var again = page.querySelector("#beside > [data-panel].shown:not([data-slot])");
    renew(page, sent);
    if (again) { put(again.dataset.panel, again, at, true); return; }
    if (!name) return;
    // Done: the form goes, and what it changed is seen.
    from.remove();
    if (name === "asked") column.querySelectorAll(".tip-panel:not([data-slot])").forEach(function (one) { one.remove(); });
    enter(show("now"));
  }
  d.addEventListener("submit", function (event) {
    var form = event.target, by = event.submitter;
    if (event.defaultPrevented || form.method !== "post" || !(by && by.closest("[data-stay]") || form.closest("[data-stay]"))) return;
    event.preventDefault();
    if (form.dataset.going) return;
    form.dataset.going = "yes";
    if (by) by.setAttribute("aria-busy", "true");
    var to = by && by.getAttribute("formaction") || form.getAttribute("action");
    fetch(to, {
      method: "POST", headers: { "X-Beside": "yes" }, body: new URLSearchParams(new FormData(form, by)),
    }).then(read).then(function (got) {
      took(got, form);
    }, function () {
      tell(tip.dataset.sayNotSent);
      Array.from(form.elements).forEach(function (field) {
        if (field.dataset.draft) field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }).then(function () {
      delete form.dataset.going;
      delete form.dataset.sent;
      if (by) by.removeAttribute("aria-busy");
    });
  });

  // --- What is known already is an answer once somebody has pressed it.
  d.addEventListener("click", function (event) {
    var known = event.target.closest("[data-take]"), form = known && known.closest("form");
    if (!known) return;
    var field = form.elements[known.dataset.take];
    field.value = known.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    known.remove();
    field.focus({ preventScroll: true });
  });

  // --- Who would get it, while it is chosen.
  d.addEventListener("change", function (event) {
    var form = event.target.form, box = form && form.querySelector("[data-who]");
    if (!box || event.target.name !== "teams") return;
    var chosen = new URLSearchParams(new FormData(form).getAll("teams").map(function (team) { return ["teams", team]; }));
    var mine = box.dataset.asked = String(chosen);
    fetch(box.dataset.who + "?" + chosen).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (html) {
      if (!html || box.dataset.asked !== mine) return;
      var made = d.createElement("template");
      made.innerHTML = html;
      box.replaceChildren(made.content);
    }, function () { /* the server shows it before anything goes */ });
  });

  show(column.dataset.shown || "now");
})(document);
