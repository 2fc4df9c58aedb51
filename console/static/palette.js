// The command palette (Ctrl+K) and the keys that lead to pages (g and a letter). What it offers is read from the page
// itself: links of the navigation and of the sheet of keys, the acts that this page holds, the language and the colours.

const MOST = 12;
const PATIENCE = 1500;
const SOON = 180;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-q");
const list = document.getElementById("palette-list");
const said = document.querySelector("[data-palette-said]");
let options = [];
let found = [];
let chosen = 0;
let asking = null;
let timer = 0;
let cameFrom = null;

function words(element) {
  if (element.dataset.command) return element.dataset.command;
  const label = element.id && document.querySelector(`label[for="${CSS.escape(element.id)}"]`);
  const copy = (label || element).cloneNode(true);
  for (const aside of copy.querySelectorAll(".key, .unseen, .needed, .count, .badge, svg")) aside.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function keyOf(element) {
  if (element.dataset.go) return `g ${element.dataset.go}`;
  return element.dataset.key ?? "";
}

function link(element, group) {
  return { text: words(element), group, key: keyOf(element), run: () => location.assign(element.href) };
}

function act(element, group) {
  const run = () => {
    if (element.matches("summary")) {
      element.parentElement.open = true;
      (element.parentElement.querySelector("input:not([type=hidden]), select, textarea") ?? element).focus();
    } else {
      element.focus();
      if (element.matches("input, textarea, select")) element.select?.();
      else element.click();
    }
  };
  return { text: words(element), group, key: keyOf(element), run };
}

function offered() {
  const { here, goTo, other, language, theme } = list.dataset;
  const acts = document.querySelectorAll(
    "main [data-key]:not([data-key='/']), main details.fold > summary:not([data-key]), main details.move > summary, main [data-command]",
  );
  const named = [...acts].filter((each) => !/^\d$/.test(each.dataset.key ?? "") && !each.disabled).map((each) => act(each, here));
  const pages = [...document.querySelectorAll("[data-go], .nav-row a")].map((each) => [each.getAttribute("href"), link(each, goTo)]);
  const once = pages.filter(([address], place) => pages.findIndex(([known]) => known === address) === place);
  const buttons = (name, words_) =>
    [...document.querySelectorAll(`.foot button[name=${name}]`)].map((each) => ({
      text: words_.replace("{q}", words(each)), group: other, key: "", run: () => each.click(),
    }));
  const help = [...document.querySelectorAll(".foot a, .foot [data-open-keys]")].map((each) => ({ ...act(each, other), key: each.matches("a") ? "" : "?" }));
  return [...named, ...once.map(([, each]) => each), ...buttons("lang", language), ...buttons("theme", theme), ...help].filter((each) => each.text);
}

// How well letters that were typed fit: in one piece at a word's beginning best, scattered over the text worst.
function fit(text, typed) {
  const at = text.indexOf(typed);
  if (at >= 0) return (at === 0 || /\W/.test(text[at - 1]) ? 1000 : 600) - text.length;
  let score = 300 - text.length;
  let from = 0;
  for (const letter of typed) {
    const next = text.indexOf(letter, from);
    if (next < 0) return null;
    score -= next - from;
    from = next + 1;
  }
  return score;
}

function matching(typed) {
  const asked = plain(typed.trim());
  if (!asked) return options.slice(0, MOST * 3);
  const scored = options
    .map((option) => ({ option, score: fit(plain(option.text), asked) }))
    .filter(({ score }) => score !== null)
    .sort((one, other) => other.score - one.score);
  const { search, case: open, found: group, year } = list.dataset;
  const number = typed.trim().match(/^#?(?:(\d{4})-)?(\d{1,6})$/);
  const full = number && `${number[1] ?? year}-${number[2].padStart(6, "0")}`;
  const direct = full ? [{ text: open.replace("{q}", full), group, key: "", run: () => location.assign(`/casos/${full}`) }] : [];
  const whole = { text: search.replace("{q}", typed.trim()), group, key: "", run: () => location.assign(`/buscar?q=${encodeURIComponent(typed.trim())}`) };
  return [...direct, ...scored.slice(0, MOST).map(({ option }) => option), ...found, whole];
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

let shown = [];

function show() {
  shown = matching(input.value);
  chosen = Math.min(chosen, Math.max(shown.length - 1, 0));
  let group = "";
  list.replaceChildren(
    ...shown.map((option, place) => {
      const item = element("li", "option", "");
      item.id = `palette-${place}`;
      item.setAttribute("role", "option");
      if (option.group !== group) item.append(element("span", "group small soft", option.group));
      item.firstChild?.setAttribute("aria-hidden", "true");
      group = option.group;
      item.append(element("span", "grow", option.text));
      if (option.more) item.append(element("span", "small soft more", option.more));
      for (const key of option.key.split(" ").filter(Boolean)) item.append(element("span", "key", key));
      item.addEventListener("mousemove", () => choose(place));
      item.addEventListener("click", () => run(place));
      return item;
    }),
  );
  said.textContent = said.dataset.words.replace("{n}", shown.length);
  choose(chosen);
}

function choose(place) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  chosen = place;
  const item = list.children[place];
  item?.setAttribute("aria-selected", "true");
  item?.scrollIntoView({ block: "nearest" });
  if (item) input.setAttribute("aria-activedescendant", item.id);
  else input.removeAttribute("aria-activedescendant");
}

function run(place) {
  const option = shown[place];
  if (!option) return;
  cameFrom = null;
  dialog.close();
  option.run();
}

// Cases, people's cases and articles, from the same page that searches without a script.
async function search(typed) {
  asking?.abort();
  found = [];
  if (plain(typed.trim()).length < 2) return;
  asking = new AbortController();
  try {
    const answer = await fetch(`/buscar?q=${encodeURIComponent(typed.trim())}`, { headers: { "HX-Request": "true" }, signal: asking.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const seen = new Map();
    for (const each of page.querySelectorAll(".hits [data-row]")) {
      const address = each.getAttribute("href");
      if (seen.has(address)) continue;
      seen.set(address, { text: words(each), more: each.dataset.more ?? "", group: list.dataset.found, key: "", run: () => location.assign(address) });
    }
    found = [...seen.values()].slice(0, MOST);
    if (input.value === typed) show();
  } catch (stopped) {
    if (stopped.name !== "AbortError") throw stopped;
  }
}

function open() {
  if (document.querySelector("dialog[open]")) return;
  cameFrom = document.activeElement;
  options = offered();
  found = [];
  chosen = 0;
  input.value = "";
  dialog.showModal();
  show();
}

dialog.addEventListener("close", () => cameFrom?.focus?.());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run(chosen);
});
input.addEventListener("input", () => {
  chosen = 0;
  found = [];
  show();
  clearTimeout(timer);
  timer = setTimeout(search, SOON, input.value);
});
input.addEventListener("keydown", (event) => {
  const last = shown.length - 1;
  const moves = { ArrowDown: chosen < last ? chosen + 1 : 0, ArrowUp: chosen > 0 ? chosen - 1 : last, PageDown: Math.min(chosen + 5, last), PageUp: Math.max(chosen - 5, 0) };
  if (!(event.key in moves)) return;
  choose(moves[event.key]);
  event.preventDefault();
});

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
let going = 0;

// Before the page's own keys hear it: what follows g is a place, not an act.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (going) {
    clearTimeout(going);
    going = 0;
    const place = /^[a-z]$/.test(event.key) && document.querySelector(`[data-go="${event.key}"]`);
    event.stopImmediatePropagation();
    event.preventDefault();
    if (place) location.assign(place.href);
  } else if (event.key === "g") {
    going = setTimeout(() => (going = 0), PATIENCE);
    event.stopImmediatePropagation();
    event.preventDefault();
  } else if (event.key === "/" && !document.querySelector("[data-key='/']")) {
    event.preventDefault();
    open();
  }
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-palette]")) open();
});
