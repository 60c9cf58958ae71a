/** How far experts agree on each criterion: a bar from 0, with the bounds of what is called agreement. */
import { hatch, marked, namesAxis, oneDecimal, quietLines, sayPoint, shorten, tooltip } from "./chart.js";

const ROW = 34;
const EDGES = 84;
const STYLES = { high: "firm", fair: "soft", low: "unsure", none: "alarm", uniform: "out" };

function style(level, colour) {
  const plain = { color: colour(STYLES[level]) };
  if (level === "low") return { ...plain, decal: hatch(colour("unsure-ink")), borderColor: colour("unsure-ink"), borderWidth: 1 };
  if (level === "uniform") return { ...plain, borderColor: colour("out-ink"), borderWidth: 1 };
  return level === "none" ? { ...plain, borderColor: colour("alarm-ink"), borderWidth: 2 } : plain;
}

export function agreement({ points, words, narrow, colour }) {
  const width = narrow ? 44 : 380;
  const least = Math.min(0, ...points.map((point) => point.value));
  const named = (point) => (narrow ? point.label : shorten(point.code ? `${point.code}  ${point.title}` : point.title, 70));
  const bounds = words.levels.map((level) => ({ at: level.least, text: narrow ? "" : `${level.label} →` }));
  const option = {
    grid: { left: width + 20, right: 20, top: 34, bottom: 50 },
    tooltip: tooltip(sayPoint),
    xAxis: {
      type: "value", min: Math.floor(least * 5) / 5, max: 1, interval: 0.2, name: narrow ? words.short : words.axis, nameLocation: "middle",
      nameGap: 28, nameTextStyle: { color: colour("quiet") }, axisLabel: { formatter: oneDecimal }, splitLine: quietLines(colour),
      axisTick: { show: false },
    },
    yAxis: namesAxis(points.map(named), width, colour),
    series: [
      {
        type: "bar", barWidth: 16,
        data: points.map((point) => ({ value: point.value, point, itemStyle: style(point.level, colour) })),
        markLine: marked(bounds, colour, { width: 1.5, color: colour("bound") }),
      },
    ],
  };
  return { height: points.length * ROW + EDGES, option };
}
