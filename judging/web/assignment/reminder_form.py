"""The form of the days on which experts are reminded by themselves."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from judging.web.forms import ReadField, VersionedForm


class DaysField(ReadField):
    """Whole numbers with commas or spaces between them; none is an empty text."""

    def _read(self, text: str) -> tuple[int, ...]:
        words = text.replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdecimal() and len(word) <= 3 for word in words):
            raise ValueError(gettext("Enter whole numbers with commas between them, such as 7, 3, 1."))
        return tuple(map(int, words))

    def _shown(self, value: Any) -> str:
        return ", ".join(map(str, value))


class ScheduleForm(VersionedForm):
    """On how many days before their deadline experts are reminded."""

    days = DaysField(
        _l("Days before the deadline"),
        description=_l(
            "Such as 7, 3, 1; 0 is the day of the deadline. Leave it empty to send no letters by themselves."
        ),
    )
