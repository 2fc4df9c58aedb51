// Lets the waits run: the server says since when somebody waits, the page counts on, each second.

const LONG = 15 * 60;
const TOO_LONG = 3_600;

function said(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(seconds / 3_600), days = Math.floor(seconds / 86_400);
  const two = (number) => String(number).padStart(2, "0");
  if (days) return `${days} d ${hours % 24} h`;
  if (hours) return `${hours} h ${two(minutes % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

function count() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-wait]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
    const words = said(seconds);
    if (time.textContent !== words) time.textContent = words;
    time.classList.toggle("calm", seconds < LONG);
    time.classList.toggle("warn", seconds >= LONG && seconds < TOO_LONG);
    time.classList.toggle("bad", seconds >= TOO_LONG);
  }
}

setInterval(count, 1000);
document.addEventListener("visibilitychange", count);

// The place of a case in its drawing is brought to the middle of the little window.
const place = document.querySelector(".small-drawing .current");
if (place) {
  const drawing = place.closest(".small-drawing");
  const box = place.getBoundingClientRect(), frame = drawing.getBoundingClientRect();
  drawing.scrollTop += box.top + box.height / 2 - frame.top - drawing.clientHeight / 2;
}

// The newest words are at the end: a conversation that is opened is read from there, and followed while one is there.
const talk = document.querySelector(".pane-talk");
if (talk) {
  const ended = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  talk.scrollTop = talk.scrollHeight;
  let follows = true;
  talk.addEventListener("scroll", () => { follows = ended(); }, { passive: true });
  new MutationObserver(() => { if (follows) talk.scrollTop = talk.scrollHeight; }).observe(talk, { childList: true, subtree: true });
}
