"""Lists of rows within a form: numbered by whoever sends them, therefore read with bounds."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList

TOO_MANY = _l("No more than %(max)d rows")
LONGEST_INDEX = 4
"""Digits of a row's number."""


if TYPE_CHECKING:
    AnyList = FieldList[Any]
else:
    AnyList = FieldList  # generic in its stubs only


class Rows(AnyList):
    """A list of at most ``most`` rows; more are shown as typed and refused in words, however many were sent."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    @property
    def crowded(self) -> bool:
        """Whether there are more rows than there may be."""
        return len(self.entries) > self.most

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Validate every row, and how many there are."""
        whole = bool(super().validate(form, extra_validators))
        if self.crowded:
            self.errors = [*self.errors, str(TOO_MANY) % {"max": self.most}]
        return whole and not self.crowded

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        """Give the numbers of rows: short ones in ASCII digits; after twice ``most`` no more."""
        seen: set[str] = set()
        for name in formdata:
            index = name.removeprefix(f"{prefix}-").partition("-")[0] if name.startswith(f"{prefix}-") else ""
            if index.isascii() and index.isdigit() and len(index) <= LONGEST_INDEX and len(seen) < 2 * self.most:
                seen.add(index)
                yield int(index)
