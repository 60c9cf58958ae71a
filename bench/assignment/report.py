"""The measurements as Markdown tables, and what is wrong with them."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench.assignment import sets

PLANS = (
    "set", "experts × projects", "method", "floor", "worst 5 %", "total", "bound of floor", "bound of total", "optimal",
    "CPU, s", "× flow", "with certificate, s", "peak, MB", "of it data, MB",
)  # fmt: skip
IMPOSSIBLE = ("set", "kind", "projects", "experts", "short", "relaxations, tried by the flow", "CPU, s")
NONE = "–"


def tables(plain: Sequence[dict[str, Any]], impossible: Sequence[dict[str, Any]]) -> str:
    """Return both tables, each only if it has rows."""
    flows = {one["set"]: one["cpu"] for one in plain if one["method"] == "flow"}
    rows = [_plan_row(one, flows.get(one["set"])) for one in plain]
    refusals = [_impossible_row(one) for one in impossible]
    parts = [_table(PLANS, rows, 3), _table(IMPOSSIBLE, refusals, 2)]
    return "\n\n".join(part for part, given in zip(parts, (rows, refusals), strict=True) if given)


def line(one: dict[str, Any]) -> str:
    """Return the row of one measurement, to be seen while the others run."""
    row = _impossible_row(one) if "impossible" in one else _plan_row(one, None)
    return " | ".join(row)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: int) -> str:
    rule = ["---" if index < words else "--:" for index in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def _plan_row(one: dict[str, Any], flow: float | None) -> list[str]:
    shape = " × ".join(f"{size:,}" for size in one["shape"])
    is_flow = one["method"] == "flow"
    return [
        one["set"],
        shape,
        "OR-tools flow" if is_flow else one["method"],
        _number(one["floor"], 4),
        _number(one["worst"], 4),
        _number(one["total"], 3),
        _number(one.get("floor_bound"), 4),
        _number(one.get("total_bound"), 3),
        NONE if is_flow else {True: "yes", False: "no"}[one["optimal"]],
        _number(one["cpu"], 2),
        NONE if flow is None or is_flow else _number(one["cpu"] / flow, 2),
        _number(one.get("proof"), 2),
        _number(one["peak"], 0),
        _number(one["data"], 0),
    ]


def _impossible_row(one: dict[str, Any]) -> list[str]:
    told = one["impossible"]
    works = "; ".join(f"{name}: {'works' if works else 'DOES NOT WORK'}" for name, works in told["relaxations"])
    sizes = [str(len(told["projects"])), str(len(told["experts"])), str(told["short"])]
    return [one["set"], told["kind"], *sizes, works, _number(one["cpu"], 2)]


def _number(value: float | None, places: int) -> str:
    return NONE if value is None else f"{value:.{places}f}"


def faults(results: Sequence[dict[str, Any]]) -> list[str]:
    """Return a sentence for everything that is wrong."""
    return [f"{one['set']}, {one['method']}: {fault}" for one in results for fault in _faults(one)]


def _faults(one: dict[str, Any]) -> Iterator[str]:
    if one["made"] and one["digest"] != sets.DIGESTS[one["set"]]:
        yield f"the data differ: {one['digest']} instead of {sets.DIGESTS[one['set']]}"
    yield from one.get("broken", [])
    if not one.get("same", True):
        yield "the plan with a certificate is another"
    if one.get("exchange"):
        yield f"better after the exchange {one['exchange']}"
    if "impossible" in one:
        yield from _wrong(one["impossible"])


def _wrong(told: dict[str, Any]) -> Iterator[str]:
    if told["flow"]:
        yield "the flow finds a plan"
    for key, value in (told["expect"] or {}).items():
        if key in told and told[key] != value:
            yield f"{key} is {told[key]}, must be {value}"
    yield from (f"{name} does not work" for name, works in told["relaxations"] if not works)
