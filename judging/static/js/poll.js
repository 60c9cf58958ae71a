/**
 * Keeps a page about background work true: [data-poll-url] is asked every two seconds and answers
 *   {"text": "…", "done": 3, "of": 7, "over": false}
 * The words go into [data-poll-text] (aria-live) only when they change, the numbers into a <progress>; "over" opens the page anew.
 * A failed question is asked again, ever more slowly; a hidden tab does not ask. Without JS the page has a link to itself.
 */
const PAUSE = 2000;
const LONGEST_PAUSE = 30_000;

class Poll {
  constructor(place) {
    this.place = place;
    this.text = place.querySelector("[data-poll-text]");
    this.bar = place.querySelector("progress");
    this.figure = place.querySelector(".progress__text");
    this.pause = PAUSE;
  }

  start() {
    setTimeout(() => this.ask(), this.pause);
  }

  async ask() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => this.ask(), { once: true });
      return;
    }
    try {
      const response = await fetch(this.place.dataset.pollUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      this.show(await response.json());
      this.pause = PAUSE;
    } catch {
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
    this.start();
  }

  show({ text, figure, done, of, over }) {
    if (over) window.location.reload();
    if (this.text && this.text.textContent !== text) this.text.textContent = text;
    if (this.figure && figure) this.figure.textContent = figure;
    if (this.bar && of) {
      this.bar.max = of;
      this.bar.value = done;
    }
  }
}

export function start(root) {
  for (const place of root.querySelectorAll("[data-poll-url]")) new Poll(place).start();
}
