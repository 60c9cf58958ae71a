"""Who sees whose marks, as the rules of a contest say it in words."""

from flask_babel import gettext

from judging.domain.visibility import EXPERT_LABELS, STAFF_LABELS, visibility_of
from judging.models import Contest
from judging.web.templating import translate


def visibility_rows(contest: Contest) -> list[dict[str, str]]:
    """The lines of the setting for a summary list."""
    stored = visibility_of(contest.visibility)
    yes, no = gettext("Yes"), gettext("No")
    return [
        {"label": gettext("Other experts of the application see a review"),
         "value": translate(EXPERT_LABELS[stored.experts])},
        {"label": gettext("With the names of the experts"), "value": yes if stored.names else no},
        {"label": gettext("The secretary and the observers see marks"), "value": translate(STAFF_LABELS[stored.staff])},
        {"label": gettext("The chair sees marks"), "value": translate(STAFF_LABELS[stored.chair])},
        {"label": gettext("The team reads marks beside the comments addressed to it"),
         "value": yes if stored.applicant_marks else no},
    ]  # fmt: skip
