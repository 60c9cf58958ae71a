"""What every page costs: processor time, queries, bytes, and how they grow with the contest.

    python -m bench.web [--sizes 50,500,5000,20000] [--rounds 15] [--only PART] [--http]
    python -m bench.web --pages FOLDER      every page and download as text, to be compared with another version's

Compare only figures of one run, or their ratio to the bare page: a busy machine makes everything slower alike.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.web.inside import measured
from bench.web.pages import save_pages
from bench.web.report import table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.web", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--sizes", default="50,500,5000,20000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="")
    parser.add_argument("--http", action="store_true", help="ask a server on the loopback; its process is measured")
    parser.add_argument("--pages", type=Path)
    wanted = parser.parse_args(arguments)
    if wanted.pages:
        print(f"{save_pages(wanted.pages)} pages")
        return
    sizes = [int(size) for size in wanted.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="judging-bench-") as folder:
        unit, results = measured(sizes, wanted.rounds, Path(folder), wanted.only, http=wanted.http)
    print(table(unit, results, sizes))


if __name__ == "__main__":
    main()
