// Shows what is on a simulated Telegram and does on it what a person does.
const find = (selector) => document.querySelector(selector);
const [bubbles, text, chat, name, link, file] = ["#bubbles", "#text", "#chat", "#name", "#link", "#file"].map(find);
const [bot, block, start, editing, notice] = ["#bot", "#block", "#start", "#editing", "#notice"].map(find);
const clock = new Intl.DateTimeFormat("es-BO", { hour: "2-digit", minute: "2-digit" });
const shownAs = { bold: "b", italic: "i", strikethrough: "s", code: "code", pre: "code" };
const LARGEST_PHOTO = 10_000_000;
let shown = "";
let blocked = false;
let changing = null;

function element(tag, content, className = "") {
  const made = document.createElement(tag);
  made.textContent = content;
  made.className = className;
  return made;
}

// Entities count UTF-16 units, as JavaScript does; what stands inside another is left out.
function written(message, into) {
  let end = 0;
  for (const { type, offset, length } of message.entities) {
    if (offset < end || !shownAs[type]) continue;
    into.append(message.text.slice(end, offset), element(shownAs[type], message.text.slice(offset, offset + length)));
    end = offset + length;
  }
  into.append(message.text.slice(end));
}

function attached(message) {
  if (message.photo) {
    const picture = element("img", "");
    picture.src = message.file.url;
    picture.alt = message.text || "Foto";
    return picture;
  }
  const address = element("a", `Archivo: ${message.file.name}`);
  address.href = message.file.url;
  return address;
}

function drawn(message) {
  const item = element("li", "", message.direction);
  const said = element("div", "", "said");
  if (message.file) said.append(attached(message), message.photo || !message.text ? "" : "\n");
  written(message, said);
  said.append(element("time", (message.edited ? "editado " : "") + clock.format(new Date(message.at))));
  item.append(said);
  for (const { text: label, data } of message.buttons) {
    const key = element("button", label, "key");
    key.type = "button";
    key.disabled = blocked;
    key.addEventListener("click", () => { key.disabled = true; act({ press: data, under: message.number }); });
    item.append(key);
  }
  if (message.direction === "in" && message.text && !message.text.startsWith("/start")) {
    const change = element("button", "Cambiar", "change");
    change.type = "button";
    change.addEventListener("click", () => {
      changing = message.number;
      text.value = message.text;
      editing.hidden = false;
      text.focus();
    });
    item.append(change);
  }
  return item;
}

async function refresh() {
  const answer = await fetch(`/simulated/telegram/chat/${encodeURIComponent(chat.value)}`);
  if (!answer.ok) return;
  const screen = await answer.json();
  const state = JSON.stringify([chat.value, screen]);
  if (state === shown) return;
  shown = state;
  blocked = screen.blocked;
  bot.textContent = `@${screen.bot}`;
  block.textContent = blocked ? "Desbloquear" : "Bloquear";
  for (const control of [text, file, find("#compose button")]) control.disabled = blocked;
  start.hidden = blocked || screen.messages.length > 0;
  bubbles.replaceChildren(...screen.messages.map(drawn));
  bubbles.scrollTop = bubbles.scrollHeight;
}

async function act(what) {
  const answer = await fetch(`/simulated/telegram/chat/${encodeURIComponent(chat.value)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: name.value, ...what }),
  });
  const { status, error } = await answer.json();
  const taken = status === null || (status >= 200 && status < 300);
  notice.textContent = error ?? (taken ? "" : `El servicio contestó ${status}; el mensaje espera y se entrega con el siguiente.`);
  await refresh();
}

async function send() {
  const typed = text.value.trim();
  if (!typed) return;
  const what = changing === null ? { text: typed } : { edit: changing, text: typed };
  leave();
  await act(what);
}

function leave() {
  changing = null;
  editing.hidden = true;
  text.value = "";
}

function attach() {
  const [chosen] = file.files;
  if (!chosen) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const content = reader.result.slice(reader.result.indexOf(",") + 1);
    const photo = ["image/jpeg", "image/png"].includes(chosen.type) && chosen.size <= LARGEST_PHOTO;
    const caption = text.value.trim();
    leave();
    act(photo ? { photo: content, caption } : { document: content, file_name: chosen.name, caption });
  });
  reader.readAsDataURL(chosen);
  file.value = "";
}

async function order(event) {
  event.preventDefault();
  const [method, fault] = find("#fault").value.split(" ");
  const body = JSON.stringify({ method, faults: [fault] });
  await fetch("/simulated/telegram/faults", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  notice.textContent = "La falla está ordenada.";
}

find("#compose").addEventListener("submit", (event) => { event.preventDefault(); send(); });
find("#person").addEventListener("submit", (event) => event.preventDefault());
find("#faults").addEventListener("submit", order);
find("#leave").addEventListener("click", leave);
file.addEventListener("change", attach);
block.addEventListener("click", () => act({ block: !blocked }));
start.addEventListener("click", () => act({ text: link.value ? `/start ${link.value}` : "/start" }));
chat.addEventListener("change", refresh);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
});
link.value = new URLSearchParams(location.search).get("start") ?? "";
setInterval(refresh, 700);
refresh();
