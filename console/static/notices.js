// The bell's number, and what tells somebody who looks elsewhere: a word on the desktop and a sound, both only if they asked.

const EVERY = 60_000;
const bell = () => document.getElementById("bell");

async function ask() {
  const place = bell();
  if (!place) return;
  const answer = await fetch(`/avisos/nuevos?despues=${place.dataset.newest}`).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { unread, newest, news } = await answer.json();
  show(unread);
  if (newest > Number(place.dataset.newest)) {
    place.dataset.newest = newest;
    if (news.length && document.hidden) tell(news);
  }
}

function show(unread) {
  const count = bell().querySelector("[data-unread]");
  count.hidden = !unread;
  count.firstChild.textContent = unread;
}

// One tab of the browser speaks for all.
function tell(news) {
  const speak = () => {
    const place = bell();
    if (place.hasAttribute("data-desktop") && window.Notification?.permission === "granted") {
      for (const { id, said, number } of news) {
        const shown = new Notification(said, { body: `${place.dataset.case} ${number}`, tag: `ventanilla-${id}` });
        shown.addEventListener("click", () => {
          window.focus();
          location.assign(`/avisos/${id}`);
          shown.close();
        });
      }
    }
    if (place.hasAttribute("data-sound")) sound();
  };
  if (!navigator.locks) return speak();
  navigator.locks.request(`ventanilla-notice-${news[0].id}`, { ifAvailable: true }, (lock) => {
    if (!lock) return undefined;
    speak();
    return new Promise((done) => setTimeout(done, 3_000));
  });
}

// Two soft tones, made here.
function sound() {
  const speaker = new AudioContext();
  [660, 880].forEach((pitch, place) => {
    const from = speaker.currentTime + place * 0.16;
    const tone = new OscillatorNode(speaker, { frequency: pitch });
    const level = new GainNode(speaker, { gain: 0 });
    level.gain.setValueAtTime(0, from);
    level.gain.linearRampToValueAtTime(0.12, from + 0.02);
    level.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
    tone.connect(level).connect(speaker.destination);
    tone.start(from);
    tone.stop(from + 0.32);
  });
  setTimeout(() => speaker.close(), 1_000);
}

document.body.addEventListener("live:notices-changed", ask);
document.body.addEventListener("live:again", ask);
setInterval(ask, EVERY);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-try-sound]")) sound();
});

// The browser is asked for its permission on this click alone.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.askDesktop !== "yes" || form.hasAttribute("data-asked")) return;
  event.preventDefault();
  const granted = window.Notification && (await Notification.requestPermission()) === "granted";
  await new Promise((done) => setTimeout(done)); // a form cannot be sent while it is being sent
  form.removeAttribute("data-sent");
  if (granted) {
    form.setAttribute("data-asked", "");
    form.requestSubmit(form.querySelector("[name=desktop]"));
    return;
  }
  const denied = document.getElementById("desktop-denied");
  denied.textContent = form.dataset.denied;
  denied.hidden = false;
});
