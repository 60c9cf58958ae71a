"""Stored numbers of a criterion for the fields of its form that nobody changed, so that hidden digits are kept.

Rows are numbered anew when one before them is removed, so a number of a row is known by its column and its text.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from judging.domain.fields.texts import line
from judging.models import Criterion
from judging.web.contests.criterion_forms import CriterionForm
from judging.web.forms import DecimalField

PLACE = re.compile(r"(?P<list>[a-z_]+)-(?P<index>[0-9]{1,4})-(?P<column>[a-z_]+)", re.ASCII)
LONGEST = 100
"""Characters of a number that is stored; a longer text is none of them."""


def known_numbers(form: type[CriterionForm], row: Criterion, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the form's data for the numbers of ``row`` alone, its lists by the numbers of the rows ``typed``."""
    data = form.data_of(row)
    lists = {name: _as_typed(name, rows, typed) for name, rows in data.items() if isinstance(rows, list)}
    return {name: value for name, value in data.items() if isinstance(value, Decimal)} | lists


def _as_typed(name: str, stored: Sequence[Mapping[str, Any]], typed: Mapping[str, str]) -> list[dict[str, Decimal]]:
    known = {
        (column, DecimalField.text_of(value)): value
        for row in stored
        for column, value in row.items()
        if isinstance(value, Decimal)
    }
    rows: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    for key, text in typed.items():
        place = PLACE.fullmatch(key)
        if place is None or place["list"] != name:
            continue
        row = rows[int(place["index"])]
        if len(text) <= LONGEST and (place["column"], line(text)) in known:
            row[place["column"]] = known[place["column"], line(text)]
    return [rows.get(index, {}) for index in range(max(rows, default=-1) + 1)]
