/** How sure it is to be above the line, and to get money: a point a project over its official place, the grey zone as a band. */
import { marked, sayPoint, tooltip, wholeTicks } from "./chart.js";

const PERCENTS = [0, 25, 50, 75, 100];
const per = (value) => Math.round(value * 1000) / 10;

export function probability({ points, words, narrow, colour }) {
  const known = points.filter((point) => point.above !== null);
  const first = Math.min(...known.map((point) => point.place));
  const last = Math.max(...known.map((point) => point.place));
  const ticks = wholeTicks(first, last, narrow ? 6 : 20);
  const option = {
    grid: { left: 56, right: 24, top: 30, bottom: 48 },
    tooltip: tooltip(sayPoint),
    xAxis: {
      type: "value", min: first - 0.5, max: last + 0.5, name: words.official, nameLocation: "middle", nameGap: 26,
      nameTextStyle: { color: colour("quiet") }, axisLabel: { customValues: ticks }, axisTick: { customValues: ticks },
      splitLine: { show: false }, axisLine: { onZero: false, lineStyle: { color: colour("line") } },
    },
    yAxis: {
      type: "value", min: -4, max: 104, axisLabel: { customValues: PERCENTS, formatter: "{value} %" }, splitLine: { show: false },
      axisTick: { show: false }, axisLine: { show: false },
    },
    series: [
      {
        type: "scatter", name: words.above, symbol: "circle", symbolSize: 10, z: 4,
        itemStyle: { color: colour("firm"), opacity: 1, borderColor: colour("ground"), borderWidth: 1 },
        data: known.map((point) => ({ value: [point.place, per(point.above)], point })),
        markArea: {
          silent: true, itemStyle: { color: colour("zone") }, data: [[{ yAxis: 5, name: words.grey }, { yAxis: 95 }]],
          label: { show: !narrow, position: "insideTopRight", color: colour("quiet"), distance: 8 },
        },
        markLine: marked([{ at: words.winners + 0.5, text: words.line }], colour, {}, "end"),
      },
      {
        type: "scatter", name: words.funded, symbol: "emptyDiamond", symbolSize: 11, z: 3,
        itemStyle: { color: colour("unsure-ink"), opacity: 1, borderWidth: 1.5 },
        data: known.filter((point) => point.funded !== null).map((point) => ({ value: [point.place, per(point.funded)], point })),
      },
    ],
  };
  return { height: narrow ? 270 : 330, option };
}
