// The answer's editor: keeps the draft as one types, shows how it will arrive, puts texts and articles in, counts down
// the seconds in which an answer can be taken back. Without it the page has buttons for the same.

const PAUSE = 700;
const AGAIN = 5000;
const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// Drafts

const waiting = new WeakMap();
const calls = new WeakMap();

function told(form, name) {
  const place = form.querySelector("[data-kept]");
  if (place) place.textContent = name ? place.dataset[name] : "";
}

function typed(form) {
  const data = new FormData(form);
  const names = data.getAll("files").map((file) => file.name).filter(Boolean);
  for (const name of ["files", "again"]) data.delete(name);
  for (const box of form.querySelectorAll("input[name=again]:checked")) names.push(box.parentElement.textContent.trim().split("\n")[0]);
  data.set("names", names.join("\n"));
  return data;
}

async function keep(form) {
  calls.get(form)?.abort();
  const call = new AbortController();
  calls.set(form, call);
  try {
    const answer = await fetch(form.dataset.keeps, { method: "POST", body: typed(form), signal: call.signal, headers: { "HX-Request": "true" } });
    if (answer.status === 401) return told(form, "login");
    if (!answer.ok) throw new Error(answer.statusText);
    told(form, form.elements.text.value.trim() ? "kept" : "");
    if (answer.status === 200) preview(await answer.text());
  } catch (failed) {
    if (failed.name === "AbortError") return;
    told(form, "lost");
    later(form, AGAIN);
  }
}

function later(form, pause = PAUSE) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(keep, pause, form));
}

function stop(form) {
  clearTimeout(waiting.get(form));
  calls.get(form)?.abort();
}

function preview(page) {
  const place = document.getElementById("reply-preview");
  if (!place) return;
  const open = place.querySelector("details")?.open ?? false;
  place.innerHTML = page;
  const fresh = place.querySelector("details");
  if (fresh) fresh.open = open;
}

// Texts by their shortcut

let texts = null;

async function known(form) {
  texts ??= fetch(form.dataset.texts, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : []))
    .catch(() => []);
  const found = await texts;
  if (!found.length) texts = null;
  return found;
}

