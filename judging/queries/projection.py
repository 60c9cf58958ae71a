"""What the answers of an application come to in its columns: what registers, lists, searches and ranking read.

Columns are never edited by themselves once a section was saved: they follow from the answers (the check
``answers-projected`` of ``judging verify`` holds both together).
"""

from typing import Any

from judging.domain.forms.columns import columns, cut, figure_texts, participants
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.looking import Answers, Look
from judging.models import Application, Partner
from judging.models.base import Base, table_of
from judging.queries.dossiers import indicators_of


def columns_of(application: Application, compiled: CompiledForm, answers: Answers, seen: Look) -> dict[str, Any]:
    """Return the columns that follow from the answers, by name; only those that the form asks for. Participants aside.

    Hidden answers do not count.
    """
    asked = [one["code"] for one in indicators_of(application.contest)]
    return {"indicators": figure_texts(compiled, asked, seen), **fitted_columns(compiled, answers, seen.shown)}


def fitted_columns(compiled: CompiledForm, answers: Answers, shown: frozenset[str]) -> dict[str, Any]:
    """Return the columns of an application that follow from the answers, the figures aside, as they are stored."""
    found = columns(compiled.form, answers, shown)
    return {name: fitted(Application, name, value) for name, value in found.items()}


def participants_of(answers: Answers, seen: Look) -> dict[str, Any]:
    """Return the ИНН of the ``initiator``, and of the ``partners`` ИНН, role and contribution of each that is named."""
    initiator, partners = participants(answers, seen.shown)
    return {"initiator": initiator, "partners": [fitted_partner(*one) for one in partners]}


def fitted_partner(inn: str, role: str, contribution: str) -> list[str]:
    """Return a partner as it is stored."""
    return [inn, fitted(Partner, "role", role), fitted(Partner, "contribution", contribution)]


def fitted(model: type[Base], column: str, value: Any) -> Any:
    """The value as the column holds it: of a text that is too long, which a draft may have, its beginning."""
    longest = getattr(table_of(model).c[column].type, "length", None)
    return value if not isinstance(value, str) or longest is None else cut(value, longest)
