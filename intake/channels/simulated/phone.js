// Shows what is on a simulated phone and does on it what somebody would: write, attach, press.
const [bubbles, text, file, number, name, mails, trouble, list, rows, block] =
  ["#bubbles", "#text", "#file", "#number", "#name", "#mails", "#trouble", "#list", "#rows", "#block"].map((id) => document.querySelector(id));
const ticks = { queued: "🕓", accepted: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "⚠", undelivered: "⚠" };
const clock = new Intl.DateTimeFormat("es-BO", { hour: "2-digit", minute: "2-digit" });
const LARGEST = 16 * 1024 * 1024;
let shown = "";

function element(tag, content, className = "") {
  const made = document.createElement(tag);
  made.textContent = content;
  made.className = className;
  return made;
}

function button(label, className, pressed) {
  const made = element("button", label, className);
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

// WhatsApp shows *text* as bold.
function written(body) {
  const made = element("p", "", "words");
  body.split(/\*([^*\n]+)\*/).forEach((part, place) => made.append(place % 2 ? element("b", part) : part));
  return made;
}

function attached({ url, type, name: called }) {
  const kind = { image: "img", video: "video", audio: "audio" }[type.split("/")[0]];
  if (!kind) {
    const link = element("a", `Archivo: ${called ?? type}`, "file");
    link.href = url;
    link.download = called ?? "";
    return link;
  }
  const made = document.createElement(kind);
  made.src = url;
  if (kind === "img") made.alt = called ?? "Foto";
  else made.controls = true;
  return made;
}

function open(message) {
  document.querySelector("#opener").textContent = message.opener;
  rows.replaceChildren(...message.buttons.map((choice, place) => {
    const row = element("li", "");
    const made = button(choice.title, "", () => { list.close(); act({ press: place, under: message.sid }); });
    if (choice.line && choice.line !== choice.title) made.append(element("small", choice.line));
    row.append(made);
    return row;
  }));
  list.showModal();
}

function drawn(message) {
  const bubble = element("li", "", message.direction);
  bubble.append(...message.files.map(attached));
  if (message.location.length) bubble.append(element("p", `Ubicación: ${message.location.join(", ")}`, "words"));
  if (message.body) bubble.append(written(message.body));
  const mine = message.direction === "in";
  const time = element("time", clock.format(new Date(message.at)) + (mine ? ` ${ticks[message.status] ?? ""}` : ""));
  bubble.append(time);
  if (message.opener) bubble.append(button(`☰ ${message.opener}`, "press", () => open(message)));
  else bubble.append(...message.buttons.map((choice, place) => button(choice.title, "press", () => act({ press: place, under: message.sid }))));
  return bubble;
}

async function refresh() {
  const looks = document.visibilityState === "visible" ? "?read" : "";
  const answer = await fetch(`/simulated/phone/${encodeURIComponent(number.value)}${looks}`);
  const messages = await answer.json();
  const state = JSON.stringify([number.value, messages]);
  if (state !== shown) {
    shown = state;
    bubbles.replaceChildren(...messages.map(drawn));
    bubbles.scrollTop = bubbles.scrollHeight;
  }
  const box = await (await fetch("/simulated/mailbox")).json();
  if (box.length !== mails.childElementCount) {
    mails.replaceChildren(...box.map((mail) => {
      const item = element("li", "");
      item.append(element("strong", `${mail.Subject} → ${mail.To}`), element("pre", mail.text));
      return item;
    }));
  }
}

// Tells of what the service did not take: a phone would show its message with a warning.
function tell(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

async function act(what) {
  const answer = await fetch(`/simulated/phone/${encodeURIComponent(number.value)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...what, name: name.value }),
  });
  const { status, error } = await answer.json();
  tell(error || status >= 300 ? `El servicio no tomó el mensaje (${error ?? status}).` : "");
  await refresh();
}

async function send() {
  const typed = text.value.trim();
  if (!typed) return;
  text.value = "";
  await act({ text: typed });
}

async function attach() {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > LARGEST) return tell("El archivo pesa más de 16 MB, que es lo que WhatsApp lleva.");
  const bytes = new Uint8Array(await chosen.arrayBuffer());
  let binary = "";
  for (let place = 0; place < bytes.length; place += 32768) binary += String.fromCharCode(...bytes.subarray(place, place + 32768));
  const type = chosen.type || (chosen.name.endsWith(".vcf") ? "text/vcard" : "application/octet-stream");
  const words = text.value.trim();
  text.value = "";
  file.value = "";
  await act({ file: btoa(binary), type, text: words, file_name: chosen.name });
}

document.querySelector("#compose").addEventListener("submit", (event) => { event.preventDefault(); send(); });
document.querySelector("#person").addEventListener("submit", (event) => event.preventDefault());
document.querySelector("#place").addEventListener("click", () => act({ location: [-16.5, -68.15] }));
block.addEventListener("click", () => {
  const blocks = block.getAttribute("aria-pressed") !== "true";
  block.setAttribute("aria-pressed", String(blocks));
  act({ blocks });
});
file.addEventListener("change", attach);
number.addEventListener("change", () => { block.setAttribute("aria-pressed", "false"); refresh(); });
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
});
setInterval(() => refresh().catch(() => tell("El servicio no responde.")), 700);
refresh();
