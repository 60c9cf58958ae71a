/**
 * The documents beside the sheet: a button [data-open] opens its PDF in the viewer of the page, at [data-page] where it names one, and
 * a link to a criterion's document does the same. [data-return] leads back to the criterion that one came from. Without JS every link
 * leads to the document in the list.
 */
import { Rendition } from "./reading/rendition.js";
import { remember, remembered } from "./reading/memory.js";

class Reading {
  constructor(root) {
    this.root = root;
    this.viewerPlace = root.querySelector("[data-viewer]");
    this.list = root.querySelector("[data-documents]");
    this.back = root.querySelector("[data-return]");
    this.key = `open:${location.pathname}`;
    for (const button of root.querySelectorAll("[data-open]")) button.hidden = false;
    document.addEventListener("click", (event) => this.pressed(event));
    this.resume();
  }

  pressed(event) {
    const link = event.target.closest("[data-open], [data-document]");
    if (!link) return this.follow(event.target.closest("[data-place]"));
    const file = link.dataset.open ? link : this.root.querySelector(`[data-open][data-id="${link.dataset.document}"]`);
    this.follow(link.closest("[data-place]") ? link : null);
    if (!file) return undefined;
    event.preventDefault();
    event.stopPropagation();
    this.opener = link;
    return this.open(file, Number(link.dataset.page) || 0, true);
  }

  /** Offer the way back to the criterion whose link was pressed. */
  follow(link) {
    const criterion = link?.closest("[data-mark-scale]");
    if (!criterion || !this.back) return;
    this.back.hidden = false;
    this.back.querySelector("a").href = `#${criterion.id}`;
    this.back.querySelector("[data-return-to]").textContent = criterion.dataset.title;
  }

  async open(file, page, focus) {
    document.querySelector(`a[role="tab"][href="#${this.list.closest("[role=tabpanel]")?.id}"]`)?.click();
    this.list.hidden = true;
    this.viewerPlace.hidden = false;
    remember(this.key, file.dataset.id);
    const { Viewer } = await import("./reading/viewer.js");
    this.viewer ??= new Viewer(this.viewerPlace, () => this.close());
    if (focus) {
      this.viewer.pane.focus({ preventScroll: true });
      (this.root.closest(".split--sheet") ?? this.viewerPlace).scrollIntoView({ block: "nearest" });
      this.viewerPlace.scrollIntoView({ block: "nearest" });
    }
    const rendition = new Rendition(this.viewerPlace);
    const address = file.dataset.rendition ? await rendition.address(file.dataset.rendition, this.viewer) : file.dataset.open;
    if (address) await this.viewer.open({ address, title: file.dataset.title, download: file.dataset.download, page });
  }

  close() {
    this.viewer.shut();
    this.viewerPlace.hidden = true;
    this.list.hidden = false;
    remember(this.key, null);
    (this.opener ?? this.list.querySelector("[data-open]"))?.focus();
  }

  /** After a reload the document that was open is open again, where it was left. */
  resume() {
    const id = remembered(this.key);
    const file = id && !location.hash ? this.root.querySelector(`[data-open][data-id="${CSS.escape(id)}"]`) : null;
    if (file) this.open(file, 0, false);
  }
}

export function start(root) {
  const places = [...root.querySelectorAll("[data-reading]")].filter((place) => place.querySelector("[data-viewer]"));
  return places.map((place) => new Reading(place));
}
