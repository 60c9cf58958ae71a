/**
 * A PDF beside the sheet: [data-viewer] with its bar of buttons and [data-viewer-pages], in which the pages stand one below the other.
 * Keys while the pages have the focus: ← → a page, + − the size, 0 the whole width, Home and End the first and the last page, Esc back.
 */
import { library, open } from "./library.js";
import { remember, remembered } from "./memory.js";
import { PdfPage } from "./page.js";

const SMALLEST = 0.3;
const GREATEST = 4;
const STEP = 1.2;
const MOST_PAGES = 3000;
/** Pages that stay drawn around the one in sight; the others are wiped, for a picture takes some megabytes. */
const NEAR = 3;

export class Viewer {
  constructor(root, closed) {
    this.root = root;
    this.closed = closed;
    this.pane = root.querySelector("[data-viewer-pages]");
    this.pages = [];
    for (const name of ["title", "download", "number", "count", "status", "size"]) this[name] = root.querySelector(`[data-viewer-${name}]`);
    this.acts = {
      close: () => this.closed(), previous: () => this.go(this.current - 1), next: () => this.go(this.current + 1),
      smaller: () => this.zoom(1 / STEP), larger: () => this.zoom(STEP), fit: () => this.fit(),
    };
    this.listen();
  }

  listen() {
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-viewer-act]");
      if (button) this.acts[button.dataset.viewerAct]();
    });
    this.pane.addEventListener("keydown", (event) => this.keyed(event));
    this.pane.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.number.addEventListener("change", () => this.go(Number(this.number.value)));
    this.number.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Enter") this.go(Number(this.number.value));
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closed();
    });
    new ResizeObserver(() => this.resized()).observe(this.pane);
  }

  keyed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target !== this.pane) return;
    const keys = {
      ArrowLeft: this.acts.previous, ArrowRight: this.acts.next, "+": this.acts.larger, "=": this.acts.larger,
      "-": this.acts.smaller, 0: this.acts.fit, Home: () => this.go(1), End: () => this.go(this.pages.length),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  /** Open what the address holds, at a page; without one where it was left. */
  async open({ address, title, download, page }) {
    this.shut();
    const turn = this.turn = Symbol(address);
    this.key = `pdf:${address}`;
    this.title.textContent = title;
    this.download.href = download;
    this.say(this.root.dataset.opening);
    try {
      const task = await open(address);
      const pdf = await task.promise;
      const first = await pdf.getPage(1);
      if (this.turn !== turn) return void task.destroy();
      this.task = task;
      this.pdf = pdf;
      this.lay(first);
      this.go(page || Number(remembered(this.key)) || 1);
      this.say("");
    } catch (fault) {
      if (this.turn === turn) this.say(fault?.name === "PasswordException" ? this.root.dataset.locked : this.root.dataset.failed);
    }
  }

  lay(first) {
    const { width, height } = first.getViewport({ scale: 1 });
    const count = Math.min(this.pdf.numPages, MOST_PAGES);
    this.pages = Array.from({ length: count }, (_, at) => new PdfPage(at + 1, this.root.dataset.page, { width, height }));
    this.count.textContent = String(count);
    this.number.max = String(count);
    this.fitted = true;
    this.rescale();
    this.pane.replaceChildren(...this.pages.map((page) => page.place));
  }

  width() {
    return Math.max(120, this.pane.clientWidth - 16);
  }

  rescale() {
    if (this.fitted) this.factor = Math.min(GREATEST, this.width() / this.pages[0].size.width);
    for (const page of this.pages) page.scale(this.factor);
    this.size.textContent = `${Math.round(this.factor * 100)} %`;
  }

  zoom(by) {
    this.fitted = false;
    this.anew(() => { this.factor = Math.min(GREATEST, Math.max(SMALLEST, this.factor * by)); });
  }

  fit() {
    this.fitted = true;
    this.anew(() => {});
  }

  /** Change the size and stay at the same place of the same page. */
  anew(change) {
    const page = this.pages[this.current - 1];
    if (!page) return;
    const along = (this.pane.scrollTop - page.place.offsetTop) / page.place.offsetHeight;
    change();
    this.rescale();
    this.pane.scrollTop = page.place.offsetTop + along * page.place.offsetHeight;
    this.draw();
  }

  resized() {
    const width = this.pane.clientWidth;
    if (!this.pdf || !this.fitted || !width || width === this.laid) return;
    this.laid = width;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.fit(), 150);
  }

  go(number) {
    if (!this.pages.length || !Number.isFinite(number)) return;
    const page = this.pages[Math.min(this.pages.length, Math.max(1, Math.trunc(number))) - 1];
    this.pane.scrollTop = page.place.offsetTop - 8;
    this.at(page.number);
    this.draw();
  }

  at(number) {
    this.current = number;
    this.number.value = String(number);
    remember(this.key, String(number));
  }

  scrolled() {
    if (!this.pages.length) return;
    const line = this.pane.scrollTop + this.pane.clientHeight / 3;
    const seen = this.pages.findLast((page) => page.place.offsetTop <= line) ?? this.pages[0];
    if (seen.number !== this.current) this.at(seen.number);
    clearTimeout(this.drawing);
    this.drawing = setTimeout(() => this.draw(), 60);
  }

  async draw() {
    const { pdf, current } = this;
    const near = (page) => Math.abs(page.number - current) <= NEAR;
    for (const page of this.pages) if (!near(page) && page.drawn) page.clear();
    const wanted = this.pages.filter((page) => page.number >= current - 1 && page.number <= current + 2);
    const order = wanted.toSorted((a, b) => Math.abs(a.number - current) - Math.abs(b.number - current));
    const loaded = await library();
    for (const page of order) {
      if (this.pdf !== pdf) return;
      page.draw(pdf, loaded).catch((fault) => this.missed(page, fault));
    }
  }

  missed(page, fault) {
    if (fault?.name === "RenderingCancelledException" || fault?.name === "AbortException") return;
    page.place.textContent = this.root.dataset.failed;
  }

  say(words) {
    this.status.textContent = words;
    this.status.hidden = !words;
  }

  shut() {
    this.turn = undefined;
    for (const page of this.pages) page.clear();
    this.pages = [];
    this.pane.replaceChildren();
    this.task?.destroy();
    this.task = this.pdf = undefined;
  }
}
