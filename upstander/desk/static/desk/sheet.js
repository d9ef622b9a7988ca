// The dispatch sheet while it is open: what a second person has decided comes at once, as on the
// tip's page. All else stands as it was loaded: somebody reads it out, or is filling it in.
(function (d) {
  "use strict";
  var place = d.getElementById("decided"), id = place && place.dataset.tip;
  if (!place) return;
  function refresh() {
    fetch("/tips/" + id + "/parts", { redirect: "manual", headers: { "X-By-Itself": "1" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      var fresh = html && new DOMParser().parseFromString(html, "text/html").querySelector('[data-part="police-asked"]');
      var told = fresh && fresh.querySelector("[data-say]");
      if (!told || place.dataset.said === told.dataset.say) return;
      place.dataset.said = told.dataset.say;
      window.upstanderLive.still(function () {
        place.replaceChildren.apply(place, Array.from(fresh.childNodes));
        // The request that waited is decided: it can't be taken back any more.
        d.querySelectorAll("#police .request").forEach(function (one) { one.remove(); });
        window.upstanderLive.say(told.dataset.say);
      });
    }, function () { /* not connected: the stream says so */ });
  }
  d.addEventListener("live:row", function (event) { if (event.detail.id === id) refresh(); });
  d.addEventListener("live:refresh", refresh);
})(document);
