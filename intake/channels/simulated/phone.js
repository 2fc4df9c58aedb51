// Shows what is on a simulated phone and sends what is typed on it.
const bubbles = document.querySelector("#bubbles");
const text = document.querySelector("#text");
const number = document.querySelector("#number");
const name = document.querySelector("#name");
const mails = document.querySelector("#mails");
const ticks = { queued: "🕓", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "⚠" };
const clock = new Intl.DateTimeFormat("es-BO", { hour: "2-digit", minute: "2-digit" });
let shown = "";

function element(tag, content, className = "") {
  const made = document.createElement(tag);
  made.textContent = content;
  made.className = className;
  return made;
}

// WhatsApp shows *text* as bold.
function written(body, className) {
  const made = element("li", "", className);
  body.split(/\*([^*\n]+)\*/).forEach((part, place) => made.append(place % 2 ? element("b", part) : part));
  return made;
}

async function refresh() {
  const answer = await fetch(`/simulated/phone/${encodeURIComponent(number.value)}`);
  const list = await answer.json();
  const state = JSON.stringify([number.value, list]);
  if (state !== shown) {
    shown = state;
    bubbles.replaceChildren(...list.map((message) => {
      const bubble = written(message.body, message.direction);
      const mark = message.direction === "in" ? ` ${ticks[message.status] ?? ""}` : "";
      bubble.append(element("time", clock.format(new Date(message.at)) + mark));
      return bubble;
    }));
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

async function send() {
  const typed = text.value.trim();
  if (!typed) return;
  text.value = "";
  await fetch(`/simulated/phone/${encodeURIComponent(number.value)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: typed, name: name.value }),
  });
  await refresh();
}

document.querySelector("#compose").addEventListener("submit", (event) => { event.preventDefault(); send(); });
document.querySelector("#person").addEventListener("submit", (event) => event.preventDefault());
number.addEventListener("change", refresh);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(); }
});
setInterval(refresh, 700);
refresh();
