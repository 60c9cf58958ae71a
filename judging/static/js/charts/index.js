/**
 * Draws the charts of a page: <div data-chart="KIND" data-chart-table="ID" data-chart-words="{…}" hidden>. The points are the
 * JSON of [data-point] in the rows of the table ID, which says the same in figures; the words are those of the page. Needs the
 * global `echarts` (static/vendor/echarts). What stands in [data-chart-only] is shown with its drawing. Without JS the tables are
 * all there is.
 */
import { agreement } from "./agreement.js";
import { Chart } from "./chart.js";
import { places } from "./places.js";
import { probability } from "./probability.js";
import { severity } from "./severity.js";

const kinds = { agreement, places, probability, severity };

function points(place) {
  const rows = document.getElementById(place.dataset.chartTable)?.querySelectorAll("tbody [data-point]") ?? [];
  return [...rows].map((row) => JSON.parse(row.dataset.point));
}

function draw(place) {
  const known = points(place);
  if (!known.length) return;
  const section = place.closest("section");
  for (const hidden of [place.closest("[data-chart-only]"), section.querySelector("[data-chart-legend]"), place]) if (hidden) hidden.hidden = false;
  new Chart(place, kinds[place.dataset.chart], known, JSON.parse(place.dataset.chartWords)).start();
}

await document.fonts.ready;
if (globalThis.echarts) for (const place of document.querySelectorAll("[data-chart]")) draw(place);
