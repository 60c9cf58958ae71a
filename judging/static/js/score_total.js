/**
 * The running total of a score sheet: the sum of weight × (mark − minimum) / (maximum − minimum), on whole numbers (BigInt
 * fractions), rounded half up once at the end; where one cannot judge some criteria, scaled up from the others to all weights.
 * The server's total is the one that counts; this shows the same while marking, with subtotals of groups and what is missing by name.
 */
import { measure } from "./count.js";
import { focusMark } from "./mark_scale.js";

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

const whole = ({ value, scale }) => [value, ten(scale)];
const times = ([a, b], [c, d]) => [a * c, b * d];
const over = ([a, b], [c, d]) => [a * d, b * c];

/** Points over the criteria that were judged, as points over all: `judged` and `all` are sums of weights. */
export const scaled = (given, judged, all) => (judged[0] ? times(given, over(all, judged)) : given);

/** A fraction that is not negative as text with `digits` decimals, half up. */
export function round([numerator, denominator], digits, comma) {
  const shifted = (numerator * ten(digits) * 2n + denominator) / (denominator * 2n);
  const text = shifted.toString().padStart(digits + 1, "0");
  return digits ? `${text.slice(0, -digits)}${comma}${text.slice(-digits)}` : text;
}

/** A sum of weights with the decimals that it has. */
function plain(fraction, comma) {
  const text = round(fraction, 6, comma);
  return text.includes(comma) ? text.replace(/0+$/, "").replace(new RegExp(`\\${comma}$`), "") : text;
}

const isAbstention = (scale) => Boolean(scale.querySelector("input[value=abstain]:checked"));

function markOf(scale) {
  const control = scale.querySelector("input[type=radio]:checked") ?? scale.querySelector("input[inputmode]");
  const mark = parse(control?.value);
  const [low, high] = [parse(scale.dataset.minimum), parse(scale.dataset.maximum)];
  if (!mark) return null;
  const digits = Math.max(mark.scale, low.scale, high.scale);
  const inside = rescale(low, digits) <= rescale(mark, digits) && rescale(mark, digits) <= rescale(high, digits);
  return inside ? mark : null;
}

const atMost = (mark, text) => {
  const limit = parse(text);
  const digits = Math.max(mark.scale, limit?.scale ?? 0);
  return Boolean(limit) && rescale(mark, digits) <= rescale(limit, digits);
};
const atLeast = (mark, text) => {
  const limit = parse(text);
  const digits = Math.max(mark.scale, limit?.scale ?? 0);
  return Boolean(limit) && rescale(mark, digits) >= rescale(limit, digits);
};

/** The comment that the chosen mark asks for and that is not there, or is too short. */
function commentLacking(scale, mark) {
  const { commentLow, commentHigh } = scale.dataset;
  if (!mark || !(atMost(mark, commentLow) || atLeast(mark, commentHigh))) return null;
  const control = scale.querySelector("textarea[name^=comment-]");
  const needed = Number(control?.dataset.shortest ?? 1);
  const left = needed - measure((control?.value ?? "").trim(), "characters");
  return control ? { control, left, needed } : null;
}

class Total {
  constructor(form, panel) {
    this.form = form;
    this.panel = panel;
    this.scales = [...form.querySelectorAll("[data-mark-scale][data-weight]")];
    this.comma = new Intl.NumberFormat(document.documentElement.lang).format(0.5)[1];
    this.digits = Number(panel.dataset.digits);
    this.timer = 0;
    this.first = null;
  }

