// An open board looks again by itself, unless somebody is at work on it. Without this it works as it is.
(function (d) {
  "use strict";
  setInterval(function () {
    if (!d.hidden && (!d.activeElement || d.activeElement === d.body)) location.reload();
  }, 20000);
})(document);
