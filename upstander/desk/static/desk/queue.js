// The queue's page: rows come, change and go by themselves, and keys move along them. What a row
// looks like is the server's business; here it only finds its place.
(function (d) {
  "use strict";
  var list = d.getElementById("rows");
  if (!list) return;
  var me = list.dataset.me, first = list.dataset.first === "yes", shifted = 0, here = {};
  var filter = {
    state: list.dataset.filterState, priority: list.dataset.filterPriority,
    district: list.dataset.filterDistrict, mine: list.dataset.filterMine, alike: list.dataset.filterAlike, same: list.dataset.filterSame
  };

  function fits(row) {
    var data = row.dataset, waits = "waits" in data;
    if (filter.priority && data.priority !== filter.priority) return false;
    if (filter.district && data.district !== filter.district) return false;
    if (filter.mine && data.owner !== me) return false;
    if (filter.state === "closed") return data.state === "closed";
    if (data.state === "closed" && !waits) return false;
    if (filter.same) return !!d.getElementById(row.id);
    if (filter.alike) return "junk" in data && !!d.getElementById(row.id);
    if ("junk" in data) return false;
    if (filter.state === "unclaimed") return "free" in data;
    if (filter.state === "waiting") return waits;
    return !filter.state || data.state === filter.state;
  }
  function put(row) {
    var old = d.getElementById(row.id), fit = fits(row), focused = old && old.contains(d.activeElement);
    var onButton = focused && d.activeElement.tagName === "BUTTON";
    if (!old && (!fit || !first)) return;
    var next = null, place = row.dataset.place;
    if (fit) {
      if (old && old.dataset.place === place) {
        old.replaceWith(row);
      } else {
        if (old) old.remove();
        for (next = list.firstElementChild; next && next.dataset.place < place; next = next.nextElementSibling);
        list.insertBefore(row, next);
        shifted = Date.now();
      }
      dress(row);
      if (focused) (onButton && row.querySelector("button") || row.querySelector("a")).focus({ preventScroll: true });
    } else {
      var near = old.nextElementSibling || old.previousElementSibling;
      old.remove();
      shifted = Date.now();
      if (focused && near) near.querySelector("a").focus({ preventScroll: true });
    }
    if (fit && !old && window.upstanderLive && !("alarm" in row.dataset)) {
      upstanderLive.say("New: " + row.querySelector(".priority").textContent.trim() + ", " +
        row.querySelector(".row-title a").textContent.trim());
    }
    empty();
  }
  // Tasks come and go with what changes; asked for at most once a second.
  var asking = 0;
  function tasks() {
    if (asking || !first) return;
    asking = setTimeout(function () {
      asking = 0;
      fetch("/queue/tasks", { redirect: "manual", headers: { "X-By-Itself": "1" } }).then(function (answer) {
        return answer.ok ? answer.text() : null;
      }).then(function (html) {
        var place = d.querySelector('[data-part="tasks"]');
        if (html === null || !place) return;
        var fresh = new DOMParser().parseFromString(html, "text/html").body;
        if (place.innerHTML.trim() === fresh.innerHTML.trim()) return;
        var before = place.querySelectorAll(".row").length;
        place.replaceChildren.apply(place, Array.from(fresh.childNodes));
        if (place.querySelectorAll(".row").length > before && window.upstanderLive) {
          upstanderLive.say("A task to be done now");
        }
      }, function () { /* not connected: the stream says so */ });
    }, 1000);
  }
  function empty() {
    var none = !list.children.length;
    list.hidden = none;
    d.getElementById("nothing").hidden = !none;
  }
  function dress(row) {
    row.classList.toggle("row-mine", !!me && row.dataset.owner === me);
    who(row.querySelector("[data-here]"));
  }
  function who(place) {
    if (!place) return;
    var others = (here[place.dataset.here] || []).filter(function (one) { return String(one[0]) !== me; });
    place.hidden = !others.length;
    place.textContent = others.length ? "open at " + others.map(function (one) { return one[1]; }).join(", ") : "";
  }
  d.addEventListener("live:row", function (event) { put(event.detail.row); tasks(); });
  d.addEventListener("live:gone", function (event) {
    var old = d.getElementById("tip-" + event.detail.id);
    if (old) { old.remove(); empty(); }
  });
  d.addEventListener("live:here", function (event) {
    here[event.detail.at] = event.detail.who;
    if (event.detail.at === "queue") {
      var others = event.detail.who.filter(function (one) { return String(one[0]) !== me; });
      d.getElementById("standing").textContent = others.length ?
        "Also looking: " + others.map(function (one) { return one[1]; }).join(", ") : "";
    } else who(d.querySelector('[data-here="' + event.detail.at + '"]'));
  });
  d.addEventListener("live:figures", function (event) {
    var told = event.detail;
    d.querySelectorAll("[data-count]").forEach(function (place) {
      place.textContent = told[place.dataset.count];
    });
    var oldest = d.querySelector("[data-oldest]");
    if (!told.oldest) { oldest.textContent = "–"; return; }
    var time = d.createElement("time");
    time.className = "ago";
    time.dateTime = told.oldest;
    time.title = told.oldest_exact;
    time.textContent = told.oldest_words;
    oldest.replaceChildren(time);
  });
  // Missed something: the whole list anew, with the focus where it was.
  d.addEventListener("live:refresh", function () {
    fetch(location.href, { headers: { "X-By-Itself": "1" } }).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (html) {
      var fresh = html && new DOMParser().parseFromString(html, "text/html");
      if (!fresh || !fresh.getElementById("rows")) return;
      var kept = d.activeElement && d.activeElement.closest(".row");
      list.replaceChildren.apply(list, Array.from(fresh.getElementById("rows").children));
      d.getElementById("figures").replaceWith(fresh.getElementById("figures"));
      Array.from(list.children).forEach(dress);
      var again = kept && d.getElementById(kept.id);
      if (again) again.querySelector("a").focus({ preventScroll: true });
      empty();
    });
  });

  // A press that lands where a row has just moved to was meant for another.
  d.addEventListener("click", function (event) {
    if (list.contains(event.target) && event.isTrusted && event.detail && Date.now() - shifted < 400) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  function links() { return Array.from(d.querySelectorAll(".rows .row-title a")); }
  function move(by) {
    var all = links(), at = all.findIndex(function (a) { return a.closest(".row").contains(d.activeElement); });
    var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) next.focus();
  }
  d.querySelectorAll("[data-move]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (button.dataset.move !== "claim") { move(+button.dataset.move); return; }
      var row = d.activeElement && d.activeElement.closest(".row"), claim = row && row.querySelector("button[formaction]");
      if (claim) claim.click();
      else if (window.upstanderLive) upstanderLive.say(row ? "This tip can't be claimed" : "Move to a tip first: press j");
    });
  });
  Array.from(list.children).forEach(dress);
})(document);
