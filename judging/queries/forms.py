"""The form of a contest: the version of it that is in force, ready to use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, object_session

from judging.adapters.forms import form_object, read_form_object
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.form import ApplicationForm
from judging.models import Contest, FormVersion, User
from judging.models.base import table_of
from judging.queries.derived_forms import derived_form, settings_asked

MOST_KEPT = 50
"""Forms that a process keeps ready; each is some 300 KB."""


@dataclass(frozen=True)
class FormInForce:
    """A form ready to use. ``number`` and ``revision`` are None of one that follows from the contest's settings."""

    compiled: CompiledForm
    sha256: str
    number: int | None = None
    revision: int | None = None

    @property
    def form(self) -> ApplicationForm:
        """The form itself."""
        return self.compiled.form


def form_in_force(contest: Contest) -> FormInForce:
    """Return the contest's form: its last stored version, or what its settings ask for where it has none."""
    session = _session(contest)
    stored = session.execute(_last(), {"contest": contest.id}).one_or_none()
    given = nomination_codes(contest)
    if stored is None:
        return _derived(settings_asked(contest), given)
    compiled = _KEPT.get(stored.sha256, given, lambda: _document(session, stored.id))
    return FormInForce(compiled, stored.sha256, stored.number, stored.revision)


def nomination_codes(contest: Contest) -> tuple[str, ...]:
    """The codes of the contest's nominations, which a rule may name."""
    return tuple(row.code for row in contest.nominations)


def compiled_form_of(contest: Contest) -> CompiledForm:
    """Return the contest's form with its rules typed."""
    return form_in_force(contest).compiled


def form_of(contest: Contest) -> ApplicationForm:
    """Return the contest's form."""
    return form_in_force(contest).form


def named_nominations(contest: Contest) -> frozenset[str]:
    """Return the codes of nominations without which a stored version of the contest's form could not be used."""
    documents = select(table_of(FormVersion).c.document).where(table_of(FormVersion).c.contest_id == contest.id)
    forms = [read_form_object(document) for document in _session(contest).scalars(documents)]
    given = nomination_codes(contest)
    lost = {code: tuple(one for one in given if one != code) for code in given}
    return frozenset(code for code in given if not all(_usable(form, lost[code]) for form in forms))


def _usable(form: ApplicationForm, nominations: tuple[str, ...]) -> bool:
    try:
        compile_form(form, nominations)
    except Refused:
        return False
    return True


def form_of_version(contest: Contest, number: int | None, revision: int | None) -> FormInForce:
    """Return a stored version of the contest's form; without a number, the one that it had before any was stored.

    That one follows from the contest's settings; the first change of a published contest stores it as version 1.
    Raises NoResultFound where there is no such version.
    """
    session = _session(contest)
    table = table_of(FormVersion).c
    columns: tuple[Any, ...] = (table.id, table.sha256)
    mine = select(*columns).where(table.contest_id == contest.id)
    if number is None or revision is None:
        first = session.execute(mine.order_by(table.number, table.revision).limit(1)).one_or_none()
        if first is None:
            return _derived(settings_asked(contest), nomination_codes(contest))
        found = first
    else:
        found = session.execute(mine.where(table.number == number, table.revision == revision)).one()
    compiled = _KEPT.get(found.sha256, nomination_codes(contest), lambda: _document(session, found.id))
    return FormInForce(compiled, found.sha256, number, revision)


def versions_of(session: Session, contest_id: int) -> list["VersionLine"]:
    """Return every version of the contest's form, the last one first."""
    return [VersionLine(*row) for row in session.execute(_lines(), {"contest": contest_id})]


def version_form(session: Session, contest_id: int, number: int, revision: int) -> ApplicationForm:
    """Return a version of the contest's form; raise NoResultFound where there is none."""
    table = table_of(FormVersion).c
    wanted = select(table.document).where(
        table.contest_id == contest_id, table.number == number, table.revision == revision
    )
    return read_form_object(session.scalars(wanted).one())


@dataclass(frozen=True)
class VersionLine:
    """A version of a form in a list; ``author`` is empty where nobody with an account made it."""

    number: int
    revision: int
    sha256: str
    note: str
    created_at: datetime
    published_at: datetime | None
    id: int
    author: str = ""


def _document(session: Session, version_id: int) -> dict[str, Any]:
    table = table_of(FormVersion).c
    document: dict[str, Any] = session.scalars(select(table.document).where(table.id == version_id)).one()
    return document


@cache
def _last() -> Select[Any]:
    table = table_of(FormVersion).c
    columns: tuple[Any, ...] = (table.id, table.number, table.revision, table.sha256)
    mine = select(*columns).where(table.contest_id == bindparam("contest"))
    return mine.order_by(table.number.desc(), table.revision.desc()).limit(1)


@cache
def _lines() -> Select[Any]:
    table = table_of(FormVersion).c
    names = ("number", "revision", "sha256", "note", "created_at", "published_at", "id")
    people = table_of(User)
    columns: list[Any] = [*(table[name] for name in names), func.coalesce(people.c.name, "")]
    known = table_of(FormVersion).outerjoin(people, people.c.id == table.created_by_id)
    mine = select(*columns).select_from(known).where(table.contest_id == bindparam("contest"))
    return mine.order_by(table.number.desc(), table.revision.desc())


@lru_cache(maxsize=MOST_KEPT)
def _derived(settings: str, nominations: tuple[str, ...]) -> FormInForce:
    form = derived_form(settings)
    return FormInForce(compile_form(form, nominations), digest(form_object(form)))


class _KeptForms:
    """Stored forms ready to use, by the hash of their document: what has it cannot be another form."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, tuple[str, ...]], CompiledForm] = {}

    def get(self, sha256: str, nominations: tuple[str, ...], load: Callable[[], dict[str, Any]]) -> CompiledForm:
        known = self._forms.get((sha256, nominations))
        if known is None:
            known = compile_form(read_form_object(load()), nominations)
            while len(self._forms) >= MOST_KEPT:
                self._forms.pop(next(iter(self._forms)), None)
            self._forms[sha256, nominations] = known
        return known


_KEPT = _KeptForms()


def _session(contest: Contest) -> Session:
    session = object_session(contest)
    if session is None:
        raise ValueError("the contest is not in a session")
    return session
