"""Whether what was submitted fits the rest of an archive: hashes, the form that it answers, and what follows from it.

The columns of an application follow from its last submission, as the check ``answers-projected`` of ``judging verify``
demands of what is stored: a file in which they do not is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from judging.adapters.archive.answers import AnswersReader
from judging.adapters.archive.draft import Draft
from judging.adapters.archive.receipt_schema import RECEIPT, FirstReceipt, LatestReceipt
from judging.adapters.forms import read_form_object
from judging.adapters.strict_json.faults import receipt_faults
from judging.domain.canonical import canonical_json, digest
from judging.domain.errors import N_, Fault, Refused
from judging.domain.fields.bounds import LARGEST_RECEIPT, LONGEST_PROJECT_TITLE, LONGEST_WORD
from judging.domain.forms.columns import columns, computed_texts, cut, figure_texts, participants
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.looking import Answers, look
from judging.domain.record import Application, FormVersion, Submission
from judging.domain.rubric import computed_criteria

TOO_LARGE = N_("larger than %(limit)s MB")
NOT_THE_HASH = N_("not the SHA-256 of the document")
NOT_OF_FORM = N_("not the SHA-256 of that version of the form")
NOT_OF_HERE = N_("not that of this application: %(expected)s")
UNKNOWN_FORM = N_("unknown version %(key)s of the form")
UNKNOWN_NOMINATION = N_("unknown nomination %(key)s")
NOT_FIRST = N_("not the instant at which the application was submitted")
BEFORE = N_("before the submission that stands above")
NOT_ASKED = N_("not asked for, given the other answers")
NOT_COMPUTED = N_("does not follow from the answers")
NOT_FOLLOWING = N_("does not follow from what was submitted last")
NO_LATER = N_("not later than the version that stands above")
NOT_PUBLISHED = N_("missing in a version that others followed")

Columns = Mapping[str, Any]
Receipt = FirstReceipt | LatestReceipt


@dataclass(frozen=True)
class Usable:
    """A version of the form that can be used: its rules typed, the hash of its document, a reader of its answers."""

    compiled: CompiledForm
    sha256: str

    @cached_property
    def reader(self) -> AnswersReader:
        """What reads the answers to it."""
        return AnswersReader(self.compiled)


def submitted_faults(draft: Draft) -> Iterator[Fault]:
    """Yield the faults of the versions of the form, and of everything that was submitted."""
    checks = _Checks(draft)
    yield from checks.form_faults()
    for (path, application), submissions in zip(draft.applications.places(), draft.submissions, strict=True):
        if application is not None and submissions.complete():
            yield from checks.application_faults(path, application, submissions.fitting())


class _Checks:
    """The versions of the form ready to use, and what else submissions are compared with."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._codes = tuple(item.code for item in draft.nominations.fitting())
        self._forms: dict[tuple[int, int], Usable | None] = {}
        """None: the version has a fault, and nothing can be said of what answers it."""
        self._caps = {item.code: item.cap for item in draft.nominations.fitting()}
        self._indicators = tuple(
            dict.fromkeys(item.indicator for item in computed_criteria(draft.criteria.fitting()))
        )  # fmt: skip
        self._members = {item.code: frozenset(item.members) for item in draft.clusters.fitting()}

    def form_faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the versions; those that can be used are kept for the submissions."""
        given = self._draft.forms
        before: FormVersion | None = None
        for path, version in given.places():
            if version is None:
                continue
            if before is not None and (version.number, version.revision) <= (before.number, before.revision):
                yield Fault(f"{path}.number", NO_LATER)
            if before is not None and before.published_at is None:
                yield Fault(f"{given.path}[{given.values.index(before)}].published_at", NOT_PUBLISHED)
            before = version
            yield from self._usable(path, version)

    def _usable(self, path: str, version: FormVersion) -> Iterator[Fault]:
        self._forms[version.number, version.revision] = None
        try:
            compiled = compile_form(read_form_object(dict(version.document)), self._codes)
        except Refused as refused:
            for fault in refused.faults:
                yield replace(fault, path=f"{path}.form.{fault.path}".removesuffix("."))
            return
        self._forms[version.number, version.revision] = Usable(compiled, digest(version.document))

    def application_faults(
        self, path: str, application: Application, submissions: tuple[Submission, ...]
    ) -> Iterator[Fault]:
        """Yield what is wrong with the submissions of one application; what is wrong with one hides the next ones."""
        before: datetime | None = None
        for place, submission in enumerate(submissions):
            here = f"{path}.submissions[{place}]"
            content = canonical_json(submission.document)
            if len(content) > LARGEST_RECEIPT:
                yield Fault(f"{here}.document", TOO_LARGE, {"limit": LARGEST_RECEIPT >> 20})
                return
            if sha256(content).hexdigest() != submission.sha256:
                yield Fault(f"{here}.sha256", NOT_THE_HASH)
                return
            try:
                receipt: Receipt = RECEIPT.validate_python(submission.document)
            except ValidationError as error:
                yield from (replace(one, path=f"{here}.document.{one.path}") for one in receipt_faults(error))
                return
            faults = [*self._envelope_faults(f"{here}.document", receipt, application, before)]
            before = receipt.submitted_at
            if not faults:
                last = place == len(submissions) - 1
                faults = [*self._content_faults(f"{here}.document", receipt, application if last else None, path)]
            if faults:
                yield from faults
                return

    def _envelope_faults(
        self, path: str, receipt: Receipt, application: Application, before: datetime | None
    ) -> Iterator[Fault]:
        head = self._draft.head
        if receipt.number != application.number:
            yield Fault(f"{path}.number", NOT_OF_HERE, {"expected": application.number})
        if head is not None and receipt.contest != head.code:
            yield Fault(f"{path}.contest", NOT_OF_HERE, {"expected": head.code})
        if before is None and receipt.submitted_at != application.submitted_at:
            yield Fault(f"{path}.submitted_at", NOT_FIRST)
        elif before is not None and receipt.submitted_at < before:
            yield Fault(f"{path}.submitted_at", BEFORE)
        nomination = receipt.nomination.code if receipt.nomination else None
        if nomination is not None and nomination not in self._codes:
            yield Fault(f"{path}.nomination.code", UNKNOWN_NOMINATION, {"key": nomination})

    def _content_faults(
        self, path: str, receipt: Receipt, application: Application | None, owner: str
    ) -> Iterator[Fault]:
        """Yield what is wrong with the answers.

        Of the last submission, whose ``application`` is given, what does not follow from them as well.
        """
        if isinstance(receipt, FirstReceipt):
            if application is not None:
                yield from _unlike(owner, application, _first_columns(receipt))
            return
        named = receipt.form
        key = (named.number, named.revision)
        form = self._form(named.number, named.revision)
        if form is None:
            if key not in self._forms and self._draft.forms.complete():
                text = "—" if None in key else ".".join(map(str, key))
                yield Fault(f"{path}.form", UNKNOWN_FORM, {"key": text})
            return
        if form.sha256 != named.sha256:
            yield Fault(f"{path}.form.sha256", NOT_OF_FORM)
            return
        answers, faults = form.reader.read(receipt.answers, f"{path}.answers")
        yield from faults
        if not faults and application is not None:
            yield from self._following_faults(path, receipt, form, answers, (owner, application))

    def _form(self, number: int | None, revision: int | None) -> Usable | None:
        """The version of a receipt; one without a number answers the form of before any was stored, the first one."""
        if number is None or revision is None:
            return next(iter(self._forms.values()), None)
        return self._forms.get((number, revision))

    def _following_faults(
        self, path: str, receipt: LatestReceipt, form: Usable, answers: dict[str, Any], of: tuple[str, Application]
    ) -> Iterator[Fault]:
        """Yield answers that are not asked for, and what does not follow from the answers."""
        owner, application = of
        files: dict[str, tuple[str, ...]] = {}
        for file in receipt.documents:
            files[file.field] = (*files.get(file.field, ()), file.sha256)
        seen = look(form.compiled, answers | files, self._circumstances(receipt, application))
        hidden = [code for code in receipt.answers if code not in seen.shown]
        if hidden:
            yield from (Fault(f"{path}.answers.{code}", NOT_ASKED) for code in hidden)
            return
        computed = computed_texts(form.compiled, seen)
        for code in sorted(computed.keys() | receipt.computed.keys()):
            if computed.get(code) != receipt.computed.get(code):
                yield Fault(f"{path}.computed.{code}", NOT_COMPUTED)
        expected = _columns(form.compiled, answers, seen.shown)
        expected |= {"indicators": figure_texts(form.compiled, self._indicators, seen)}
        yield from _unlike(owner, application, expected)

    def _circumstances(self, receipt: LatestReceipt, application: Application) -> Circumstances:
        head, rules = self._draft.head, self._draft.rules
        zone = ZoneInfo("UTC" if head is None else head.timezone)
        code = receipt.nomination.code if receipt.nomination else None
        cap = self._caps[code] if code else rules.cap_per_application if rules else None
        cluster = self._members.get(application.cluster)
        return Circumstances(receipt.submitted_at.astimezone(zone).date(), cap=cap, cluster=cluster, nomination=code)


def _columns(compiled: CompiledForm, answers: Answers, shown: frozenset[str]) -> dict[str, Any]:
    found = columns(compiled.form, answers, shown)
    initiator, partners = participants(answers, shown)
    return {
        "title": cut(found["title"], LONGEST_PROJECT_TITLE),
        "requested": found["requested"] or 0,
        "total_cost": found["total_cost"] or 0,
        "topics": tuple(found["topics"]),
        "initiator": initiator or "",
        "partners": [(inn, cut(role, LONGEST_WORD)) for inn, role, _ in partners],
    }


def _first_columns(receipt: FirstReceipt) -> dict[str, Any]:
    """What a receipt of version 1 holds of the columns."""
    passport, finance = receipt.data.passport, receipt.data.finance
    return {
        "title": passport.title,
        "requested": finance.requested or 0,
        "total_cost": finance.total_cost or 0,
        "topics": tuple(passport.topics),
        "initiator": receipt.initiator.inn if receipt.initiator else "",
        "partners": [(one.inn, one.role) for one in receipt.partners],
        "indicators": receipt.indicators,
    }


def _unlike(path: str, application: Application, expected: Columns) -> Iterator[Fault]:
    here = {name: getattr(application, name) for name in expected} | {
        "partners": [(one.inn, one.role) for one in application.partners],
        "indicators": {code: format(value, "f") for code, value in application.indicators.items()},
    }
    for name in expected:
        if here[name] != expected[name]:
            yield Fault(f"{path}.{name}", NOT_FOLLOWING)
