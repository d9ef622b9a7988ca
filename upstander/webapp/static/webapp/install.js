// Only who opens this page gets a worker; the ordinary pages know nothing of it.
(function (d) {
  "use strict";
  var here = d.getElementById("app-install");
  var ready = here.querySelector("[data-ready]"), off = here.querySelector("[data-off]");
  if (!navigator.serviceWorker) return;
  navigator.serviceWorker
    .register(here.dataset.worker, { scope: here.dataset.scope, updateViaCache: "none" })
    .then(function () { return navigator.serviceWorker.ready; })
    .then(function () { ready.hidden = off.hidden = false; })
    .catch(function () {}); // a private window, a full device: the app still opens with a connection

  // Everything that the app has on this device, in one press.
  off.addEventListener("click", function () {
    navigator.serviceWorker
      .getRegistration(here.dataset.scope)
      .then(function (one) { return one && one.unregister(); })
      .then(function () { return caches.keys(); })
      .then(function (names) { return Promise.all(names.map(function (n) { return caches.delete(n); })); })
      .then(function () {
        return new Promise(function (done) {
          var gone = indexedDB.deleteDatabase("app");
          gone.onsuccess = gone.onerror = gone.onblocked = done;
        });
      })
      .then(function () {
        ready.hidden = off.hidden = true;
        here.querySelector("[data-gone]").hidden = false;
      });
  });
})(document);
