// The conversation works without this file. It only says when an answer has come, gives the frame the
// height of what is in it, and stays where somebody reads until something new is there.
(function (d) {
  "use strict";
  var frame = d.getElementById("live-frame"), said = d.getElementById("live-said"), known = null, at = 0;
  function look() {
    var page = frame.contentDocument, counted = page && page.querySelector("[data-answers]");
    if (!page || !page.documentElement) return;
    var main = page.querySelector("main"), list = page.querySelector(".talk-from-end");
    var height = main ? main.scrollHeight + 40 : 0;
    if (list) height += list.scrollHeight - list.clientHeight;
    if (height) frame.style.blockSize = Math.min(Math.max(height, 200), innerHeight * 0.7) + "px";
    if (!counted) return;
    var count = Number(counted.dataset.answers);
    if (list) {
      if (count === known) list.scrollTop = at;
      else at = 0;
      list.addEventListener("scroll", function () { at = list.scrollTop; });
    }
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
