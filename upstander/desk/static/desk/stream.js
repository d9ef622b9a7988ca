// The live stream of a desk page: what came is handed on as events of the document ("live:row" and
// so on). Also what every live page shares: the alarm for a life-safety tip that nobody has, the
// question whether somebody is still there, and relative times. Without it each page works as it is.
(function (d) {
  "use strict";
  var root = d.getElementById("live-stream");
  if (!root || !window.EventSource) return;
  var source = null, keeper = !navigator.locks, over = false, since = root.dataset.since;
  var title = d.title, says = root.dataset;

  // Words stand in the page, where they can be translated; {title} and {count} are filled in.
  function filled(words, values) {
    return words.replace(/\{(\w+)\}/g, function (all, name) { return values[name]; });
  }

  // Nothing is said over a life-safety tip before a screen reader has begun on it.
  var until = 0;
  function say(text) {
    var live = d.getElementById("live"), wait = until - Date.now();
    if (wait > 0) setTimeout(say, wait, text);
    else if (live) live.textContent = text;
  }
  function tell(name, detail) {
    d.dispatchEvent(new CustomEvent("live:" + name, { detail: detail }));
  }
  function show(id, shown) { d.getElementById(id).hidden = !shown; }

  // What somebody presses stays where it is until they have let go: a button that is put anew between
  // the two was never pressed. Nobody holds one for longer than two seconds; then all goes on.
  var pressed = 0, held = [];
  function still(act) {
    if (pressed) held.push(act); else act();
  }
  function letGo() {
    clearTimeout(pressed);
    pressed = 0;
    held.splice(0).forEach(function (act) { act(); });
  }
  d.addEventListener("pointerdown", function () {
    clearTimeout(pressed);
    pressed = setTimeout(letGo, 2000);
  }, { capture: true, passive: true });
  // The press itself is heard first.
  ["pointerup", "pointercancel"].forEach(function (name) {
    d.addEventListener(name, function () {
      if (!pressed) return;
      clearTimeout(pressed);
      pressed = setTimeout(letGo, 50);
    }, { capture: true, passive: true });
  });

  // --- The connection. Browsers allow few at a time, so a hidden page lets go of its own, except
  // one (the keeper), which goes on hearing for all of them and rings the alarm.
  function wanted() { return !over && (keeper || !d.hidden || root.dataset.at === "queue"); }
  function connect() {
    if (!wanted()) { disconnect(); return; }
    if (source) return;
    source = new EventSource("/live?at=" + encodeURIComponent(root.dataset.at) + "&since=" + encodeURIComponent(since));
    source.onopen = function () { show("connection", false); };
    source.onerror = function () {
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        end("signed out");
      } else show("connection", true);
    };
    ["row", "gone", "tip", "here", "figures", "refresh", "alarms", "calls", "idle", "over", "troubles"].forEach(function (name) {
      source.addEventListener(name, function (event) {
        if (event.lastEventId) since = event.lastEventId;
        still(receive.bind(null, name, JSON.parse(event.data)));
      });
    });
  }
  function disconnect() {
    if (source) source.close();
    source = null;
  }
  function end(why) {
    if (why === "stopping") return; // the server restarts: the browser comes back by itself
    over = true;
    disconnect();
    show("connection", false);
    show("idle", false);
    show("over", true);
    d.querySelector("[data-over]").textContent = why === "signed out" ? says.sayOver : "";
    d.title = filled(says.saySignedOut, { title: title });
    ring();
  }
  function receive(name, data) {
    if (name === "over") { end(data.why); return; }
    if (name === "alarms") { alarms = new Map(data); paint(); return; }
    if (name === "idle") { ask(); return; }
    if (name === "calls") waits(data.waiting);
    if (name === "troubles") { troubles(data); return; }
    if (name === "row") data.row = rowOf(data.html);
    if (name === "row") { alarm(data); asks(data.id, data.row); }
    if (name === "gone") asks(data.id, null);
    if (name === "refresh") anew();
    if (name === "gone" && alarms.delete(data.id)) paint();
    tell(name, data);
  }
  function troubles(words) {
    var box = d.getElementById("troubles"), list = box.querySelector("ul");
    list.replaceChildren.apply(list, words.map(function (text) {
      var item = d.createElement("li");
      item.textContent = text + ".";
      return item;
    }));
    box.hidden = !words.length;
  }
  // What a colleague asks whoever may agree that police are sent: its line comes and goes with the
  // question. On the tip's own page it stands itself.
  function asks(id, row) {
    var box = d.getElementById("asked"), line = box && box.querySelector('a[href="/tips/' + id + '"]');
    var by = row && row.dataset.asks, open = by && by !== box.dataset.me;
    if (!box || !!open === !!line || open && location.pathname === "/tips/" + id) return;
    if (line) line.closest("li").remove();
    else {
      line = d.createElement("a");
      line.href = "/tips/" + id;
      line.textContent = filled(box.dataset.sayDecide, { reference: row.querySelector(".row-reference").textContent });
      box.querySelector("ul").appendChild(d.createElement("li")).appendChild(line);
      say(box.dataset.say);
    }
    box.hidden = !box.querySelector("a");
    tell("asked", {});
  }
  // Some may have come while nobody could be told: the queue reads itself anew.
  function anew() {
    var box = d.getElementById("asked");
    if (!box || root.dataset.at === "queue") return;
    fetch("/queue", { redirect: "manual", headers: { "X-By-Itself": "1" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      var fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById("asked");
      var own = fresh && fresh.querySelector('a[href="' + location.pathname + '"]');
      if (own) own.closest("li").remove();
      if (!fresh) return;
      fresh.hidden = !fresh.querySelector("a");
      box.replaceWith(fresh);
    }, function () { /* not connected: the stream says so */ });
  }
  function rowOf(html) {
    var box = d.createElement("template");
    box.innerHTML = html;
    return box.content.firstElementChild;
  }
  d.addEventListener("visibilitychange", connect);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  if (navigator.locks) {
    navigator.locks.request("upstander-live", function () {
      keeper = true;
      connect();
      paint();
      return new Promise(function () { /* held until this page goes */ });
    });
  }

  // --- Life safety: sound until somebody has it; the title counts what nobody has opened.
  var alarms = new Map(), aloud = new Set(), loaded = +root.dataset.since, rung = 0, ready = false, button = d.getElementById("sound");
  var sound = new Audio(root.dataset.sound);
  function isOn() {
    try { return localStorage.getItem("sound") !== "off"; } catch (refused) { return true; }
  }
  function alarm(data) {
    var was = alarms.has(data.id), is = "alarm" in data.row.dataset;
    if (is) alarms.set(data.id, "unread" in data.row.dataset); else { alarms.delete(data.id); aloud.delete(data.id); }
    // Also one that came before the stream stood, so that it began with it.
    if (is && !aloud.has(data.id) && (!was || +data.row.dataset.came >= loaded)) {
      aloud.add(data.id);
      var link = data.row.querySelector(".row-title a");
      until = 0;
      say(filled(says.sayNew, { title: link ? link.textContent.trim() : "" }));
      until = Date.now() + 5000;
      rung = 0;
    }
    if (is || was) paint();
  }
  // Callers who wait: said once each, and until somebody has them they ring as a life in danger does.
  var callers = {}, calling = 0, place = d.getElementById("calling");
  function waits(now) {
    var fresh = Object.keys(now).filter(function (call) { return !(call in callers); });
    callers = now;
    calling = Object.keys(now).length;
    if (fresh.length) {
      say(filled(says.sayCaller, { title: now[fresh[0]].door }));
      rung = 0;
    }
    // On the queue, and on their tip's own page, they stand themselves.
    var doors = new Set(Object.values(now).filter(function (one) {
      return one.tip !== root.dataset.at;
    }).map(function (one) { return one.door; }));
    place.hidden = !doors.size || !!d.getElementById("calls");
    place.querySelector("span").textContent = filled(says.sayCaller, { title: Array.from(doors).join(", ") });
    paint();
  }
  function paint() {
    var unread = Array.from(alarms.values()).filter(Boolean).length;
    if (!over) d.title = calling ? filled(says.sayCalling, { count: calling, title: title }) :
      unread ? filled(says.sayAlarms, { count: unread, title: title }) : title;
    root.classList.toggle("alarmed", alarms.size + calling > 0);
    ring();
  }
  function ring() {
    if (!(alarms.size || calling || over) || !isOn() || !keeper || Date.now() - rung < 15000) return;
    rung = Date.now();
    sound.currentTime = 0;
    sound.play().then(function () { ready = true; label(); }, function () { ready = false; label(); });
  }
  setInterval(function () { if (alarms.size || calling) ring(); }, 1000);
  function label() {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isOn()));
    button.dataset.heard = String(isOn() && ready);
    button.querySelector("span").textContent = !isOn() ? says.saySoundOff :
      ready ? says.saySoundOn : says.saySoundPress;
  }
  button.addEventListener("click", function () {
    try { localStorage.setItem("sound", isOn() && ready ? "off" : "on"); } catch (refused) { /* not kept */ }
    ready = true;
    if (isOn()) { sound.currentTime = 0; sound.play().catch(function () { ready = false; label(); }); }
    label();
  });
  function awake() {
    if (ready) return;
    ready = true;
    label();
    ring();
  }

  // --- Somebody who only looks would be signed out after a while: their keys and presses count.
  var pinged = Date.now(), asking = false;
  function ask() {
    asking = true;
    show("idle", true);
    if (isOn() && keeper) sound.play().catch(function () { /* no press yet */ });
  }
  function here() {
    awake();
    if (over || Date.now() - pinged < (asking ? 1000 : 240000)) return;
    pinged = Date.now();
    fetch("/live/here", { redirect: "manual" }).then(function (answer) {
      if (answer.status !== 204) { end("signed out"); return; }
      asking = false;
      show("idle", false);
    }, function () { pinged = 0; });
  }
  ["keydown", "pointerdown", "wheel"].forEach(function (name) {
    d.addEventListener(name, here, { passive: true });
  });

  // --- "4 minutes ago" goes on, in the page's language.
  var passed = new Intl.RelativeTimeFormat(d.documentElement.lang);
  function words(seconds) {
    if (seconds < 60) return says.sayNow;
    var units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    for (var i = 0; i < 3; i++) {
      var count = Math.floor(seconds / units[i][1]);
      if (count) return passed.format(-count, units[i][0]).replace(count + " ", count + "\u00a0");
    }
  }
  function age() {
    d.querySelectorAll("time.ago").forEach(function (time) {
      var past = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (past < -60 || past > 7 * 86400) return;
      var text = words(past);
      if (time.textContent !== text) time.textContent = text;
    });
  }
  setInterval(age, 15000);

  window.upstanderLive = { say: say, rowOf: rowOf, still: still };
  label();
  connect();
})(document);
