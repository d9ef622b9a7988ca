// The conversation works without this file. It only says when an answer has come, and gives the
// frame the height of what is in it.
(function (d) {
  "use strict";
  var frame = d.getElementById("live-frame"), said = d.getElementById("live-said"), known = null;
  function look() {
    var page = frame.contentDocument, counted = page && page.querySelector("[data-answers]");
    if (!page || !page.documentElement) return;
    var height = page.querySelector("main") ? page.querySelector("main").scrollHeight + 40 : 0;
    if (height) frame.style.blockSize = Math.min(Math.max(height, 200), 1200) + "px";
    if (!counted) return;
    var count = Number(counted.dataset.answers);
    if (known !== null && count > known) {
      said.textContent = "";
      setTimeout(function () { said.textContent = said.dataset.new; }, 100);
    }
    known = count;
  }
  if (frame) {
    frame.addEventListener("load", look);
    look();
  }
})(document);
