/**
 * Views of one thing as tabs: [data-panels] holds links (nav.tabs) to the panels under it. One panel is in sight; arrows, Home and End
 * move between the tabs, and a link to anything within a panel brings that panel into sight. Without JS all stand one below the other.
 */
import { remembered, remember } from "./reading/memory.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

class Panels {
  constructor(root) {
    this.root = root;
    this.tabs = [...root.querySelectorAll(".tabs__link")].filter((tab) => root.querySelector(tab.hash));
    this.key = `${location.pathname}#${root.dataset.panels}`;
    this.describe();
    root.addEventListener("keydown", (event) => this.keyed(event));
    const last = this.tabs.find((tab) => tab.hash === remembered(this.key));
    this.choose(this.holding(location.hash) ?? last ?? this.tabs[0]);
  }

  describe() {
    this.tabs[0].closest("ul").setAttribute("role", "tablist");
    for (const tab of this.tabs) {
      const panel = this.panel(tab);
      tab.parentElement.setAttribute("role", "presentation");
      tab.setAttribute("role", "tab");
      tab.id = `${panel.id}-tab`;
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        this.choose(tab);
      });
    }
  }

  panel(tab) {
    return this.root.querySelector(tab.hash);
  }

  choose(chosen) {
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      this.panel(tab).hidden = tab !== chosen;
    }
    remember(this.key, chosen.hash);
  }

  /** The tab whose panel is, or holds, what an address within the page names. */
  holding(hash) {
    const place = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    return place ? this.tabs.find((tab) => this.panel(tab).contains(place)) : undefined;
  }

  show(hash) {
    const tab = this.holding(hash);
    if (tab) this.choose(tab);
    return Boolean(tab);
  }

  keyed(event) {
    const at = this.tabs.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const count = this.tabs.length;
    const to = { Home: 0, End: count - 1 }[event.key] ?? (event.key in STEPS ? (at + STEPS[event.key] + count) % count : undefined);
    if (to === undefined) return;
    event.preventDefault();
    this.choose(this.tabs[to]);
    this.tabs[to].focus();
  }
}

/** Bring what the address names into sight and give it the focus. */
export function reveal(all, hash) {
  if (!all.some((panels) => panels.show(hash))) return false;
  const place = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
  return true;
}

export function start(root) {
  const all = [...root.querySelectorAll("[data-panels]")].map((one) => new Panels(one));
  if (!all.length) return;
  if (location.hash) reveal(all, location.hash);
  window.addEventListener("hashchange", () => reveal(all, location.hash));
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || link.getAttribute("role") === "tab" || event.defaultPrevented) return;
    if (reveal(all, link.hash)) event.preventDefault();
  });
}
