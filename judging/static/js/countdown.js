/** Keeps "2 days 4 hours left" true. Units are worded by the browser in the language of the page. */
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

function tick(element, deadline) {
  const seconds = Math.floor((deadline - Date.now()) / 1000);
  element.textContent = seconds > 0
    ? element.dataset.textLeft.replace("{left}", inWords(seconds, document.documentElement.lang))
    : element.dataset.textOver;
  if (seconds > 0) setTimeout(() => tick(element, deadline), seconds > 3660 ? 30_000 : 1000);
}

export function start(root) {
  for (const element of root.querySelectorAll("[data-deadline]")) tick(element, Date.parse(element.dataset.deadline));
}
