/** How strict each expert is: a bar of likely strictness with its middle, beside the average expert at zero. */
import { hatch, marked, namesAxis, oneDecimal, quietLines, sayPoint, tooltip } from "./chart.js";

const ROW = 28;
const EDGES = 88;

function style(point, colour) {
  if (point.flagged) return { color: colour("unsure"), decal: hatch(colour("unsure-ink")), borderColor: colour("unsure-ink"), borderWidth: 1 };
  if (point.differs) return { color: colour("firm") };
  return { color: colour("out"), borderColor: colour("out-ink"), borderWidth: 1 };
}

export function severity({ points, words, narrow, colour }) {
  const width = narrow ? 124 : 300;
  const farthest = Math.max(0.5, ...points.map((point) => Math.max(Math.abs(point.lo), Math.abs(point.hi))));
  const step = [0.5, 1, 2, 5, 10, 20].find((size) => farthest / size <= 4) ?? 50;
  const reach = Math.ceil(farthest / step) * step;
  const shared = { type: "bar", barWidth: 14, stack: "range", stackStrategy: "all" };
  const option = {
    grid: { left: width + 20, right: 18, top: 36, bottom: 52 },
    tooltip: tooltip(sayPoint),
    xAxis: {
      type: "value", min: -reach, max: reach, interval: step, name: words.axis, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: colour("quiet") },
      axisLabel: { formatter: oneDecimal }, splitLine: quietLines(colour), axisTick: { show: false },
    },
    yAxis: namesAxis(points.map((point) => (narrow ? point.short : point.label)), width, colour),
    series: [
      { ...shared, silent: true, itemStyle: { color: "transparent" }, data: points.map((point) => point.lo) },
      {
        ...shared, data: points.map((point) => ({ value: point.hi - point.lo, point, itemStyle: style(point, colour) })),
        markLine: marked([{ at: 0, text: words.average }], colour, { type: "solid", width: 1.5 }),
      },
      {
        type: "scatter", symbol: "circle", symbolSize: 9, z: 5,
        itemStyle: { color: colour("official"), opacity: 1, borderColor: colour("ground"), borderWidth: 1.5 },
        data: points.map((point, row) => ({ value: [point.value, row], point })),
      },
    ],
  };
  return { height: points.length * ROW + EDGES, option };
}
