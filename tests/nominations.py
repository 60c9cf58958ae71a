"""The worked example dealt out to two nominations, for the tests of whatever knows of them."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from judging.adapters.archive import read_archive
from judging.domain.nominations import Nomination
from judging.domain.record import ContestRecord

GOLDEN = Path(__file__).parent / "data" / "golden-1.json"
SERIES = Nomination(
    code="series",
    title="Серийное производство",
    title_en="Series production",
    weights={"C1": Decimal(20), "C5": None},
    pass_total=Decimal(55),
    budget=200_000_000_00,
    max_winners=None,
    cap=120_000_000_00,
)
PILOT = Nomination(
    code="pilot",
    title="Опытные образцы",
    title_en="Prototypes",
    weights={"C4": None, "E6": None, "E1": Decimal(15)},
    pass_total=Decimal(40),
    budget=100_000_000_00,
    max_winners=1,
    cap=None,
)
HOMES = {"001": "series", "002": "series", "003": "series", "004": "pilot", "005": "pilot"}


def record(**contest: object) -> ContestRecord:
    """The worked example with both nominations: three applications in the one, two in the other."""
    golden = read_archive(GOLDEN.read_bytes())
    return replace(
        golden,
        contest=replace(golden.contest, nominations=(SERIES, PILOT), **contest),
        applications=tuple(replace(item, nomination=HOMES[item.number]) for item in golden.applications),
    )