function put(field, words, from, to) {
  const before = field.value.slice(0, from);
  const apart = before.trim() && !before.endsWith("\n") && words.includes("\n") ? "\n\n" : "";
  field.setRangeText(`${apart}${words}`, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const open = /\{\s*\p{L}\w*\s*\}/u.exec(field.value.slice(from));
  if (open) field.setSelectionRange(from + open.index, from + open.index + open[0].length);
}

const shortcut = (field) => /(?:^|\s);([\w-]*)$/u.exec(field.value.slice(0, field.selectionStart));

async function expand(field, key, word) {
  const found = await known(field.form);
  const wanted = fold(word);
  const exact = found.find((one) => one.shortcut === wanted);
  const near = found.filter((one) => one.shortcut.startsWith(wanted));
  const one = exact ?? (key === "Tab" && wanted && near.length === 1 ? near[0] : null);
  const at = field.value.lastIndexOf(`;${word}`, field.selectionStart);
  if (one && at >= 0) put(field, one.text, at, at + word.length + 1 + (key === " " && field.value[at + word.length + 1] === " "));
  else if (key === "Tab") choose(field.form, word);
}

// The picker: texts and articles by what is typed

const inside = (form, name) => form.querySelector(name);
let hunt = 0;

function choose(form, words = "") {
  const picker = inside(form, "#picker");
  picker.hidden = false;
  inside(form, "[data-pick]").setAttribute("aria-expanded", "true");
  const search = inside(form, "#picker-words");
  search.value = words;
  search.focus();
  seek(form);
}

function close(form) {
  inside(form, "#picker").hidden = true;
  inside(form, "[data-pick]").setAttribute("aria-expanded", "false");
  form.elements.text.focus();
}

function option(place, label, kind, note, fields) {
  const item = document.createElement("li");
  item.id = `pick-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  Object.assign(item.dataset, fields);
  for (const [tag, words, style] of [["b", label, ""], ["span", note, "soft small clip"], ["span", kind, "badge"]]) {
    const part = document.createElement(tag);
    part.textContent = words;
    part.className = style;
    item.append(part);
  }
  return item;
}

async function seek(form) {
  const turn = (hunt += 1);
  const picker = inside(form, "#picker");
  const words = inside(form, "#picker-words").value;
  const asked = fold(words).split(/\s+/).filter(Boolean);
  const mine = (await known(form)).filter((one) => asked.every((word) => fold(`${one.shortcut} ${one.title} ${one.text}`).includes(word)));
  if (turn !== hunt) return;
  const shown = mine.map((one, place) => option(place, one.title, `;${one.shortcut}`, one.text, { words: one.text }));
  list(form, shown);
  if (!words.trim()) return;
  await new Promise((done) => setTimeout(done, 200));
  if (turn !== hunt) return;
  const answer = await fetch(`${form.dataset.articles}?q=${encodeURIComponent(words)}`).catch(() => null);
  const found = answer?.ok ? await answer.json() : [];
  if (turn !== hunt) return;
  list(form, [...shown, ...found.map((one, place) => option(shown.length + place, one.title, picker.dataset.article, "", { fetch: one.words }))]);
}

function list(form, items) {
  const at = inside(form, "[role=listbox] [aria-selected=true]")?.textContent;
  inside(form, "[role=listbox]").replaceChildren(...items);
  inside(form, "#picker-none").textContent = items.length ? "" : inside(form, "#picker").dataset.none;
  mark(form, Math.max(items.findIndex((item) => item.textContent === at), 0));
}

function mark(form, place) {
  const items = [...form.querySelectorAll("[role=option]")];
  const at = items.length ? (place + items.length) % items.length : -1;
  items.forEach((item, each) => item.setAttribute("aria-selected", String(each === at)));
  const search = inside(form, "#picker-words");
  if (at < 0) search.removeAttribute("aria-activedescendant");
  else search.setAttribute("aria-activedescendant", items[at].id);
  items[at]?.scrollIntoView({ block: "nearest" });
}

async function take(form, item) {
  if (!item) return;
  let { words } = item.dataset;
  if (item.dataset.fetch) {
    const answer = await fetch(item.dataset.fetch, { headers: { Accept: "text/plain" } });
    if (!answer.ok) return;
    words = await answer.text();
  }
  const field = form.elements.text;
  const begun = shortcut(field);
  const to = field.selectionEnd;
  const from = begun ? field.selectionStart - begun[1].length - 1 : field.selectionStart;
  close(form);
  put(field, words, from, to);
}

// What is pressed and typed

document.addEventListener("input", ({ target }) => {
  if (target.id === "picker-words") seek(target.form);
  else if (target.form?.dataset.keeps) later(target.form);
});

document.addEventListener("change", ({ target }) => {
  if (target.form?.dataset.keeps && target.matches("[type=radio], [type=file], [name=again]")) later(target.form, 0);
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  if (target.id === "picker-words") {
    const items = [...target.form.querySelectorAll("[role=option]")];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (key === "ArrowDown" || key === "ArrowUp") mark(target.form, at + (key === "ArrowDown" ? 1 : -1));
    else if (key === "Enter") take(target.form, items[at]);
    else if (key === "Escape") close(target.form);
    else return;
    event.preventDefault();
  } else if (target.form?.dataset.texts && target.name === "text" && (key === " " || key === "Tab")) {
    const begun = target.selectionStart === target.selectionEnd ? shortcut(target) : null;
    if (!begun || (key === " " && !begun[1])) return;
    if (key === "Tab") event.preventDefault();
    expand(target, key, begun[1]);
  }
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-pick]");
  if (button) {
    if (inside(button.form, "#picker").hidden) choose(button.form);
    else close(button.form);
  }
  const item = target.closest?.("#picker [role=option]");
  if (item) take(item.closest("form"), item);
});

document.addEventListener("focusin", ({ target }) => {
  if (target.name === "text" && target.form?.dataset.texts) known(target.form);
});

document.addEventListener("submit", ({ target }) => {
  if (target.dataset.keeps) stop(target);
});

// What has been typed is kept even where the page is left before the pause is over.
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-keeps]:not([data-sent])")) {
    const field = form.elements.text;
    if (field.value !== field.defaultValue) navigator.sendBeacon(form.dataset.keeps, typed(form));
  }
});

// Undo: the seconds that the server says are left, counted by this machine's clock

const ends = new Map();

function count() {
  for (const bar of document.querySelectorAll("[data-undo]")) {
    if (!ends.has(bar.id)) ends.set(bar.id, performance.now() + Number(bar.dataset.undo) * 1000);
    const rest = Math.ceil((ends.get(bar.id) - performance.now()) / 1000);
    const place = bar.querySelector("[data-left]");
    if (place.textContent !== String(Math.max(rest, 0))) place.textContent = String(Math.max(rest, 0));
    if (rest <= 0) bar.hidden = true;
  }
}

count();
setInterval(count, 250);
