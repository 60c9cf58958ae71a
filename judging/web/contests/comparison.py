"""The page of both versions of a contest that somebody else changed meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from flask import render_template

from judging.extensions import db
from judging.models import Contest
from judging.queries import journal
from judging.web.both_versions import typed_again, version_rows
from judging.web.contests.forms import StoredForm
from judging.web.editing import Edit

F = TypeVar("F", bound=StoredForm)


def edit_beside(
    contest: Contest, form: F, show: Callable[[], str], stored: Callable[[], StoredForm], again: str
) -> Edit[F]:
    """A change that ``show`` shows again where it is refused, and :func:`comparison` where somebody was faster."""
    return Edit(form, show=show, compare=lambda: comparison(contest, form, stored, again))


def comparison(contest: Contest, form: StoredForm, stored: Callable[[], StoredForm], again: str) -> str:
    """Both versions side by side, with a way to go on with either.

    ``stored`` makes the same form of what is stored now; ``again`` is the address of the form, which takes either.
    """
    return render_template(
        "contests/_conflict.html",
        contest=contest,
        changed_at=journal.last_instant(db.session, contest.id) or contest.created_at,
        rows=version_rows(form, stored()),
        mine=typed_again(version=str(contest.version)),
        again=again,
    )
