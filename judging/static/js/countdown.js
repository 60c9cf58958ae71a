/**
 * Keeps "2 days 4 hours left" true. What is left is said by the server; from then on the browser's monotonic clock counts,
 * so that neither its clock nor its time zone matters. Units are worded by the browser in the language of the page.
 */
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** The two greatest units of `seconds`, in words: "2 days 4 hours". */
export function inWords(seconds, language) {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "";
  let rest = seconds;
  const words = [];
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) words.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount));
  }
  return words.join(" ");
}

/** When this page was asked for, by the monotonic clock: the server counted after that, so less is shown, never more. */
const asked = performance.getEntriesByType("navigation")[0]?.requestStart ?? 0;

function left(element) {
  return Number(element.dataset.left) - (performance.now() - asked);
}

function tick(element) {
  const seconds = Math.floor(left(element) / 1000);
  element.textContent = seconds > 0
    ? element.dataset.textLeft.replace("{left}", inWords(seconds, document.documentElement.lang))
    : element.dataset.textOver;
  if (seconds > 0) element.timer = setTimeout(() => tick(element), seconds > 3660 ? 30_000 : 1000);
}

/** The monotonic clock may stand still while the machine sleeps: ask the server's clock, and believe it where less is left. */
async function askAgain(elements) {
  const answer = await fetch(import.meta.url, { method: "HEAD", cache: "no-store" }).catch(() => null);
  const present = Date.parse(answer?.headers.get("Date") ?? "");
  if (Number.isNaN(present)) return;
  for (const element of elements) {
    const missing = left(element) - (Date.parse(element.dataset.deadline) - present);
    if (missing > 0) element.dataset.left = String(Number(element.dataset.left) - missing);
    clearTimeout(element.timer);
    tick(element);
  }
}

export function start(root) {
  const elements = [...root.querySelectorAll("[data-left]")];
  for (const element of elements) tick(element);
  if (elements.length > 0) document.addEventListener("visibilitychange", () => { if (!document.hidden) askAgain(elements); });
}
