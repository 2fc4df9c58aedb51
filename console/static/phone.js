// An article that is opened while somebody talks counts as used; whoever opened it by mistake takes the tick off.

document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches?.("[data-reads]")) return;
  const tick = target.parentElement.querySelector("input[name=article]");
  if (tick) tick.checked = true;
}, true);
