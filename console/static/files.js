// Shows the names and sizes of the files that were chosen, and says at once where they are too many or too big.

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte"];
  let at = 0;
  for (; bytes >= 1000 && at < 2; at += 1) bytes /= 1000;
  const form = { style: "unit", unit: units[at], maximumFractionDigits: at ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, form).format(bytes);
}

function line(words, fault) {
  const item = document.createElement("li");
  item.textContent = words;
  if (fault) item.className = "fault";
  return item;
}

function show(field) {
  const list = document.querySelector(`[data-chosen-for="${field.id}"]`);
  if (!list) return;
  const files = [...field.files];
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  const faults = [];
  if (files.length > Number(field.dataset.most)) faults.push(list.dataset.tooMany);
  if (whole > Number(field.dataset.mostBytes)) faults.push(list.dataset.tooBig);
  list.replaceChildren(...files.map((file) => line(`${file.name} · ${size(file.size)}`)), ...faults.map((words) => line(words, true)));
  list.hidden = !files.length;
  field.setCustomValidity(faults.join(" "));
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=file][data-most]")) show(target);
});
