// Signs that say who looks at a case and who writes in it, and what the page shows of the others.

const BEAT = 15_000;
const PAUSE = 12_000;
const here = () => document.querySelector("[data-presence]");
let writing = false;
let typed = 0;

async function beat() {
  const place = here();
  if (!place || document.hidden) return;
  const number = place.dataset.presence;
  const answer = await fetch(`/casos/${number}/presencia`, {
    method: "POST",
    body: new URLSearchParams({ writing: writing ? "yes" : "no" }),
  }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type")?.startsWith("application/json")) return;
  const { who } = await answer.json();
  if (here()?.dataset.who !== who) refresh();
}

// Only what is inside the two places changes: what a screen reader listens to stays.
async function refresh() {
  const place = here();
  if (!place) return;
  const answer = await fetch(`/casos/${place.dataset.presence}/presencia`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["case-people", "case-writers"]) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old && fresh.textContent !== old.textContent) old.replaceChildren(...fresh.childNodes);
  }
  const now = here();
  if (now) now.dataset.who = page.getElementById("case-people")?.dataset.who ?? "";
}

function leave() {
  const place = here();
  if (place) navigator.sendBeacon(`/casos/${place.dataset.presence}/presencia`, new URLSearchParams({ here: "no" }));
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply-text") return;
  typed = Date.now();
  if (!writing) {
    writing = true;
    beat();
  }
});
setInterval(() => {
  if (writing && Date.now() - typed > PAUSE) {
    writing = false;
    beat();
  }
}, 2_000);
document.addEventListener("submit", (event) => {
  if (event.target.querySelector("#reply-text")) writing = false;
});

const heard = (number) => `live:presence-${number}`;
let waits = null;
if (here()) {
  document.body.addEventListener(heard(here().dataset.presence), () => {
    waits ??= setTimeout(() => {
      waits = null;
      refresh();
    }, 300);
  });
  document.addEventListener("visibilitychange", beat);
  addEventListener("pageshow", beat);
  addEventListener("pagehide", leave);
  setInterval(beat, BEAT);
  beat();
}

// In lists of cases: an eye with the names of those who look at one.
async function look() {
  const rows = [...document.querySelectorAll("[data-eyes]")];
  if (!rows.length || document.hidden) return;
  const answer = await fetch("/presencia").catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const found = await answer.json();
  for (const row of rows) {
    const names = (found[row.dataset.eyes] ?? []).join(", ");
    if (row.dataset.names === names) continue;
    row.dataset.names = names;
    row.replaceChildren(...(names ? [eye(), document.createTextNode(names)] : []));
  }
}

function eye() {
  const picture = document.querySelector("#bell .icon")?.cloneNode(true) ?? document.createElement("span");
  const use = picture.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#eye"));
  return picture;
}

let looks = null;
const soon = () => {
  looks ??= setTimeout(() => {
    looks = null;
    look();
  }, 700);
};
if (!here()) {
  document.body.addEventListener("live:presence-changed", soon);
  document.body.addEventListener("live:again", soon);
  for (const name of ["htmx:afterSwap", "htmx:after:swap"]) document.body.addEventListener(name, soon);
  document.addEventListener("visibilitychange", look);
  look();
}
