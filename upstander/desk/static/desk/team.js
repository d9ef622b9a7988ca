// A team's open page hears that something changed, and says so. Nothing moves by itself: whoever
// reads or writes at night must not lose their place. Without this the page works as it is.
(function (d) {
  "use strict";
  var note = d.getElementById("changed"), source = null, title = d.title;
  if (!note || !window.EventSource) return;
  var at = note.dataset.at;

  function changed(event) {
    var id = event.data ? JSON.parse(event.data).id : "";
    if (at && id && id !== at) return;
    note.hidden = false;
    d.title = note.dataset.sayChanged.replace("{title}", function () { return title; });
  }
  function over(event) {
    if (JSON.parse(event.data).why === "stopping") return; // the browser comes back by itself
    source.close();
    source = null;
    at = "";
    changed({});
  }
  // Browsers allow few streams at a time: a hidden page lets go of its own.
  function connect() {
    if (d.hidden) {
      if (source) source.close();
      source = null;
      return;
    }
    if (source || !note.hidden) return;
    source = new EventSource("/live?at=" + encodeURIComponent(at) +
      "&since=" + encodeURIComponent(note.dataset.since));
    ["tip", "gone", "refresh"].forEach(function (name) { source.addEventListener(name, changed); });
    source.addEventListener("over", over);
  }
  // What happened while it was hidden was not heard: after a while it may be old, and says so.
  var hiddenAt = 0;
  d.addEventListener("visibilitychange", function () {
    connect();
    if (d.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt > 20000) changed({});
  });
  addEventListener("pagehide", function () { if (source) source.close(); source = null; });
  addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  connect();
})(document);
