// The picker of a working moment: a press puts it into its input; arrows go from one to the next, up and down by days.

function slots(picker) {
  return [...picker.querySelectorAll("[data-at]")];
}

function mark(picker) {
  const value = document.getElementById(picker.dataset.picks)?.value;
  for (const slot of slots(picker)) slot.setAttribute("aria-pressed", String(slot.dataset.at === value));
}

function beside(slot, by) {
  const all = slots(slot.closest("[data-picks]"));
  return all[all.indexOf(slot) + by];
}

function across(slot, by) {
  const groups = [...slot.closest("[data-picks]").querySelectorAll(".work-slots")];
  const mine = slot.closest(".work-slots");
  const place = [...mine.children].indexOf(slot);
  const other = groups[groups.indexOf(mine) + by];
  return other && (other.children[Math.min(place, other.children.length - 1)]);
}

document.addEventListener("click", (event) => {
  const slot = event.target.closest("[data-at]");
  const picker = slot?.closest("[data-picks]");
  const input = picker && document.getElementById(picker.dataset.picks);
  if (!input) return;
  input.value = slot.dataset.at;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  mark(picker);
});

document.addEventListener("keydown", (event) => {
  const slot = event.target.closest?.("[data-picks] [data-at]");
  if (!slot) return;
  const to = {
    ArrowRight: () => beside(slot, 1),
    ArrowLeft: () => beside(slot, -1),
    ArrowDown: () => across(slot, 1),
    ArrowUp: () => across(slot, -1),
  }[event.key];
  if (!to) return;
  event.preventDefault();
  to()?.focus();
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("[data-picks]") && event.target.open) mark(event.target);
}, true);
