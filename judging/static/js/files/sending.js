/**
 * Sends a file in pieces and goes on after a break. The server says after every piece how much of the file it has, and the next piece is cut
 * from there; so a piece that came twice, or an answer that was lost, does no harm.
 *   POST <pieces>            name, size, piece (the first)  200 {"upload": "…", "received": 1048576, "piece": 1048576}
 *   POST <pieces>/<upload>   at, piece                      200 {"received": 2097152}
 *   POST <pieces>/<upload>/end                              200 {"message": "…"} taken; 422 {"message": "…"} not taken
 *   4xx {"message": "…"}     refused, for good
 *   5xx, 429, no answer      not now: tried again
 */
const FIRST = 1 << 20;
const PATIENCE = 120_000;
const PAUSES = [1000, 2000, 4000, 8000, 15_000];

export class Refusal extends Error {}

export class Upload {
  /** told: {progress(received), waiting(received), resumed(received), checking()} */
  constructor(file, address, token, told) {
    Object.assign(this, { file, address, token, told, received: 0, piece: FIRST, upload: "", failures: 0 });
    this.stopping = new AbortController();
  }

  /** The server's sentence when the file is taken; throws Refusal when it is not, and an AbortError when it is cancelled. */
  async send() {
    const begun = await this.ask("", { name: this.file.name, size: this.file.size, piece: this.file.slice(0, FIRST) });
    Object.assign(this, { upload: begun.upload, piece: begun.piece, received: begun.received });
    if (this.received > Math.min(FIRST, this.file.size)) this.told.resumed(this.received);
    while (this.received < this.file.size) {
      this.told.progress(this.received);
      const end = Math.min(this.received + this.piece, this.file.size);
      const answer = await this.ask(`/${this.upload}`, { at: this.received, piece: this.file.slice(this.received, end) });
      this.received = answer.received;
    }
    this.told.checking();
    return (await this.ask(`/${this.upload}/end`, {})).message;
  }

  /** Stops sending and lets the server forget what came. */
  cancel() {
    this.stopping.abort();
    if (this.upload) this.once(`/${this.upload}/removal`, {}, AbortSignal.timeout(PATIENCE)).catch(() => {});
  }

  async ask(path, fields) {
    for (;;) {
      const answer = await this.tried(path, fields);
      if (answer) {
        this.failures = 0;
        return answer;
      }
      this.told.waiting(this.received);
      await this.pause(PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
      this.failures += 1;
    }
  }

  /** The answer; null where there was none that says anything, so that it is asked again. */
  async tried(path, fields) {
    let response = null;
    try {
      response = await this.once(path, fields, AbortSignal.any([this.stopping.signal, AbortSignal.timeout(PATIENCE)]));
      if (response.ok) return await response.json();
    } catch {
      this.stopping.signal.throwIfAborted();
      return null;
    }
    if (response.status >= 500 || response.status === 429 || response.status === 409) return null;
    const { message } = await response.json().catch(() => ({}));
    throw new Refusal(message ?? "");
  }

  once(path, fields, signal) {
    const data = new FormData();
    data.append("csrf_token", this.token);
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    const headers = { "X-Requested-With": "fetch", Accept: "application/json" };
    return fetch(this.address + path, { method: "POST", body: data, headers, credentials: "same-origin", signal });
  }

  /** Waits; sooner over when the connection is back, and at once when it is cancelled. */
  pause(milliseconds) {
    return new Promise((resolve, reject) => {
      const over = () => { clearTimeout(timer); window.removeEventListener("online", over); resolve(); };
      const timer = setTimeout(over, milliseconds);
      window.addEventListener("online", over);
      this.stopping.signal.addEventListener("abort", () => { clearTimeout(timer); reject(this.stopping.signal.reason); }, { once: true });
    });
  }
}
