// The phones side by side. The simulator sends its whole state whenever something changes; what is
// on the page already is left as it is, so that nobody's half-written reply is lost.
import { callButton, drawCall, ENDED, handleCall, pastCall } from "./calls.js";
import { ask, clock, make, news, pretty } from "./page.js";

const PROVIDER = {
  "works": {},
  "refuses each order (503)": { refuse: 503 },
  "says too many (429)": { refuse: 429 },
  "answers after 30 s": { hang: 30 },
  "takes orders, closes the line": { drop: true },
  "sends no receipts": { silent: true },
  "takes orders, does nothing": { stuck: true },
  "receipts 20 s late": { late: 20 },
  "each receipt three times": { copies: 3 },
  "receipts in the wrong order": { reorder: true },
  "says delivered when it is not": { lie: true },
  "signs with a wrong key": { forge: true },
  "refuses to move or end calls (503)": { unwilling: 503 },
  "never tells who left": { lose: "completed participant-leave conference-end" },
};
const GOOD = {
  refuse: 0, unwilling: 0, lose: "", hang: 0, drop: false, silent: false, stuck: false, late: 0, copies: 1,
  reorder: false, lie: false, forge: false, stranger: false, share: 1,
};
const PHONE = [
  ["calls", "Calls", {
    ring: "ring, and you answer", answer: "answered by itself, keys below", no_answer: "ring, nobody answers",
    busy: "busy", machine: "a mailbox answers", unreachable: "can’t be reached", refused: "no such number",
  }],
  ["texts", "Texts", {
    arrive: "arrive", held: "phone is off, they wait", lost: "lost, without a word",
    unreachable: "not delivered", landline: "a landline", refused: "no such number",
  }],
  ["pushes", "Notifications", {
    arrive: "arrive", lost: "lost, without a word", gone: "turned off by the person", refused: "too many",
  }],
];
const QUICK = [["1", "1 Have it"], ["2", "2 Seen"], ["3", "3 Can’t"]];

const wall = document.getElementById("phones");
const shown = new Map();

// Text with its links; never as HTML, whatever was written.
function linked(parent, words) {
  for (const part of words.split(/(https?:\/\/[^\s]+[^\s.,;:!?)])/)) {
    if (!/^https?:\/\//.test(part)) { parent.append(part); continue; }
    const link = make("a", part.length > 34 ? part.slice(0, 33) + "…" : part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parent.append(link);
  }
}

function textItem(text) {
  const item = make("li", "", text.mine ? "text mine" : "text");
  linked(item, text.body);
  if (text.pictures) item.append(make("em", text.pictures === 1 ? " a picture" : ` ${text.pictures} pictures`));
  item.append(make("small", (text.mine ? "sent to " : "by ") + text.account + ", " + clock(text.at)));
  return item;
}

function pushItem(push) {
  const item = make("li", "", "push");
  let told = {};
  try { told = JSON.parse(push.payload); } catch { told = { body: push.payload }; }
  item.append(make("strong", told.title || "Notification"), make("span", told.body || ""));
  if (/^https?:\/\//.test(push.url)) {
    const link = make("a", "Open it");
    link.href = push.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    item.append(" ", link);
  }
  item.append(make("small", "notification, " + clock(push.at)));
  return item;
}

const OVER = new Set(Object.keys(ENDED));

function drawFeed(card, phone) {
  const feed = card.feed;
  const low = feed.scrollHeight - feed.scrollTop - feed.clientHeight < 60;
  const known = new Set(phone.feed.map((thing) => thing.sid));
  for (const [sid, item] of card.items) {
    if (!known.has(sid)) { item.remove(); card.items.delete(sid); }
  }
  let added = false;
  for (const thing of phone.feed) {
    if (card.items.has(thing.sid) || (thing.kind === "call" && !OVER.has(thing.status))) continue;
    const item = { text: textItem, push: pushItem, call: pastCall }[thing.kind](thing);
    card.items.set(thing.sid, item);
    feed.append(item);
    added = true;
  }
  card.quiet.hidden = card.items.size > 0;
  if (added && low) feed.scrollTop = feed.scrollHeight;
}

function newCard(phone) {
  const root = document.getElementById("phone").content.cloneNode(true).firstElementChild;
  const get = (query) => root.querySelector(query);
  const card = {
    root, feed: get(".feed"), quiet: get(".quiet"), power: get(".power"), items: new Map(), choices: {},
  };
  const at = "phones/" + encodeURIComponent(phone.number);
  root.id = "phone-" + phone.number.slice(1);
  get("h2").id = root.id + "-name";
  root.setAttribute("aria-labelledby", get("h2").id);
  card.feed.setAttribute("aria-label", "What came to this phone");
  handleCall(card);
  const input = get(".write .line input");
  input.id = root.id + "-write";
  get(".write .line label").htmlFor = input.id;
  if (phone.line) get(".write .line input").placeholder = "Text " + pretty(phone.line);
  for (const [body, label] of phone.line ? [] : QUICK) {
    const button = make("button", label);
    button.type = "button";
    button.addEventListener("click", () => ask(at + "/texts", { body }));
    get(".quick").append(button);
  }
  if (phone.calls_line) get(".quick").append(callButton(phone));
  if (phone.line) {
    const picture = make("button", "Send a picture");
    picture.type = "button";
    picture.addEventListener("click", async () => {
      ask(at + "/texts", { body: input.value, media: [{ content: await drawn(), kind: "image/jpeg" }] });
      input.value = "";
    });
    get(".quick").append(picture);
  }
  get(".write").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    ask(at + "/texts", { body: input.value });
    input.value = "";
  });
  for (const [name, label, options] of PHONE) {
    const select = make("select");
    for (const [value, words] of Object.entries(options)) select.append(new Option(words, value));
    select.addEventListener("change", () => ask(at, { behaviour: { [name]: select.value } }));
    choice(card, name, label, select);
  }
  for (const [name, label] of [["keys", "Keys it presses by itself"], ["reply", "Texts it writes back by itself"]]) {
    const field = make("input");
    field.maxLength = 60;
    field.addEventListener("change", () => ask(at, { behaviour: { [name]: field.value } }));
    choice(card, name, label, field);
  }
  return card;
}

