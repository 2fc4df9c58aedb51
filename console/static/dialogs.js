// Shows a page that asks one thing as a dialogue over the page that leads to it. Without this script the link leads there.

async function show(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok) {
    location.assign(link.href);
    return;
  }
  const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const title = main.querySelector("h1");
  const dialog = document.createElement("dialog");
  dialog.className = "sheet asking";
  if (title) dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(...main.children);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const close = event.target.closest("dialog [data-close-dialog]");
  const link = event.target.closest("a[data-dialog]");
  if (!close && !link) return;
  event.preventDefault();
  if (close) close.closest("dialog").close();
  else show(link);
});
