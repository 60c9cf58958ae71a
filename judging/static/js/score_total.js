/**
 * The running total of a score sheet: the sum of weight × (mark − minimum) / (maximum − minimum), on whole numbers (BigInt
 * fractions), rounded half up once at the end. The server's total is the one that counts; this shows the same while marking.
 */

/** "8,5" or "8.50" → {value: 850n, scale: 2}; null when it is not a plain number. */
export function parse(text) {
  const match = /^\s*(-?)(\d+)(?:[.,](\d+))?\s*$/.exec(text ?? "");
  if (!match) return null;
  const [, sign, whole, part = ""] = match;
  return { value: BigInt(sign + whole + part), scale: part.length };
}

const ten = (power) => 10n ** BigInt(power);
const rescale = (number, scale) => number.value * ten(scale - number.scale);

/** Points of one criterion as a fraction [numerator, denominator]. */
export function points(weight, mark, minimum, maximum) {
  const scale = Math.max(mark.scale, minimum.scale, maximum.scale);
  const low = rescale(minimum, scale);
  return [weight.value * (rescale(mark, scale) - low), ten(weight.scale) * (rescale(maximum, scale) - low)];
}

export const sum = (fractions) => fractions.reduce(([a, b], [c, d]) => [a * d + c * b, b * d], [0n, 1n]);

/** A fraction that is not negative as text with `digits` decimals, half up. */
export function round([numerator, denominator], digits, comma) {
  const scaled = (numerator * ten(digits) * 2n + denominator) / (denominator * 2n);
  const text = scaled.toString().padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}${comma}${text.slice(-digits)}` : text;
}

function markOf(scale) {
  const control = scale.querySelector("input[type=radio]:checked") ?? scale.querySelector("input[inputmode]");
  const mark = parse(control?.value);
  const [low, high] = [parse(scale.dataset.minimum), parse(scale.dataset.maximum)];
  if (!mark) return null;
  const digits = Math.max(mark.scale, low.scale, high.scale);
  const inside = rescale(low, digits) <= rescale(mark, digits) && rescale(mark, digits) <= rescale(high, digits);
  return inside ? mark : null;
}

function wire(form, panel) {
  const scales = [...form.querySelectorAll("[data-mark-scale][data-weight]")];
  const comma = new Intl.NumberFormat(document.documentElement.lang).format(0.5)[1];
  const [value, missing, live] = ["value", "missing", "live"].map((part) => panel.querySelector(`[data-score-${part}]`));
  let timer = 0;
  const update = () => {
    const marks = scales.map(markOf);
    const done = scales.flatMap(({ dataset }, index) =>
      marks[index] ? [points(parse(dataset.weight), marks[index], parse(dataset.minimum), parse(dataset.maximum))] : []);
    const codes = scales.filter((_, index) => !marks[index]).map((scale) => scale.dataset.title).join(", ");
    const total = round(sum(done), Number(panel.dataset.digits), comma);
    value.textContent = total;
    missing.textContent = codes ? missing.dataset.textMissing.replace("{codes}", codes) : missing.dataset.textComplete;
    panel.classList.toggle("score-total--complete", !codes);
    return { total, maximum: live.dataset.maximum, missing: missing.textContent };
  };
  form.addEventListener("input", (event) => {
    if (!event.target.closest("[data-mark-scale]")) return;
    const said = update();
    clearTimeout(timer);
    timer = setTimeout(() => { live.textContent = live.dataset.textLive.replace(/\{(\w+)\}/g, (_, name) => said[name]); }, 1200);
  });
  panel.hidden = false;
  update();
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-score]")) {
    const panel = root.querySelector(`[data-score-total][data-for="${form.id}"]`) ?? form.querySelector("[data-score-total]");
    if (panel) wire(form, panel);
  }
}
