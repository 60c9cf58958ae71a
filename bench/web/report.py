"""The table of a run."""

from collections.abc import Sequence

from bench.web.inside import Figures, Results
from bench.web.scenarios import SCENARIOS


def table(unit: float, results: Results, sizes: Sequence[int]) -> str:
    """A line a scenario; of each size the processor milliseconds, the same in bare pages, queries and kilobytes.

    The last columns: the growth from 500 applications (or the smallest) to the largest, and the goal at 500 / 5,000.
    """
    heads = "".join(f"  {size:>6,}: ms  (bare)   q      kB" for size in sizes)
    lines = [f"a bare Flask page of 100 rows: {unit:.2f} ms of processor time", f"{'':22}{heads}  growth  goal"]
    goals = {scenario.name: scenario.goal for scenario in SCENARIOS}
    for name, by_size in results.items():
        cells = "".join(_cells(by_size.get(size), unit) for size in sizes)
        goal = goals[name]
        lines.append(f"{name:22}{cells}{_growth(by_size, sizes)}  {goal[0]:g} / {goal[1]:g}" if goal
                     else f"{name:22}{cells}{_growth(by_size, sizes)}")  # fmt: skip
    return "\n".join(lines)


def _cells(figures: Figures | None, unit: float) -> str:
    if figures is None or not figures.cpu:
        return " " * 35
    spread = sorted(set(figures.queries))
    queries = str(spread[0]) if len(spread) == 1 else f"{spread[0]}-{spread[-1]}"
    took = figures.milliseconds
    return f"  {took:>10.1f}  ({took / unit:>5.1f})  {queries:>5}  {figures.size / 1000:>5.0f}"


def _growth(by_size: dict[int, Figures], sizes: Sequence[int]) -> str:
    there = [size for size in sizes if size in by_size and by_size[size].cpu]
    first = 500 if 500 in there else there[0] if there else 0
    if not there or there[-1] == first:
        return " " * 8
    return f"  {by_size[there[-1]].milliseconds / by_size[first].milliseconds:>6.2f}"
