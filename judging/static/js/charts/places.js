/** Where each project could stand: a bar from the best to the worst likely place, a diamond at the official one, the line. */
import { hatch, marked, namesAxis, quietLines, sayPoint, shorten, tooltip, wholeTicks } from "./chart.js";

const ROW = 26;
const EDGES = 84;
const MOST = 10;

function style(point, colour) {
  if (point.grade === "above") return { color: colour("firm") };
  if (point.grade === "grey") return { color: colour("unsure"), decal: hatch(colour("unsure-ink")), borderColor: colour("unsure-ink"), borderWidth: 1 };
  return { color: colour("out"), borderColor: colour("out-ink"), borderWidth: 1 };
}

/** Long numbers without the beginning that all of them share: what tells them apart must be seen on a narrow page. */
function tails(labels) {
  if (labels.every((label) => label.length <= MOST)) return labels;
  let shared = 0;
  while (shared < labels[0].length - 1 && labels.every((label) => label[shared] === labels[0][shared])) shared += 1;
  while (shared && /\w/u.test(labels[0][shared - 1])) shared -= 1;
  return shared ? labels.map((label) => `…${label.slice(shared - 1)}`) : labels;
}

export function places({ points, words, narrow, colour }) {
  const width = narrow ? 84 : 330;
  const names = narrow ? tails(points.map((point) => point.label)) : points.map((point) => `${point.label}  ${shorten(point.title, 60)}`);
  const first = Math.min(...points.map((point) => Math.min(point.lo, point.place)));
  const last = Math.max(...points.map((point) => Math.max(point.hi, point.place)));
  const ticks = wholeTicks(first, last, narrow ? 5 : 12);
  const shared = { type: "bar", barWidth: 14, stack: "range" };
  const option = {
    grid: { left: width + 20, right: 18, top: 36, bottom: 48 },
    tooltip: tooltip(sayPoint),
    xAxis: {
      type: "value", min: first - 0.5, max: last + 0.5, name: words.axis, nameLocation: "middle", nameGap: 26,
      nameTextStyle: { color: colour("quiet") }, axisLabel: { customValues: ticks }, axisTick: { customValues: ticks },
      splitLine: quietLines(colour),
    },
    yAxis: namesAxis(names, width, colour),
    series: [
      {
        type: "bar", barWidth: "100%", barGap: "-100%", silent: true, z: 0, itemStyle: { color: colour("zone") },
        data: points.map((point) => (point.grade === "grey" ? last + 0.5 : null)),
      },
      { ...shared, silent: true, itemStyle: { color: "transparent" }, data: points.map((point) => point.lo - 0.5) },
      {
        ...shared, name: words.range,
        data: points.map((point) => ({ value: point.hi - point.lo + 1, point, itemStyle: style(point, colour) })),
        markLine: marked(words.winners ? [{ at: words.winners + 0.5, text: words.line }] : [], colour),
      },
      {
        type: "scatter", name: words.official, symbol: "diamond", symbolSize: 13, z: 5,
        itemStyle: { color: colour("official"), opacity: 1, borderColor: colour("ground"), borderWidth: 1.5 },
        data: points.map((point, row) => ({ value: [point.place, row], point })),
      },
    ],
  };
  return { height: points.length * ROW + EDGES, option };
}
