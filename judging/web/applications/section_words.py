"""Who changed what of a section meanwhile, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import gettext

from judging.services.applications.section_edits import ChangedBy
from judging.web.access import current_actor
from judging.web.clock import arrived
from judging.web.forms import MOSCOW
from judging.web.templating import moscow_short


def clock(at: datetime) -> str:
    """An instant of today by the clock, «14:32», of another day with its date."""
    here = at.astimezone(MOSCOW)
    return here.strftime("%H:%M") if here.date() == arrived().astimezone(MOSCOW).date() else str(moscow_short(at))


def changed_words(change: ChangedBy | None, at: datetime) -> str:
    """Who changed it and when: «Петрова Вера, 14:30»; where that is not known, when the section was saved."""
    if change is None:
        return clock(at)
    name = change.name
    if change.user_id is not None and change.user_id == current_actor().user_id:
        name = gettext("you, in another window or on another device")
    return f"{name}, {clock(change.at)}"


def merged_words(others: Mapping[str, ChangedBy], codes: Iterable[str]) -> str:
    """With whose edits these fields were merged; empty where there are none of others."""
    people = dict.fromkeys(changed_words(others[code], others[code].at) for code in codes if code in others)
    return gettext("Merged with the edits of: %(people)s", people="; ".join(people)) if people else ""
