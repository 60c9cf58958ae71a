"""The form of who sees whose marks and when."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from judging.domain.visibility import (
    EXPERT_LABELS,
    FOR_EXPERTS,
    FOR_STAFF,
    STAFF_LABELS,
    STRICTNESS,
    Opens,
    Visibility,
    visibility_of,
)
from judging.models import Contest
from judging.web.contests.forms import StoredForm
from judging.web.forms import SelectChoice
from judging.web.templating import translate


def _choices(offered: Sequence[Opens], labels: Mapping[Opens, str]) -> list[SelectChoice]:
    return [SelectChoice(opens.value, translate(labels[opens])) for opens in offered]


class VisibilityForm(StoredForm):
    """When marks open to each audience; the service refuses what opens earlier than was announced."""

    staff = RadioField(_l("The secretary and the observers see marks"), validators=[InputRequired()])
    chair = RadioField(_l("The chair sees marks"), validators=[InputRequired()])
    experts = RadioField(_l("Other experts of the application see a review"), validators=[InputRequired()])
    names = BooleanField(_l("With the names of the experts"))
    applicant_marks = BooleanField(_l("The team reads marks beside the comments addressed to it"))

    def __init__(self, contest: Contest, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        stricter = sorted(FOR_EXPERTS, key=STRICTNESS.__getitem__)
        self.staff.choices = self.chair.choices = _choices(FOR_STAFF, STAFF_LABELS)
        self.experts.choices = _choices(stricter, EXPERT_LABELS)

    def visibility(self) -> Visibility:
        """What was chosen, as the service wants it."""
        opens = {name: Opens(self[name].data) for name in ("staff", "chair", "experts")}
        return Visibility(**opens, names=bool(self.names.data), applicant_marks=bool(self.applicant_marks.data))


def stored_visibility(contest: Contest) -> VisibilityForm:
    """The form of what is stored."""
    stored = visibility_of(contest.visibility)
    opens = {name: getattr(stored, name).value for name in ("staff", "chair", "experts")}
    flags = {"names": stored.names, "applicant_marks": stored.applicant_marks}
    return VisibilityForm(contest, formdata=None, data={"version": contest.version, **opens, **flags})
