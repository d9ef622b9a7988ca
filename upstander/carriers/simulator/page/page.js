// What the page's scripts share.
export const news = document.getElementById("news");

export function make(tag, words, name) {
  const made = document.createElement(tag);
  if (words) made.textContent = words;
  if (name) made.className = name;
  return made;
}

export async function ask(path, body) {
  const answer = await fetch("/control/" + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer || !answer.ok) {
    const why = answer ? (await answer.json()).error : "the simulator does not answer";
    news.textContent = "That did not work: " + why;
  }
}

export const clock = (at) => new Date(at).toLocaleTimeString();
export const pretty = (number) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2-$3");
