"""The settings of a contest, read from its rows as one value."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from judging.adapters.archive import read_criterion
from judging.domain.certification import Certification
from judging.domain.public_page import page_of
from judging.domain.settings.values import ContestSettings, Terms, WordedCriterion
from judging.domain.visibility import visibility_of
from judging.models import Contest
from judging.queries import agreements, milestones
from judging.queries.assignment.plans import assignment_rules
from judging.queries.contests import nominations_of, rules_of, sheet_of
from judging.queries.discussions import discussion_rules
from judging.queries.forms import form_of

TERMS = (
    "title", "summary", "label", "label_en", "timezone", "applications_open", "applications_close", "review_close",
    "budget", "certification",
)  # fmt: skip
"""Columns of a contest that are its terms."""


def settings_of_contest(session: Session, contest: Contest) -> ContestSettings:
    """Return everything that the staff decide of a contest.

    Raises :class:`Refused` where the form that follows from the contest's settings is none: such a contest came with
    an archive that has codes which no form can have.
    """
    return ContestSettings(
        terms=terms_of(contest),
        criteria=worded_criteria(contest),
        rules=rules_of(contest),
        sheet=sheet_of(contest),
        form=form_of(contest),
        assignment=assignment_rules(session, contest.id),
        milestones={code: row.plan for code, row in milestones.rows_of(session, contest.id).items()},
        nominations=nominations_of(contest),
        agreements=agreements.values_of(session, contest.id),
        public=page_of(contest.public_page),
        visibility=visibility_of(contest.visibility),
        discussion=discussion_rules(session, contest.id),
    )


def terms_of(contest: Contest) -> Terms:
    """Return the contest's terms as a value of the domain."""
    values = {name: getattr(contest, name) for name in TERMS}
    return Terms(**values | {"certification": Certification(contest.certification)})


def worded_criteria(contest: Contest) -> tuple[WordedCriterion, ...]:
    """Return the rubric with its words, in its order."""
    return tuple(
        WordedCriterion(read_criterion(row.definition), row.title_en, dict(row.guidance), _levels(row.descriptors))
        for row in contest.criteria
    )


def _levels(stored: list[dict[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple(dict(level) for level in stored)
