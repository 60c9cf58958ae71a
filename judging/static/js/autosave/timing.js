/**
 * When to save: a moment after the last input, and at the latest so long after the first one that was not sent yet, however one types on.
 * form[data-autosave-pause] and [data-autosave-longest], in milliseconds, are other moments.
 */
const PAUSE = 1000;
const LONGEST = 8000;

export class Timing {
  constructor(act, dataset) {
    this.act = act;
    this.pause = Number(dataset.autosavePause ?? PAUSE);
    this.longest = Number(dataset.autosaveLongest ?? LONGEST);
    this.timer = 0;
    this.since = null;
  }

  /** Something was typed. */
  touched() {
    const now = Date.now();
    this.since ??= now;
    this.in(Math.min(this.pause, Math.max(this.since + this.longest - now, 0)));
  }

  /** What was typed until now is on its way. */
  taken() {
    this.since = null;
    this.cancel();
  }

  in(milliseconds) {
    this.cancel();
    this.timer = setTimeout(this.act, milliseconds);
  }

  cancel() {
    clearTimeout(this.timer);
  }
}
