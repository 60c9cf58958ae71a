/**
 * What every page does about copies of typed text: one that a button sent is dropped when the page it led to says that it was kept
 * (#kept-NAME), old ones are swept, and the page for signing in says that text waits in this browser ([data-copies-waiting]).
 */
import { acknowledge, anyWaits, sweep } from "./copies.js";

export function start(root) {
  const [, name] = /^#kept-([0-9a-f]{16})$/.exec(location.hash) ?? [];
  if (name) {
    acknowledge(name);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  sweep();
  for (const place of root.querySelectorAll("[data-copies-waiting]")) place.hidden = !anyWaits();
}
