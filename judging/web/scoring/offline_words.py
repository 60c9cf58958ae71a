"""The rows of a file that was looked at, in words: where, what is on the site, what is in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from judging.domain.offline.comparing import Row, State
from judging.domain.offline.places import OUTSIDE, PART_LABELS, WITHIN, Part, Place, fingerprint
from judging.domain.record import RECOMMENDATION_LABELS, Recommendation
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheet_rules import CONFIDENCE_LABELS, GROUP, Confidence
from judging.domain.sheets import ABSTAIN
from judging.queries.rubrics import SheetCriterion
from judging.web.sheet_words import CANNOT_JUDGE, mark_words
from judging.web.templating import decimal, translate

LONGEST_SHOWN = 400
"""Signs of a comment that a row shows."""


@dataclass(frozen=True)
class ShownRow:
    """A row as the page shows it. ``name``: that of the choice between the two versions; ``chosen``: what is chosen."""

    number: str
    place: str
    cell: str
    stored: str
    text: str
    why: str
    state: State
    untouched: bool
    name: str
    chosen: str | None


def choice_name(row: Row) -> str:
    """The name of the field in which one chooses the version of a place."""
    return f"keep-{row.review_id}-{fingerprint(f'{row.place.part}|{row.place.code}')}"


def shown_rows(
    rows: Sequence[Row], criteria: Mapping[str, SheetCriterion], chosen: Mapping[str, str]
) -> list[ShownRow]:
    """Word the rows; where only the site has changed, its version is chosen already."""
    found = []
    for row in rows:
        name = choice_name(row)
        rule = criteria[row.place.code].rule if row.place.code in criteria else None
        found.append(
            ShownRow(
                number=row.number,
                place=place_words(row.place),
                cell=row.cell,
                stored=_text(row.place, row.stored, rule),
                text=_text(row.place, row.text, rule),
                why=_why(row),
                state=row.state,
                untouched=row.untouched,
                name=name,
                chosen=chosen.get(name, "online" if row.untouched else None),
            )
        )
    return found


def place_words(place: Place) -> str:
    """«E1: mark», «Market: comment to the commission», «Your recommendation»."""
    label = translate(PART_LABELS[place.part])
    return f"{place.code.removeprefix(GROUP)}: {label}" if place.code else label


def _why(row: Row) -> str:
    if row.why is None:
        return ""
    params = {name: decimal(one) if isinstance(one, Decimal) else one for name, one in row.why.params.items()}
    return translate(row.why.message, **params)


def _text(place: Place, text: str, rule: ExpertCriterion | None) -> str:
    """What stands in a place, in words; what is no answer as it was typed."""
    if not text:
        return ""
    try:
        return _worded(place, text, rule)
    except (ValueError, KeyError, InvalidOperation):
        return text


def _worded(place: Place, text: str, rule: ExpertCriterion | None) -> str:
    match place.part:
        case Part.MARK:
            return _mark(text, rule)
        case Part.RECOMMENDATION:
            return translate(RECOMMENDATION_LABELS[Recommendation(text)])
        case Part.CONFIDENCE:
            return translate(CONFIDENCE_LABELS[Confidence(text)])
        case Part.SCOPE:
            return translate({WITHIN: "Yes", OUTSIDE: "No"}[text])
        case _:
            return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _mark(text: str, rule: ExpertCriterion | None) -> str:
    if text == ABSTAIN:
        return translate(CANNOT_JUDGE)
    return decimal(text) if rule is None else mark_words(rule, Decimal(text))
