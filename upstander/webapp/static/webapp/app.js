// The app's form. What is sent is sealed first, to a key whose other half the site alone has; then it
// is kept on the device until it has arrived and its writer has seen the words to come back by.
(function (d) {
  "use strict";
  var shelf = d.getElementById("app-shelf"), set = shelf.dataset, form = d.getElementById("report-form");
  var box = form.elements.text, loose = [], tabs = self.BroadcastChannel && new BroadcastChannel("app");
  if (!self.hpke) return; // an old browser: the form is sent as it is everywhere

  // An app on an iPhone's home screen has a worker of its own, or none.
  if (navigator.serviceWorker && (navigator.standalone || matchMedia("(display-mode: standalone)").matches)) {
    navigator.serviceWorker
      .register(set.worker, { scope: set.scope, updateViaCache: "none" })
      .catch(function () {});
  }

  // --- What lies on the device: sealed bytes, where they go, and how far they came. No time, no word.
  function store(mode, act) {
    return new Promise(function (done, fail) {
      var open = indexedDB.open("app", 1);
      open.onupgradeneeded = function () { open.result.createObjectStore("sealed", { keyPath: "id" }); };
      open.onerror = function () { fail(open.error); };
      open.onsuccess = function () {
        var base = open.result, work = base.transaction("sealed", mode);
        var asked = act(work.objectStore("sealed"));
        work.oncomplete = function () { base.close(); done(asked.result); };
        work.onabort = work.onerror = function () { base.close(); fail(work.error); };
      };
    });
  }
  function put(one) {
    return one.loose ? Promise.resolve() : store("readwrite", function (s) { return s.put(one); });
  }
  // Write down how far one came, unless it was deleted meanwhile.
  function note(one) {
    if (one.loose) return Promise.resolve();
    return store("readwrite", function (s) {
      var there = s.getKey(one.id);
      there.onsuccess = function () { if (there.result) s.put(one); };
      return there;
    });
  }
  function all() {
    return store("readonly", function (s) { return s.getAll(); })
      .catch(function () { return []; })
      .then(function (kept) { return kept.concat(loose); });
  }
  function drop(one) {
    loose = loose.filter(function (other) { return other !== one; });
    return one.loose ? Promise.resolve() : store("readwrite", function (s) { return s.delete(one.id); });
  }
  // One tab at a time; where there are no locks the site still makes one tip of one token.
  function alone(act) {
    return navigator.locks ? navigator.locks.request("app", act) : act();
  }
  function told() { if (tabs) tabs.postMessage(0); return show(); }

  // --- What is shown.
  function card(state, one) {
    var made = d.getElementById("app-" + state).content.firstElementChild.cloneNode(true);
    made.dataset.state = state;
    made.querySelectorAll("[data-do]").forEach(function (button) {
      button.addEventListener("click", function () {
        button.setAttribute("aria-busy", "true");
        deeds[button.dataset.do](one, made).finally(function () { button.removeAttribute("aria-busy"); });
      });
    });
    var said = made.querySelector("[data-problem]");
    if (said && one.problem) said.textContent = one.problem;
    return made;
  }
  var turn = 0;
  async function show() {
    var mine = ++turn, kept = await all();
    if (mine !== turn) return;
    shelf.querySelectorAll("[data-state]:not([data-state=code],[data-state=full])").forEach(function (old) {
      old.remove();
    });
    kept.forEach(function (one) { shelf.append(card(one.state, one)); });
  }
  function point(to) {
    to.tabIndex = -1;
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "center" });
  }

  // --- Sending. A tip is made of token and text, so the same bytes twice are one tip.
  function base64(raw) {
    var text = "";
    raw.forEach(function (byte) { text += String.fromCharCode(byte); });
    return btoa(text);
  }
  async function post(one, reveal) {
    var body = new URLSearchParams({ month: one.month, sealed: base64(one.sealed), show: reveal ? "1" : "" });
    // A line that says nothing would hold up all that wait for it.
    var late = AbortSignal.timeout ? AbortSignal.timeout(30000) : undefined;
    var answer = await fetch(one.to, { method: "POST", body: body, cache: "no-store", signal: late });
    var ours = (answer.headers.get("content-type") || "").startsWith("application/json");
    return ours ? Object.assign(await answer.json(), { status: answer.status }) : { status: 503 };
  }
  async function send(one) {
    try {
      var said = await post(one, false);
      if (said.status === 200) one.state = "arrived";
      else if (said.status === 422) { one.state = said.gone ? "gone" : "refused"; one.problem = said.problem; }
      else return;
    } catch (error) { return; } // still no line: it waits
    await note(one).catch(function () {});
  }
  function sendAll() {
    return alone(async function () {
      for (var one of await all()) if (one.state === "waiting") await send(one);
    }).then(told);
  }
  var deeds = {
    send: sendAll,
    drop: function (one) { return drop(one).then(told); }, // at once, whatever is being sent
    show: async function (one, made) {
      var said = await post(one, true).catch(function () { return {}; });
      if (!said.code) { made.querySelector("[data-away]").hidden = false; return; }
      var code = card("code", one), words = code.querySelector(".code-words");
      said.code.split(" ").forEach(function (word) {
        var span = d.createElement("span");
        span.textContent = word;
        words.append(span, " ");
      });
      shelf.prepend(code);
      point(code);
      await deeds.drop(one);
      await pictures();
    },
  };

  // --- Writing.
  function wrong(text, answers) {
    if (!text.trim()) return set.empty;
    if (new Blob([text]).size > set.most || answers > set.mostAnswers) return set.long;
    return "";
  }
  form.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.name === "language") return;
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.sealing) return; // a second press while the first one seals
    form.dataset.sealing = "yes";
    seal().finally(function () { delete form.dataset.sealing; });
  });
  async function seal() {
    var said = Object.fromEntries(new FormData(form)), old = shelf.querySelector("[data-state=full]");
    if (old) old.remove();
    var size = Object.values(said).reduce(function (n, one) { return n + new Blob([one]).size; }, 0);
    box.setCustomValidity(wrong(said.text, size - new Blob([said.text]).size));
    if (!form.reportValidity()) return;
    // Kept until the words are gone from the page: who presses again sends the same tip.
    form.elements.token.value = said.token = said.token || base64(crypto.getRandomValues(new Uint8Array(18)));
    said.lang = d.documentElement.lang;
    // By its length nobody tells a short report from a longer one.
    said.pad = "";
    said.pad = " ".repeat(2048 - (new Blob([JSON.stringify(said)]).size % 2048));
    var key = Uint8Array.from(atob(set.key), function (c) { return c.charCodeAt(0); });
    var plain = new TextEncoder().encode(JSON.stringify(said));
    var sealed = await self.hpke.seal(key, new TextEncoder().encode(set.info), plain);
    plain.fill(0);
    var one = { id: crypto.randomUUID(), month: set.month, to: set.to, sealed: sealed, state: "waiting" };
    try {
      await put(one);
    } catch (error) {
      // No room, or a window that keeps nothing. With a connection it goes all the same.
      one.loose = true;
      await send(one);
      if (one.state === "waiting") {
        shelf.prepend(card("full", one));
        return point(shelf.firstElementChild);
      }
      loose.push(one);
    }
    form.reset();
    form.querySelectorAll("textarea, input[type=text]").forEach(function (field) { field.value = ""; });
    form.elements.token.value = "";
    await told();
    point(shelf.querySelector("[data-state]"));
    await sendAll();
    point(shelf.querySelector("[data-state]") || form);
  }
  box.addEventListener("input", function () { box.setCustomValidity(""); });

  // --- A picture that another app shared: in memory only, until there is a conversation to add it to.
  var shared = [];
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", function (event) {
      shared = shared.concat(event.data);
      d.getElementById("app-picture").hidden = !shared.length;
    });
    if (location.hash === "#shared" && navigator.serviceWorker.controller) {
      navigator.serviceWorker.controller.postMessage("shared");
    }
  }
  async function pictures() {
    if (!shared.length) return;
    var body = new FormData();
    shared.forEach(function (file) { body.append("file", file, file.name); });
    var answer = await fetch(set.file, { method: "POST", body: body }).catch(function () { return {}; });
    if (answer.ok) { shared = []; d.getElementById("app-picture").hidden = true; }
  }

  if (tabs) tabs.onmessage = show;
  addEventListener("online", sendAll);
  d.addEventListener("visibilitychange", function () { if (!d.hidden) sendAll(); });
  setInterval(function () { if (!d.hidden && shelf.querySelector("[data-state=waiting]")) sendAll(); }, 20000);
  show().then(sendAll);
})(document);
