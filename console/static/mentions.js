// In a note, `@` and some letters offer the people who can be named; arrows choose, Enter or Tab writes, Escape closes.

const MOST = 6;
const BEGUN = /(?:^|[^\w@.+-])@([\w.-]*)$/;
let list = null;
let field = null;

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function offered(typed) {
  const names = document.getElementById(field.dataset.names)?.options ?? [];
  const wanted = plain(typed);
  return [...names].sort((one, other) => one.value.localeCompare(other.value)).filter((o) => plain(o.value).startsWith(wanted) || plain(o.text).split(" ").some((word) => word.startsWith(wanted))).slice(0, MOST);
}

function close() {
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
}

function choose(place) {
  const options = [...list.children];
  options.forEach((option, at) => option.setAttribute("aria-selected", at === place));
  options[place].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[place].id);
}

function write(name) {
  const before = field.value.slice(0, field.selectionStart);
  const from = before.lastIndexOf("@");
  field.setRangeText(`@${name} `, from, field.selectionStart, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
}

function open(found) {
  close();
  list = document.createElement("ul");
  list.id = "mentions";
  list.className = "mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
  list.append(
    ...found.map((option, at) => {
      const item = document.createElement("li");
      item.id = `mention-${at}`;
      item.setAttribute("role", "option");
      item.dataset.name = option.value;
      const name = document.createElement("b");
      name.textContent = `@${option.value}`;
      item.append(name, ` ${option.text}`);
      return item;
    }),
  );
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  choose(0);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("textarea[data-names]")) return;
  field = event.target;
  field.setAttribute("aria-autocomplete", "list");
  const begun = BEGUN.exec(field.value.slice(0, field.selectionStart));
  const found = begun ? offered(begun[1]) : [];
  if (!found.length || (found.length === 1 && found[0].value === begun[1])) close();
  else open(found);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!list || event.target !== field || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...list.children];
    const at = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") choose((at + 1) % all.length);
    else if (event.key === "ArrowUp") choose((at - 1 + all.length) % all.length);
    else if (event.key === "Enter" || event.key === "Tab") write(all[at].dataset.name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.("#mentions [data-name]");
  if (item) {
    event.preventDefault();
    write(item.dataset.name);
  }
});
document.addEventListener("focusout", (event) => {
  if (event.target === field) close();
});
