/** The PDF of a document of another format: asked for where it is not there yet, and awaited. */
const PAUSE = 1500;
const LONGEST = 180_000;
const HEADERS = { Accept: "application/json", "X-Requested-With": "fetch" };

export class Rendition {
  constructor(root) {
    this.root = root;
  }

  /** The address of the PDF; undefined where it cannot be made, which the viewer then says. */
  async address(address, viewer) {
    const turn = viewer.turn = Symbol(address);
    viewer.shut();
    viewer.turn = turn;
    viewer.say(this.root.dataset.making);
    const until = Date.now() + LONGEST;
    let asked = false;
    while (viewer.turn === turn && Date.now() < until) {
      const state = await this.state(address, asked).catch(() => "failed");
      if (state === "ready") return address;
      if (state === "failed") break;
      asked = true;
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
    if (viewer.turn === turn) viewer.say(this.root.dataset.failed);
    return undefined;
  }

  async state(address, asked) {
    const answer = await fetch(`${address}/state`, { headers: HEADERS });
    if (!answer.ok) return "failed";
    const { state } = await answer.json();
    if (state !== "absent" && state !== "failed") return state;
    return asked ? "failed" : this.ask(address);
  }

  async ask(address) {
    const body = new URLSearchParams({ csrf_token: document.querySelector("input[name=csrf_token]")?.value ?? "" });
    const answer = await fetch(address, { method: "POST", body, headers: HEADERS });
    return answer.ok ? "waiting" : "failed";
  }
}
