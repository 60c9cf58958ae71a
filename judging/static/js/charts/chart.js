/**
 * One chart: its option is made by a function of what there is to show and of the width, and made anew when a narrow page becomes
 * a wide one. Colours are custom properties of the style sheet (css/components/chart.css), so that there is one place for them.
 */
const NARROW = 560;

export class Chart {
  constructor(place, kind, points, words) {
    Object.assign(this, { place, kind, points, words });
    this.style = getComputedStyle(place);
    this.narrow = null;
  }

  start() {
    const locale = document.documentElement.lang === "ru" ? "RU" : "EN";
    this.resize();
    this.chart = globalThis.echarts.init(this.place, null, { renderer: "svg", locale });
    this.show();
    new ResizeObserver(() => {
      const narrow = this.narrow;
      this.resize();
      this.chart.resize();
      if (narrow !== this.narrow) this.show();
      this.scale();
    }).observe(this.place);
  }

  resize() {
    this.narrow = this.place.clientWidth < NARROW;
    const { height } = this.kind(this.told());
    this.place.style.height = `${height}px`;
  }

  told() {
    const { points, words, narrow } = this;
    return { points, words, narrow, colour: (name) => this.style.getPropertyValue(`--chart-${name}`).trim() };
  }

  show() {
    const { option } = this.kind(this.told());
    this.chart.setOption(
      {
        animation: false,
        textStyle: { fontFamily: this.style.fontFamily, fontSize: 13, color: this.style.color },
        aria: { enabled: true, label: { description: this.words.aria } },
        ...option,
      },
      { notMerge: true },
    );
    this.scale();
  }

  /** Paper is narrower than the page: with a view box the style sheet of print can make the drawing fit. */
  scale() {
    const svg = this.place.querySelector("svg");
    svg?.setAttribute("viewBox", `0 0 ${this.chart.getWidth()} ${this.chart.getHeight()}`);
  }
}

/** A tooltip whose text is set as text: no markup, no inline style, so that the content policy has nothing to block. */
export function tooltip(said) {
  return {
    confine: true,
    borderWidth: 1,
    padding: 8,
    formatter: (params) => {
      const lines = said(params.data?.point ?? params.data);
      if (!lines) return "";
      const box = document.createElement("div");
      box.className = "chart-tip";
      for (const [index, text] of lines.entries()) {
        const line = document.createElement(index ? "p" : "strong");
        line.textContent = text;
        box.append(line);
      }
      return box;
    },
  };
}

/** What a point is called and what is said of it. */
export function sayPoint(point) {
  return point?.said ? [[point.label, point.title].filter(Boolean).join(" · "), ...point.said] : null;
}

/** What is drawn alike everywhere: lines of a value axis, names of a category axis from the left edge on, marked lines. */
export const quietLines = (colour) => ({ lineStyle: { color: colour("line"), width: 1 } });
export const namesAxis = (names, width, colour) => ({
  type: "category", data: names, inverse: true,
  axisLabel: { align: "left", margin: width + 4, width, overflow: "truncate", interval: 0, fontSize: 12, color: colour("text") },
  axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: colour("line") } },
});
export const marked = (lines, colour, style = {}, position = "start") => ({
  silent: true, symbol: "none", lineStyle: { color: colour("mark"), width: 2, type: [6, 4], ...style },
  data: lines.map(({ at, text }) => ({ xAxis: at, label: { formatter: text, position, color: style.color ?? colour("mark"), fontWeight: 600 } })),
});

/** Whole places only, the first and the last among them. */
export function wholeTicks(first, last, most = 12) {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((size) => (last - first) / size <= most) ?? 2000;
  const known = [first];
  for (let place = Math.ceil((first + step / 2) / step) * step; place <= last - step / 2; place += step) known.push(place);
  return first === last ? known : [...known, last];
}

export const shorten = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
export const oneDecimal = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }).replace("-", "−");

/** The hatch of what is uncertain: told apart without colour, on paper too. */
export const hatch = (colour) => ({ symbol: "rect", symbolSize: 1, color: colour, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 });
