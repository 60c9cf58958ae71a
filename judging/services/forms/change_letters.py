"""Letters about a change of a published contest's form, to every team that has a draft or a submission in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from judging.adapters.translations import template
from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.forms.change_places import for_applicants, names_at, part_of
from judging.domain.forms.changes import Change
from judging.domain.forms.form import ApplicationForm
from judging.models import Contest, FormVersion
from judging.queries.form_readers import form_readers, teams_concerned
from judging.services import letters

MOST_LINES, LONGEST_LINE = 40, 500
CHANGED = letters.Wording(
    N_("The application form of the contest “%(contest)s” has changed"),
    N_(
        "The application form of the contest “%(contest)s” has changed.\n\nWhat has changed:\n%(changes)s\n\n"
        "Reason: %(reason)s\n\nDrafts follow the form as it is now. What was submitted keeps the version that it "
        "answered.\n\nYour application: %(links)s"
    ),
)
MORE = N_("and %(number)s more")


@dataclass(frozen=True)
class Telling:
    """What the letters say beside the reason: the differences as ``lines`` by language, and where links begin.

    Where there are no lines of a language, the parts of the form that changed are named.
    """

    base_url: str = ""
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)


NOTHING_TOLD = Telling()


def tell_teams(
    session: Session,
    contest: Contest,
    row: FormVersion,
    changes: Sequence[Change],
    forms: tuple[ApplicationForm, ApplicationForm],
    telling: Telling,
    *,
    by: By,
) -> int:
    """Queue one letter to each person of those teams; return how many teams there are.

    ``row`` is the version that came in force, ``forms`` are the one before and the one now.
    """
    for reader in form_readers(session, contest):
        lines = telling.lines.get(reader.locale) or changed_parts(changes, *forms)
        letters.write(
            session, CHANGED, key=f"form:{row.id}:{reader.mark}", recipient=reader.email, locale=reader.locale,
            params={
                "contest": contest.title, "changes": _listed(lines, reader.locale), "reason": row.note,
                "links": "\n".join(f"{telling.base_url}/applications/{key}" for key in reader.applications),
            },
            now=by.now, contest_id=contest.id,
        )  # fmt: skip
    return teams_concerned(session, contest)


def changed_parts(changes: Sequence[Change], before: ApplicationForm, after: ApplicationForm) -> list[str]:
    """Name every part of the form that a change is of, each once."""
    paths = dict.fromkeys(part_of(one) for one in for_applicants(changes))
    named = (names_at(path, after) or names_at(path, before) for path in paths)
    return list(dict.fromkeys(" → ".join(f"«{name}»" for name in names) for names in named if names))


def _listed(lines: Sequence[str], locale: str) -> str:
    told = [f"– {line[:LONGEST_LINE]}" for line in lines[:MOST_LINES]]
    more = len(lines) - MOST_LINES
    return "\n".join([*told, template(locale, MORE) % {"number": more}] if more > 0 else told)
