// A call as its phone shows it: what is heard, a keypad for machines, and words for people. In the demo
// a voice is typed.
import { ask, clock, make, pretty } from "./page.js";

export const ENDED = {
  "completed": "Call", "busy": "Declined, or busy", "no-answer": "Missed call",
  "failed": "Could not be reached", "canceled": "Called off before you answered",
};
const WHO = { me: "You: ", other: "Somebody: " };

export function callButton(phone) {
  const button = make("button", "Call the line", "dial");
  button.type = "button";
  button.addEventListener("click", () => ask("phones/" + encodeURIComponent(phone.number) + "/calls", {}));
  return button;
}

function callLine(line) {
  const item = make("li", (WHO[line.who] || "") + line.words, line.who === "phone" ? "phone-line" : line.who);
  item.lang = line.language;
  return item;
}

export function pastCall(call) {
  const item = make("li", "", "past");
  const pressed = call.lines.filter((line) => line.who === "phone").map((line) => line.words);
  let said = ENDED[call.status] || call.status;
  if (call.mine) said = call.answered ? `Called ${pretty(call.to)}` : "Called, and nobody picked up";
  else if (call.lines.some((line) => line.who === "mailbox")) said = "The mailbox answered";
  else if (pressed.length) said += ", " + pressed.join(", ");
  const long = call.answered ? ` · ${call.duration} s` : "";
  const about = `${said}${long} · ${call.account}, ${clock(call.at)}`;
  if (!call.lines.length) { item.append(about); return item; }
  const more = make("details");
  const lines = make("ol");
  lines.append(...call.lines.map(callLine));
  more.append(make("summary", about), lines);
  item.append(more);
  return item;
}

// The buttons of a card's call, made once.
export function handleCall(card) {
  const get = (query) => card.root.querySelector(".call " + query);
  Object.assign(card, {
    call: card.root.querySelector(".call"), caller: get(".caller"), state: get(".state"), lines: get(".lines"),
    pad: get(".pad"), say: get(".say"), answer: get(".answer"), decline: get(".decline"), drawn: "", lineCount: 0,
  });
  const inCall = (body) => card.now && ask("calls/" + card.now.sid, body);
  card.answer.addEventListener("click", () => inCall({ do: "answer" }));
  card.decline.addEventListener("click", () => inCall({ do: "hang_up" }));
  for (const key of "123456789*0#") {
    const button = make("button", key);
    button.type = "button";
    button.addEventListener("click", () => inCall({ do: "press", keys: key }));
    card.pad.append(button);
  }
  const input = card.say.querySelector("input");
  input.id = card.root.id + "-say";
  card.say.querySelector("label").htmlFor = input.id;
  card.say.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    inCall({ do: "say", words: input.value });
    input.value = "";
  });
}

function stateOf(call, waiting) {
  const more = waiting > 1 ? ` · ${waiting - 1} more waiting` : "";
  if (call.lines.some((line) => line.who === "mailbox")) return "the mailbox listens" + more;
  if (call.status !== "in-progress") return (call.mine ? "it rings" : "calls, by " + call.account) + more;
  if (call.held) return "on hold" + more;
  if (call.with) return "you can talk" + more;
  return (call.asking ? "waits for a key" : "in the call") + more;
}

// Only what is new is added: whoever listens to the page hears each line once.
function drawLines(card, call) {
  if (card.drawn !== call.sid) {
    card.drawn = call.sid;
    card.lineCount = call.skipped;
    card.lines.replaceChildren();
  }
  const fresh = call.lines.slice(Math.max(0, card.lineCount - call.skipped));
  if (!fresh.length) return;
  card.lines.append(...fresh.map(callLine));
  card.lineCount = call.skipped + call.lines.length;
  card.lines.scrollTop = card.lines.scrollHeight;
}

export function drawCall(card, phone) {
  const call = phone.calls[0];
  card.root.classList.toggle("ringing", Boolean(call) && !call.mine);
  card.call.hidden = !call;
  card.now = call;
  if (!call) return;
  const talking = call.status === "in-progress";
  const machine = call.lines.some((line) => line.who === "mailbox");
  card.caller.textContent = pretty(call.mine ? call.to : call.from);
  card.state.textContent = stateOf(call, phone.calls.length);
  drawLines(card, call);
  card.call.classList.toggle("rings", !talking && !call.mine);
  const had = card.call.contains(document.activeElement);
  card.pad.hidden = !talking || machine || Boolean(call.with);
  card.say.hidden = !talking || !call.with;
  card.answer.hidden = talking || call.mine || call.picked_up;
  card.decline.textContent = talking || call.mine ? "Hang up" : "Decline";
  if (had && !document.activeElement?.checkVisibility()) {
    const next = card.say.hidden ? card.pad.querySelector("button") : card.say.querySelector("input");
    (next.checkVisibility() ? next : card.decline).focus();
  }
}
