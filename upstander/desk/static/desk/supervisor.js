// The supervisor's page keeps itself up to date: whatever changed, the server says it all anew, at
// most every two seconds, and each minute because people come, go and tire without a change.
(function (d) {
  "use strict";
  var asked = 0;
  function again() {
    if (!asked) asked = setTimeout(function () { asked = 0; load(); }, 2000);
  }
  function load() {
    var place = d.getElementById("supervised");
    if (!place || place.contains(d.activeElement) && d.activeElement.matches("input, select, textarea")) return;
    fetch(location.href, { headers: { "X-By-Itself": "1" } }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      var fresh = html && new DOMParser().parseFromString(html, "text/html").getElementById("supervised");
      var link = d.activeElement && place.contains(d.activeElement) && d.activeElement.getAttribute("href");
      // An error, or the sign-in page: what stands here may be old, and says so.
      d.getElementById("connection").hidden = !!fresh;
      if (!fresh) return;
      place.replaceWith(fresh);
      var same = link && fresh.querySelector('a[href="' + link + '"]');
      if (same) same.focus({ preventScroll: true });
    }, function () { /* not connected: the stream says so */ });
  }
  ["row", "gone", "figures", "refresh"].forEach(function (name) { d.addEventListener("live:" + name, again); });
  setInterval(load, 60000);
})(document);
