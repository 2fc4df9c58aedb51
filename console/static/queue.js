// Choosing several cases of the queue: by the mouse, with x on the line that has the focus, all that are shown at once.
// What is chosen outlives the queue's refreshing itself.

const chosen = new Set();
const ticks = () => [...document.querySelectorAll("[data-tick]")];

function show() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const count = ticks().filter((tick) => tick.checked).length;
  const words = bar.querySelector("[data-many]");
  words.textContent = count === 1 ? words.dataset.one : words.dataset.several.replace("{n}", count);
  bar.hidden = count === 0;
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.checked = count > 0 && count === ticks().length;
    all.indeterminate = count > 0 && count < ticks().length;
  }
}

function choose(tick, on) {
  tick.checked = on;
  if (on) chosen.add(tick.value);
  else chosen.delete(tick.value);
}

function restore() {
  for (const tick of ticks()) tick.checked = chosen.has(tick.value);
  for (const hidden of document.querySelectorAll("#lote [data-with-script]")) hidden.hidden = false;
  show();
}

if (!globalThis.ventanillaQueue) {
  globalThis.ventanillaQueue = true;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) for (const tick of ticks()) choose(tick, event.target.checked);
    else if (event.target.matches("[data-tick]")) choose(event.target, event.target.checked);
    else return;
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    const tick = document.activeElement?.closest(".work-row")?.querySelector("[data-tick]");
    if (!tick || document.querySelector("dialog[open]")) return;
    choose(tick, !tick.checked);
    show();
    event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", restore);
  addEventListener("pageshow", () => {
    for (const tick of ticks()) if (tick.checked) chosen.add(tick.value);
    restore();
  });
}
restore();
