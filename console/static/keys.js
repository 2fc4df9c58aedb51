// The keyboard, and what only a script can do: moving through lists, one-key acts, words put into an answer.

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(key) {
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else {
    target.focus();
    target.click();
  }
  return true;
}

async function insert(link) {
  const reply = document.getElementById("reply-text");
  const answer = await fetch(link.dataset.insert, { headers: { Accept: "text/plain" } });
  if (!reply || !answer.ok) {
    location.assign(link.href);
    return;
  }
  const words = await answer.text();
  const before = reply.value.slice(0, reply.selectionStart);
  reply.setRangeText(before && !before.endsWith("\n") ? `\n\n${words}` : words, reply.selectionStart, reply.selectionEnd, "end");
  reply.dispatchEvent(new InputEvent("input", { bubbles: true }));
  reply.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
    const form = event.target.closest?.("form");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.matches("textarea") && form) form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const arrows = event.key.startsWith("Arrow") && !document.activeElement?.matches("[data-row]");
  if (event.key === "?") document.getElementById("keys")?.showModal();
  else if (event.key in moves && !arrows ? !step(moves[event.key]) : !/^[\w/]$/.test(event.key) || !press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    insert(link);
  }
  if (event.target.closest("[data-open-keys]")) document.getElementById("keys")?.showModal();
});

// A form that is being sent is not sent twice.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.hasAttribute("data-sent")) event.preventDefault();
  event.target.setAttribute("data-sent", "");
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => form.removeAttribute("data-sent")));
for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;

const place = document.querySelector(".drawing .current");
if (place) {
  const drawing = place.closest(".drawing");
  const box = place.getBoundingClientRect();
  drawing.scrollLeft += box.left + box.width / 2 - drawing.getBoundingClientRect().left - drawing.clientWidth / 2;
}
