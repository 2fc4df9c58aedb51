// Keeps the pages fresh. One tab holds the stream and tells the others what changed; htmx then fetches each
// page's own part again and morphs it, which leaves drafts, open details, the focus and the scroll as they are.

const NAMES = ["case-changed", "queue-changed", "callbacks-changed", "quarantine-changed", "procedures-changed", "presence-changed", "notices-changed", "administration-changed", "learning-changed", "people-changed", "schedules-changed"];
const tabs = new BroadcastChannel("ventanilla-live");

function tell(name) {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { bubbles: true }));
}

function heard({ name, about }) {
  if (name === "lost" || name === "found") {
    document.getElementById("offline")?.toggleAttribute("hidden", name === "found");
    if (name === "found") tell("again");
    return;
  }
  tell(name);
  if (name === "case-changed" && about) tell(`case-${about}`);
  if (name === "presence-changed" && about) tell(`presence-${about}`);
}

function everywhere(change) {
  tabs.postMessage(change);
  heard(change);
}

let stream = null;

function connect(lost) {
  stream?.close();
  const mine = stream = new EventSource("/live");
  mine.addEventListener("open", () => {
    if (lost) everywhere({ name: "found" });
    lost = false;
  });
  mine.addEventListener("error", () => {
    lost = true;
    everywhere({ name: "lost" });
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === stream && connect(true), 10_000);
  });
  for (const name of NAMES) {
    mine.addEventListener(name, (event) => everywhere({ name, about: event.data }));
  }
}

// A stream does not always notice that the network went away: the browser says so, and a new stream is sure to live.
addEventListener("offline", () => heard({ name: "lost" }));
addEventListener("online", () => stream && connect(true));
addEventListener("pagehide", () => stream?.close());

// What a person has begun to type, or opened, stays as it is.
function begun(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.selected !== o.defaultSelected);
  return "defaultValue" in field && field.value !== field.defaultValue;
}

function busy(form) {
  return form.hasAttribute("data-typed") || form.contains(document.activeElement) || [...form.elements].some(begun);
}

htmx.registerExtension("ventanilla", {
  // A refetch that waited for a search asks for what is shown now, not for what was shown when it began to wait.
  htmx_before_request: (element, { ctx }) => {
    if (element.id === "main" && element.hasAttribute("hx-get")) ctx.request.action = element.getAttribute("hx-get");
    return true;
  },
  htmx_before_morph_node: (old, { newNode }) => {
    if (old.dataset?.eyes && old.dataset.eyes === newNode.dataset?.eyes) return false;
    if (old.tagName === "DETAILS" && old.id === newNode.id) newNode.open = old.open;
    if (!old.matches?.("[data-draft]") || ![...old.querySelectorAll("form")].some(busy)) return true;
    if (old.dataset.revision !== newNode.dataset?.revision) old.querySelector(".stale")?.removeAttribute("hidden");
    return false;
  },
});

function countTime() {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short", numeric: "always" });
  const units = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (seconds > -10) continue;
    const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
    time.textContent = words.format(Math.round(seconds / size), unit);
  }
}

tabs.addEventListener("message", ({ data }) => heard(data));
if (document.body.hasAttribute("data-live")) {
  if (navigator.locks) navigator.locks.request("ventanilla-live", () => new Promise(() => connect(false)));
  else connect(false);
  setInterval(countTime, 30_000);
}
