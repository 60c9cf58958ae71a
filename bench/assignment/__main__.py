"""Run the bench and print its tables as Markdown.

``python -m bench.assignment`` measures the sets that it makes itself; with paths, what those files hold instead. Every
measurement runs in a process of its own, one after another. Exit status 1 where a rule is broken, an exchange of single
pairs would be better, a diagnosis is wrong, or the data are not what they should be; never because of a time.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.assignment import report, sets

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("flow", "total", "fair", "leximin")
LEXIMIN = 800
"""Leximin is measured up to so many projects unless it is asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    asked = _parser().parse_args(arguments)
    plain, impossible = [], []
    for source in _sources(asked):
        results = list(_measured(source, _methods(asked, source)))
        (impossible if any("impossible" in result for result in results) else plain).extend(results)
    print(report.tables(plain, impossible))
    faults = report.faults([*plain, *impossible])
    print(*faults, sep="\n", file=sys.stderr)
    return int(bool(faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench.assignment", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("files", nargs="*", type=Path, help="archives (.npz) or lists of scores (.csv), see files.py")
    parser.add_argument("--quick", action="store_true", help="the small sets only")
    parser.add_argument("--sets", nargs="+", choices=sets.SETS, metavar="SET", help=", ".join(sets.SETS))
    parser.add_argument("--methods", nargs="+", metavar="METHOD", help="flow, total, fair, leximin, floor:1.5")
    parser.add_argument("--demand", type=int, default=3, help="experts a project, for lists of scores")
    parser.add_argument("--least", type=int, default=0, help="least load, for lists of scores")
    parser.add_argument("--most", type=int, help="greatest load, for lists of scores (a fifth of places to spare)")
    return parser


def _sources(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if asked.files:
        terms = {"demand": asked.demand, "least": asked.least, "most": asked.most}
        yield from ({"file": str(path.resolve()), "terms": terms} for path in asked.files)
        return
    chosen = (*sets.QUICK, *sets.IMPOSSIBLE) if asked.quick else (*sets.QUICK, *sets.LONG, *sets.IMPOSSIBLE)
    names = asked.sets or [make.__name__ for make in chosen]
    yield from ({"set": name} for name in names)


def _methods(asked: argparse.Namespace, source: dict[str, Any]) -> Iterable[str]:
    if asked.methods:
        return list(asked.methods)
    if source.get("set", "").startswith("impossible"):
        return ["fair"]
    return METHODS


def _measured(source: dict[str, Any], methods: Iterable[str]) -> Iterator[dict[str, Any]]:
    for method in methods:
        result = _child(source | {"method": method}) | {"made": "set" in source}
        if "impossible" in result and method == "flow":
            continue
        print(report.line(result), file=sys.stderr)
        yield result
        if "impossible" in result or _is_long(result, method):
            return


def _is_long(result: dict[str, Any], method: str) -> bool:
    """Return whether leximin, which comes last, is left out for a set of this size."""
    return method == "fair" and result["shape"][1] > LEXIMIN


def _child(asked: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.assignment.child", json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603 -- our own command
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