  start() {
    this.form.addEventListener("input", ({ target }) => this.typed(target));
    this.form.addEventListener("put", () => this.update());
    this.part("next")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.first?.go();
    });
    this.panel.hidden = false;
    this.update();
  }

  part(name) {
    return this.panel.querySelector(`[data-score-${name}]`);
  }

  typed(target) {
    const said = this.update();
    if (!target.closest("[data-mark-scale]") || target.matches("textarea")) return;
    clearTimeout(this.timer);
    const live = this.part("live");
    this.timer = setTimeout(() => { live.textContent = live.dataset.textLive.replace(/\{(\w+)\}/g, (_, name) => said[name]); }, 1200);
  }

  /** What the scales give: points over judged weights. */
  reckon(scales) {
    const marks = scales.map(markOf);
    const given = sum(scales.flatMap(({ dataset }, index) =>
      marks[index] ? [points(parse(dataset.weight), marks[index], parse(dataset.minimum), parse(dataset.maximum))] : []));
    const weights = (chosen) => sum(chosen.map(({ dataset }) => whole(parse(dataset.weight))));
    return { marks, given, judged: weights(scales.filter((scale) => !isAbstention(scale))), all: weights(scales) };
  }

  update() {
    const { marks, given, judged, all } = this.reckon(this.scales);
    const reached = scaled(given, judged, all);
    const total = round(reached, this.digits, this.comma);
    this.part("value").textContent = total;
    this.part("share").textContent = all[0] ? `${round(times(over(reached, all), [100n, 1n]), 0, this.comma)}\u00a0%` : "";
    this.subtotals();
    const without = this.scales.filter(isAbstention).map(({ dataset }) => dataset.title);
    this.say("without", without.length > 0, (text) => text.replace("{codes}", without.join(", ")));
    const unmarked = this.scales.filter((scale, index) => !marks[index] && !isAbstention(scale) && !("optional" in scale.dataset));
    const unsaid = this.unsaid(marks);
    const { missing } = this.missing(unmarked, unsaid);
    return { total, maximum: this.part("live").dataset.maximum, missing };
  }

  subtotals() {
    for (const section of this.form.querySelectorAll("[data-score-part]")) {
      const place = section.querySelector("[data-score-subtotal]");
      if (!place) continue;
      const { given, judged } = this.reckon([...section.querySelectorAll("[data-mark-scale][data-weight]")]);
      const values = { points: round(given, this.digits, this.comma), maximum: plain(judged, this.comma) };
      place.textContent = judged[0] ? place.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name]) : "–";
      place.hidden = false;
    }
  }

  say(name, there, words) {
    const place = this.part(name);
    if (!place) return;
    place.hidden = !there;
    if (there) place.textContent = words(place.dataset.text);
  }

  /** Comments that marks ask for, and questions beside the criteria. */
  unsaid(marks) {
    const place = this.part("unsaid");
    const comments = this.scales.flatMap((scale, index) => {
      const lacking = commentLacking(scale, marks[index]);
      this.rule(scale, lacking);
      const name = place?.dataset.textComment.replace("{code}", scale.dataset.title);
      return lacking && lacking.left > 0 ? [{ name, go: () => lacking.control.focus(), href: `#${lacking.control.id}` }] : [];
    });
    const asked = [...this.panel.querySelectorAll("[data-score-asked]")].flatMap(({ dataset }) => {
      const name = dataset.scoreAsked;
      const radios = [...this.form.querySelectorAll(`input[name="${name}"]`)];
      return radios.length && !radios.some(({ checked }) => checked)
        ? [{ name: dataset.title, go: () => radios[0].focus(), href: `#${name}` }] : [];
    });
    return [...comments, ...asked];
  }

  /** The line below a comment: how many characters a mark still asks for. */
  rule(scale, lacking) {
    const line = scale.querySelector("[data-comment-rule]");
    if (!line) return;
    line.hidden = !lacking;
    if (!lacking) return;
    line.classList.toggle("comment-rule--enough", lacking.left <= 0);
    const text = lacking.left > 0 ? line.dataset.textShort : line.dataset.textEnough;
    line.textContent = text.replace("{shortest}", lacking.needed).replace("{left}", lacking.left);
  }

  missing(unmarked, unsaid) {
    const [place, also] = [this.part("missing"), this.part("unsaid")];
    const marks = unmarked.map((scale) => ({ name: scale.dataset.title, go: () => focusMark(scale), href: `#${scale.id}` }));
    if (marks.length) fill(place, place.dataset.textMissing, "{codes}", marks);
    else place.textContent = place.dataset.textComplete;
    if (also) {
      also.hidden = unsaid.length === 0;
      fill(also, also.dataset.text, "{names}", unsaid);
    }
    const all = [...marks, ...unsaid];
    this.panel.classList.toggle("score-total--complete", marks.length === 0);
    [this.first] = all;
    this.say("next", all.length > 0, (text) => text.replace("{count}", all.length));
    return { missing: place.textContent };
  }
}

function lead({ name, go, href }) {
  const link = document.createElement("a");
  Object.assign(link, { textContent: name, href });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  return link;
}

/** A sentence in which the names are links to what they name. */
function fill(place, template, hole, items) {
  const [before, after] = template.split(hole);
  const links = items.flatMap((item, index) => [...(index ? [", "] : []), lead(item)]);
  place.replaceChildren(before, ...links, after);
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-score]")) {
    const panel = root.querySelector(`[data-score-total][data-for="${form.id}"]`) ?? form.querySelector("[data-score-total]");
    if (panel) new Total(form, panel).start();
  }
}
