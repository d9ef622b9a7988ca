// The live stream of a desk page: what came is handed on as events of the document ("live:row" and
// so on). Also what every live page shares: the alarm for a life-safety tip that nobody has, the
// question whether somebody is still there, and relative times. Without it each page works as it is.
(function (d) {
  "use strict";
  var root = d.getElementById("live-stream");
  if (!root || !window.EventSource) return;
  var source = null, keeper = !navigator.locks, over = false, since = root.dataset.since;
  var title = d.title;

  function say(text) {
    var live = d.getElementById("live");
    if (live) live.textContent = text;
  }
  function tell(name, detail) {
    d.dispatchEvent(new CustomEvent("live:" + name, { detail: detail }));
  }
  function show(id, shown) { d.getElementById(id).hidden = !shown; }

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
    ["row", "gone", "tip", "here", "figures", "refresh", "alarms", "idle", "over", "troubles"].forEach(function (name) {
      source.addEventListener(name, function (event) {
        if (event.lastEventId) since = event.lastEventId;
        receive(name, JSON.parse(event.data));
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
    d.querySelector("[data-over]").textContent = why === "signed out" ?
      "You were signed out, so you hear of no new tip." : "";
    d.title = "Signed out – " + title;
    ring();
  }
  function receive(name, data) {
    if (name === "over") { end(data.why); return; }
    if (name === "alarms") { alarms = new Set(data); paint(); return; }
    if (name === "idle") { ask(); return; }
    if (name === "troubles") { troubles(data); return; }
    if (name === "row") data.row = rowOf(data.html);
    if (name === "row") alarm(data);
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

  // --- Life safety: title and sound until somebody has it.
  var alarms = new Set(), rung = 0, ready = false, button = d.getElementById("sound");
  var sound = new Audio(root.dataset.sound);
  function isOn() {
    try { return localStorage.getItem("sound") !== "off"; } catch (refused) { return true; }
  }
  function alarm(data) {
    var was = alarms.has(data.id), is = "alarm" in data.row.dataset;
    if (is) alarms.add(data.id); else alarms.delete(data.id);
    if (is && !was) {
      var link = data.row.querySelector(".row-title a");
      say("New life-safety tip: " + (link ? link.textContent.trim() : ""));
      rung = 0;
    }
    if (is !== was) paint();
  }
  function paint() {
    if (!over) d.title = alarms.size ? "(" + alarms.size + ") LIFE SAFETY – " + title : title;
    root.classList.toggle("alarmed", alarms.size > 0);
    ring();
  }
  function ring() {
    if (!(alarms.size || over) || !isOn() || !keeper || Date.now() - rung < 15000) return;
    rung = Date.now();
    sound.currentTime = 0;
    sound.play().then(function () { ready = true; label(); }, function () { ready = false; label(); });
  }
  setInterval(function () { if (alarms.size) ring(); }, 1000);
  function label() {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isOn()));
    button.querySelector("span").textContent = !isOn() ? "Sound is off: turn it on" :
      ready ? "Sound is on" : "Press here once to allow sound";
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

  // --- "4 minutes ago" goes on (in the language in which the server wrote it, else it stays).
  function words(seconds) {
    if (seconds < 60) return "just now";
    var units = [["day", 86400], ["hour", 3600], ["minute", 60]];
    for (var i = 0; i < 3; i++) {
      var count = Math.floor(seconds / units[i][1]);
      if (count) return count + "\u00a0" + units[i][0] + (count > 1 ? "s" : "") + " ago";
    }
  }
  function age() {
    if (d.documentElement.lang !== "en") return;
    d.querySelectorAll("time.ago").forEach(function (time) {
      var past = (Date.now() - Date.parse(time.dateTime)) / 1000;
      if (past < -60 || past > 7 * 86400) return;
      var text = words(past);
      if (time.textContent !== text) time.textContent = text;
    });
  }
  setInterval(age, 15000);

  window.upstanderLive = { say: say, rowOf: rowOf };
  label();
  connect();
})(document);
