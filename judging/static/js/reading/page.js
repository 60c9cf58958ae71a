/** One page of a PDF: its place on the sheet of pages, drawn while it is near, and its text over the picture for reading aloud and copying. */
const MOST_PIXELS = 16_777_216;
/** Layers of annotations are left out: links of a document lead nowhere from here, and forms are not filled in. */
const NO_ANNOTATIONS = 1;

export class PdfPage {
  constructor(number, words, size) {
    this.number = number;
    this.size = size;
    this.place = document.createElement("div");
    this.place.className = "pdf__page";
    this.place.setAttribute("role", "group");
    this.place.setAttribute("aria-label", `${words} ${number}`);
    this.place.dataset.page = String(number);
  }

  scale(scale) {
    this.factor = scale;
    this.place.style.setProperty("--total-scale-factor", String(scale));
    this.place.style.width = `${Math.floor(this.size.width * scale)}px`;
    this.place.style.height = `${Math.floor(this.size.height * scale)}px`;
  }

  async draw(pdf, library) {
    if (this.drawn === this.factor) return;
    this.clear();
    const factor = this.factor;
    this.drawn = factor;
    const page = await pdf.getPage(this.number);
    if (this.drawn !== factor) return;
    const viewport = page.getViewport({ scale: factor });
    this.size = { width: viewport.width / factor, height: viewport.height / factor };
    this.scale(factor);
    await this.paint(page, viewport, library);
  }

  async paint(page, viewport, library) {
    const wanted = globalThis.devicePixelRatio || 1;
    const ratio = Math.min(wanted, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement("canvas");
    canvas.className = "pdf__picture";
    canvas.width = Math.floor(viewport.width * ratio);
    canvas.height = Math.floor(viewport.height * ratio);
    canvas.setAttribute("aria-hidden", "true");
    const text = document.createElement("div");
    text.className = "pdf__text";
    this.place.replaceChildren(canvas, text);
    this.task = page.render({
      canvas, viewport, transform: ratio === 1 ? undefined : [ratio, 0, 0, ratio, 0, 0], annotationMode: NO_ANNOTATIONS,
    });
    this.text = new library.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    await Promise.all([this.task.promise, this.text.render()]);
    this.place.dataset.drawn = "";
  }

  clear() {
    this.task?.cancel();
    this.text?.cancel();
    this.task = this.text = this.drawn = undefined;
    delete this.place.dataset.drawn;
    this.place.replaceChildren();
  }
}
