// The queue's page: rows come, change and go by themselves, and keys move along them. What a row
// looks like is the server's business; here it only finds its place.
(function (d) {
  "use strict";
  var list = d.getElementById("rows");
  if (!list) return;
  var me = list.dataset.me, first = list.dataset.first === "yes", shifted = 0, here = {};
  var filter = {
    state: list.dataset.filterState, priority: list.dataset.filterPriority,
    district: list.dataset.filterDistrict, mine: list.dataset.filterMine, similarity: list.dataset.filterSimilarity, same: list.dataset.filterSame
  };
  var narrowed = Object.keys(filter).some(function (key) { return filter[key]; });

  // Words stand in the page, where they can be translated; {who}, {what} and {count} are filled in.
  function said(name, with_) {
    return list.dataset[name].replace(/\{(\w+)\}/g, function (all, word) { return with_[word]; });
  }
  function names(people) { return people.map(function (one) { return one[1]; }).join(", "); }
  function fits(row) {
    var data = row.dataset, waits = "waits" in data;
    if (filter.priority && data.priority !== filter.priority) return false;
    if (filter.district && data.district !== filter.district) return false;
    if (filter.mine && data.owner !== me) return false;
    if (filter.state === "closed") return data.state === "closed";
    if (data.state === "closed" && !waits) return false;
    if (filter.same) return !!d.getElementById(row.id);
    if (filter.similarity) return "junk" in data && !!d.getElementById(row.id);
    if ("junk" in data) return false;
    if (filter.state === "unclaimed") return "free" in data;
    if (filter.state === "waiting") return waits;
    if (filter.state === "talks") return "talk" in data && data.state !== "closed";
    if (filter.state === "unanswered") return data.state === "claimed" && waits;
    if (filter.state === "no_topic") return "words" in data;
    return !filter.state || data.state === filter.state;
  }
  // What comes takes its place when the hand rests: no row moves from under one, for five seconds at
  // most. Whoever rings and what is said of it wait for nothing.
  var pending = new Map(), began = 0, settling = 0;
  function rests() { return !narrowed && list.querySelector(".row-rest"); }
  function moves(row) {
    var old = d.getElementById(row.id), fit = fits(row);
    return old ? !fit || old.dataset.place !== row.dataset.place && !list.dataset.surge : fit && first && !list.dataset.surge;
  }
  // Whose question comes or goes above is counted in the figures.
  d.addEventListener("live:asked", function () { again(0); });
  function come(row) {
    // Of very many of a kind five stand: which they are, and how many more wait, the whole list tells.
    if (rests()) again(1000);
    if ("behind" in row.dataset && !narrowed) {
      if (!rests()) again(1000);
      arrive(row);
      return;
    }
    if (row.dataset.answered === me && !d.querySelector('#answered a[href="/tips/' + row.dataset.tip + '"]')) again(0);
    var waits = pending.has(row.id);
    if (!waits && !(Date.now() - moved < 600 && moves(row))) { put(row); return; }
    if (!pending.size) began = Date.now();
    pending.set(row.id, row);
    if (!d.getElementById(row.id) && fits(row)) arrive(row);
    if (!nobodys(row)) known(row.id);
    if (!settling) settling = setTimeout(settle, 200);
  }
  function settle() {
    settling = 0;
    if (Date.now() - moved < 600 && Date.now() - began < 5000) { settling = setTimeout(settle, 200); return; }
    var all = Array.from(pending.values());
    pending.clear();
    all.forEach(put);
  }
  function put(row) {
    if (!nobodys(row)) known(row.id);
    else if (unseen.has(row.id)) unseen.set(row.id, row);
    (row.dataset.alike || "").split(" ").forEach(function (tip) { if ("tip-" + tip !== row.id) known("tip-" + tip); });
    var old = d.getElementById(row.id), fit = fits(row), focused = old && old.contains(d.activeElement);
    var onButton = focused && d.activeElement.tagName === "BUTTON";
    if (!old && (!fit || !first)) return;
    // In a surge the schools stand by turns, which the whole list tells and no row alone.
    if (!old && list.dataset.surge) {
      arrive(row);
      again(2000);
      return;
    }
    var next = null, place = row.dataset.place;
    if (fit) {
      if (old && (old.dataset.place === place || list.dataset.surge)) {
        if (old.dataset.place !== place) again(2000);
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
    if (fit && !old) arrive(row);
    empty();
  }
  // What came while somebody looked elsewhere is said where they look, until they went there: how
  // many they are, and the gravest: how grave, whether now and where; what about, if there is room.
  // None that was there before, off this page or behind another's row, or that somebody had meanwhile.
  var arrived = d.getElementById("arrived"), told = new Set(), unseen = new Map(), going = null, shown = 0;
  var loaded = +d.getElementById("live-stream").dataset.since;
  function nobodys(row) { return "free" in row.dataset && !row.dataset.owner; }
  function known(id) {
    told.add(id);
    if (unseen.delete(id)) announce();
  }
  function arrive(row) {
    if (!nobodys(row) || +row.dataset.came < loaded || told.has(row.id)) return;
    told.add(row.id);
    unseen.set(row.id, row);
    announce();
    if (window.upstanderLive && !("alarm" in row.dataset)) {
      upstanderLive.say(said("sayNew", { what: inWords(row).concat(topic(row)).join(", ") }));
    }
  }
  function topic(row) { return row.querySelector(".row-title a").textContent.trim(); }
  function inWords(row) {
    return [".row-start p", ".row-now", ".row-school"].map(function (part) {
      var found = row.querySelector(part), first = found && found.firstChild;
      return found ? (first.nodeType === 3 && first.textContent.trim() || found.textContent.trim()) : "";
    }).filter(Boolean);
  }
  function gravest() {
    return Array.from(unseen.values()).sort(function (a, b) { return a.dataset.place < b.dataset.place ? -1 : 1; })[0];
  }
  function announce() {
    var row = gravest();
    if (row) {
      var what = inWords(row).join(", ");
      arrived.querySelector("span").textContent = said(unseen.size > 1 ? "sayMany" : "sayNew", { what: what, count: unseen.size });
      arrived.querySelector(".arrived-topic").textContent = topic(row);
      arrived.querySelector("a").href = "#" + row.id;
      if (arrived.hidden) shown = Date.now();
    }
    arrived.hidden = !row;
  }
  arrived.querySelector("button").addEventListener("click", function () { unseen.clear(); announce(); });
  arrived.querySelector("a").addEventListener("click", function (event) {
    var row = gravest();
    event.preventDefault();
    if (!row) return;
    unseen.delete(row.id);
    announce();
    going = row;
    // In a surge a row comes with the next list.
    if (d.getElementById(row.id)) go(); else d.dispatchEvent(new CustomEvent("live:refresh"));
  });
  // One that lies on a later page is opened.
  function go() {
    var row = going && d.getElementById(going.id);
    if (row) {
      row.querySelector(".row-title a").focus();
      row.scrollIntoView({ block: "center" });
    } else if (going) location.href = going.querySelector(".row-title a").href;
    going = null;
  }
  // The whole list anew, at most once in so many milliseconds, and not under a moving hand.
  var asked = 0, moved = 0, put_off = 0;
  list.addEventListener("pointermove", function () { moved = Date.now(); });
  function again(after) {
    if (!asked) asked = setTimeout(function () {
      asked = 0;
      if (Date.now() - moved < 1500 && ++put_off < 10) { again(1000); return; }
      put_off = 0;
      d.dispatchEvent(new CustomEvent("live:refresh"));
    }, after);
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
    place.textContent = others.length ? said("sayOpenAt", { who: names(others) }) : "";
  }
  d.addEventListener("live:row", function (event) { come(event.detail.row); });
  // Calls: the same piece for everybody; what is only for whoever has one, or whose phone rings, is shown here.
  var calls = d.getElementById("calls"), ofCalls = calls.querySelector("ol");
  d.addEventListener("live:calls", function (event) {
    var active = d.activeElement, inside = calls.contains(active), was = inside && active.closest("li");
    var at = inside && active.getAttribute("formaction");
    ofCalls.innerHTML = event.detail.html;
    ofCalls.querySelectorAll("li").forEach(function (one) {
      var mine = one.dataset.owner === me, rings = one.dataset.asked.split(" ").indexOf(me) >= 0;
      one.querySelectorAll("[data-own]").forEach(function (part) { part.hidden = !mine; });
      one.querySelectorAll("[data-free]").forEach(function (part) { part.hidden = rings; });
      one.querySelectorAll("[data-rings]").forEach(function (part) { part.hidden = !rings; });
    });
    calls.hidden = !ofCalls.children.length;
    if (!inside) return;
    var again = at && ofCalls.querySelector('[formaction="' + at + '"]:not([hidden])') ||
      was && was.id && d.getElementById(was.id) && d.getElementById(was.id).querySelector("a");
    (again || (calls.hidden ? d.getElementById("main") : calls)).focus({ preventScroll: true });
  });
  d.addEventListener("live:gone", function (event) {
    var old = d.getElementById("tip-" + event.detail.id);
    known("tip-" + event.detail.id);
    pending.delete("tip-" + event.detail.id);
    if (old) { old.remove(); empty(); }
    if (rests()) again(1000);
  });
  d.addEventListener("live:here", function (event) {
    here[event.detail.at] = event.detail.who;
    if (event.detail.at === "queue") {
      var others = event.detail.who.filter(function (one) { return String(one[0]) !== me; });
      d.getElementById("standing").textContent = others.length ? said("sayLooking", { who: names(others) }) : "";
    } else who(d.querySelector('[data-here="' + event.detail.at + '"]'));
  });
  d.addEventListener("live:figures", function (event) {
    var told = event.detail;
    // Of what is looked at alone there are other figures than of all; a surge changes the order.
    if (narrowed || told.surge !== list.dataset.surge) { again(3000); return; }
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
      upstanderLive.still(renew.bind(null, html));
    });
  });
  function renew(html) {
    var fresh = html && new DOMParser().parseFromString(html, "text/html");
    // An error, or the sign-in page: what stands here may be old, and says so.
    d.getElementById("connection").hidden = !!(fresh && fresh.getElementById("rows"));
    if (!fresh || !fresh.getElementById("rows")) return;
    var kept = d.activeElement && d.activeElement.closest(".row");
    var order = function () { return Array.from(list.children, function (row) { return row.id; }).join(); }, was = order();
    list.replaceChildren.apply(list, Array.from(fresh.getElementById("rows").children));
    if (order() !== was) shifted = Date.now();
    list.dataset.surge = fresh.getElementById("rows").dataset.surge;
    var lines = ["asked", "answered"], many = lines.map(function (id) { return d.querySelectorAll("#" + id + " a").length; });
    ["titled", "figures", "surge"].concat(lines).forEach(function (id) { d.getElementById(id).replaceWith(fresh.getElementById(id)); });
    lines.forEach(function (id, at) {
      var now = d.getElementById(id);
      if (now.querySelectorAll("a").length > many[at] && window.upstanderLive) upstanderLive.say(now.dataset.say);
    });
    Array.from(list.children).forEach(dress);
    var same = kept && d.getElementById(kept.id);
    if (same) same.querySelector("a").focus({ preventScroll: true });
    empty();
    go();
  }

  // The longest wait stands first, so the newest of the gravest may lie below what is seen: the head
  // says how many do, whatever was dismissed, and goes there.
  function lower() {
    return Array.from(list.children).filter(function (row) {
      return row.dataset.priority === "life_safety" && nobodys(row) && row.getBoundingClientRect().bottom > innerHeight;
    });
  }
  function tellBelow() {
    var below = d.getElementById("below"), many = lower().length;
    below.hidden = !many;
    below.textContent = many ? said("sayBelow", { count: many }) : "";
  }
  d.addEventListener("click", function (event) {
    var row = event.target.closest && event.target.closest("#below") && lower()[0];
    if (!row) return;
    event.preventDefault();
    row.querySelector(".row-title a").focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  });
  new MutationObserver(tellBelow).observe(list, { childList: true });
  addEventListener("scroll", tellBelow, { passive: true });
  addEventListener("resize", tellBelow);
  tellBelow();

  // Whatever stands above the rows moves them too, when it comes, goes or takes another line.
  function top() { return list.getBoundingClientRect().top + scrollY; }
  var stood = top();
  new ResizeObserver(function () {
    var stands = top();
    if (Math.abs(stands - stood) > 1) shifted = Date.now();
    stood = stands;
  }).observe(d.body);
  // A press that lands where a row has just moved to, or the bar has come, was meant for another.
  d.addEventListener("click", function (event) {
    var since = list.contains(event.target) ? shifted : arrived.contains(event.target) ? shown : 0;
    if (event.isTrusted && event.detail && Date.now() - since < 400) {
      event.preventDefault();
      event.stopPropagation();
      tell(list.dataset.sayMoved);
    }
  }, true);

  // What a press came to is seen and read out, until the next one: whoever looks far down the list has
  // the head's lines off the screen.
  var answer = d.getElementById("pressed");
  function tell(words) {
    answer.textContent = words;
    answer.hidden = !words;
    if (words && window.upstanderLive) upstanderLive.say(words);
  }
  // One link for each row that is seen: a fold has another, and is one row all the same.
  function links() {
    return Array.from(d.querySelectorAll(".rows .row"), function (row) {
      return row.offsetParent && row.querySelector(".row-title a");
    }).filter(Boolean);
  }
  function move(by) {
    var all = links(), at = all.findIndex(function (a) { return a.closest(".row").contains(d.activeElement); });
    var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) next.focus();
  }
  // Not when the focus moves: a row that comes anew takes it along, and nobody has pressed anything.
  ["keydown", "pointerdown"].forEach(function (name) { d.addEventListener(name, function () { tell(""); }, true); });
  d.querySelectorAll("[data-move]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (button.dataset.move !== "claim") { move(+button.dataset.move); return; }
      var row = d.activeElement && d.activeElement.closest(".row"), claim = row && row.querySelector("button[formaction]");
      var state = row && row.querySelector(".row-facts .state span");
      if (claim) claim.click();
      else tell(state ? said("sayUnclaimable", { why: state.textContent }) : list.dataset.saySelect);
    });
  });
  Array.from(list.children).forEach(dress);
})(document);