// A made-up picture: a few colored lines, and no child's.
async function drawn() {
  const canvas = Object.assign(make("canvas"), { width: 320, height: 240 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#dfe8ea";
  pen.fillRect(0, 0, 320, 240);
  for (let line = 0; line < 9; line += 1) {
    pen.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 45% 55%)`;
    pen.fillRect(20, 20 + line * 23, 60 + Math.random() * 220, 10);
  }
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}

function choice(card, name, label, field) {
  const line = make("label", label);
  line.append(field);
  card.choices[name] = field;
  card.root.querySelector(".choices").append(line);
}

function drawPhone(phone) {
  let card = shown.get(phone.number);
  if (!card) {
    card = newCard(phone);
    shown.set(phone.number, card);
    wall.append(card.root);
  }
  card.root.querySelector("h2").textContent = phone.name || pretty(phone.number);
  card.root.querySelector(".who p").textContent = phone.about || "not one of the staff’s phones";
  card.root.querySelector(".number").textContent = pretty(phone.number);
  const { texts, calls } = phone.behaviour;
  const off = texts === "held";
  card.power.textContent = off ? "off" : { ring: "", answer: "by itself" }[calls] ?? calls.replace("_", " ");
  card.power.toggleAttribute("data-off", Boolean(card.power.textContent));
  for (const [name, field] of Object.entries(card.choices)) {
    const value = phone.behaviour[name];
    if (document.activeElement !== field) field.value = Array.isArray(value) ? value.join(" ") : value;
  }
  drawFeed(card, phone);
  drawCall(card, phone);
}

function drawProviders(accounts) {
  const place = document.getElementById("providers");
  for (const account of accounts) {
    let select = document.getElementById("provider-" + account.name);
    if (!select) {
      const label = make("label", `Provider ${account.name}`);
      select = make("select");
      select.id = "provider-" + account.name;
      for (const words of Object.keys(PROVIDER)) select.append(new Option(words));
      select.append(new Option("something else"));
      select.addEventListener("change", () => {
        if (!(select.value in PROVIDER)) return;
        ask("accounts/" + account.name, { behaviour: { ...GOOD, ...PROVIDER[select.value] } });
      });
      label.append(select);
      place.append(label);
    }
    const now = Object.entries(PROVIDER).find(([, how]) =>
      Object.entries({ ...GOOD, ...how }).every(([name, value]) => account.behaviour[name] === value));
    if (document.activeElement !== select) select.value = now ? now[0] : "something else";
    select.parentElement.classList.toggle("wrong", !now || now[0] !== "works");
  }
}

function drawNews(phones) {
  const ringing = phones.filter((phone) => phone.calls.some((call) => call.status === "ringing" && !call.mine));
  document.title = ringing.length ? `(${ringing.length}) Phones` : "Phones";
  const key = ringing.map((phone) => phone.number).join();
  if (news.dataset.key === key && !news.classList.contains("lost")) return;
  news.dataset.key = key;
  news.classList.remove("lost");
  news.replaceChildren(ringing.length ? "Ringing: " : "All quiet.");
  ringing.forEach((phone, index) => {
    const link = make("a", phone.name || pretty(phone.number));
    link.href = "#phone-" + phone.number.slice(1);
    news.append(index ? ", " : "", link);
  });
}

function draw(state) {
  drawProviders(state.accounts);
  state.phones.forEach(drawPhone);
  document.getElementById("empty").hidden = state.phones.length > 0;
  drawNews(state.phones);
}

const stream = new EventSource("/control/stream");
stream.addEventListener("message", (event) => draw(JSON.parse(event.data)));
stream.addEventListener("error", () => {
  news.classList.add("lost");
  news.textContent = "The phones have no connection; trying again.";
});
