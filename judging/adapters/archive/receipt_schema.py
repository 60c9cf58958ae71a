"""The shape of a receipt in an archive: every key of both versions of its document.

A document is kept to the letter, for its hash is known to others; so nothing of it is brought to another form here.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, TypeAdapter

from judging.adapters.strict_json.fields import ArchiveObject, Instant
from judging.domain import record
from judging.domain.errors import N_, Unfit
from judging.domain.expressions.values import day_of
from judging.domain.fields.bounds import LONGEST_TITLE, LONGEST_WORD

_HASH = re.compile(r"[0-9a-f]{64}")
_GREATEST_SIZE = 2**40
_GREATEST_SUM = 10**17


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise Unfit(N_("not a SHA-256 of 64 hexadecimal digits"))
    return text


def _no_null(value: object) -> object:
    if value is None:
        raise Unfit(N_("missing"))
    return value


def _day(text: str) -> str:
    if day_of(text) is None:
        raise Unfit(N_("not a date of the form 2027-12-31"))
    return text


def _stamp(value: object) -> datetime:
    """An instant as receipts write it: UTC, to the letter."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.astimezone(UTC).isoformat() != value:
        raise Unfit(N_("not an instant of the form 2026-03-31T15:00:00+00:00"))
    return at


Hash = Annotated[str, AfterValidator(_hash)]
Day = Annotated[str, AfterValidator(_day)]
Stamp = Annotated[datetime, PlainValidator(_stamp)]
Title = Annotated[str, Field(max_length=LONGEST_TITLE)]
Word = Annotated[str, Field(max_length=LONGEST_WORD)]
Text = Annotated[str, Field(max_length=100_000)]
Sum = Annotated[int, Field(ge=-_GREATEST_SUM, le=_GREATEST_SUM)]
Size = Annotated[int, Field(ge=0, le=_GREATEST_SIZE)]


class SubmissionModel(ArchiveObject):
    """One of an application's ``submissions``; the document is read by the model of its version."""

    sha256: Hash
    document: dict[str, Any]

    def value(self) -> record.Submission:
        """Return the submission."""
        return record.Submission(self.sha256, self.document)


class FormVersionModel(ArchiveObject):
    """One of the contest's ``forms``; the form is read by itself."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    revision: Annotated[int, Field(ge=0, le=10_000)]
    created_at: Instant
    published_at: Instant | None
    note: Annotated[str, Field(max_length=4000)]
    form: dict[str, Any]

    def value(self) -> record.FormVersion:
        """Return the version."""
        return record.FormVersion(
            self.number, self.revision, self.created_at, self.published_at, self.note, self.form
        )  # fmt: skip


class NamedOrganisation(ArchiveObject):
    """An organisation as a receipt names it."""

    inn: Word
    ogrn: Word
    name: Title


class NamedCluster(ArchiveObject):
    """``cluster``."""

    name: Title
    region: Word
    industry: Word
    managing_organisation: NamedOrganisation | None


class NamedNomination(ArchiveObject):
    """``nomination``."""

    code: Word
    title: Title


class NamedForm(ArchiveObject):
    """``form`` of version 2; a form of before any was stored has no number."""

    number: int | None
    revision: int | None
    sha256: Hash


class NamedFile(ArchiveObject):
    """One of the ``documents`` of version 2."""

    field: Word
    filename: Title
    size: Size
    sha256: Hash


class FirstFile(ArchiveObject):
    """One of the ``documents`` of version 1."""

    slot: Word
    filename: Title
    size: Size
    sha256: Hash


class ReceiptModel(ArchiveObject):
    """What both versions have. A contest without nominations has no key for one."""

    format: Literal["application-receipt"]
    number: Word
    submitted_at: Stamp
    contest: Word
    nomination: Annotated[NamedNomination | None, BeforeValidator(_no_null)] = None
    cluster: NamedCluster


class LatestReceipt(ReceiptModel):
    """Version 2; the answers are read by the form that they answer."""

    version: Literal[2]
    form: NamedForm
    organisations: list[NamedOrganisation]
    answers: dict[str, Any]
    computed: dict[str, Word]
    documents: list[NamedFile]


class FirstPartner(NamedOrganisation):
    """One of the ``partners`` of version 1."""

    role: Word
    contribution: Text


class Passport(ArchiveObject):
    """``data.passport`` of version 1."""

    title: Title
    goal: Text
    summary: Text
    functional_map_position: Text
    topics: list[Word]
    readiness_level: Annotated[int, Field(ge=0, le=99)] | None
    starts_on: Day | None
    ends_on: Day | None
    place: Title
    contact_name: Title
    contact_phone: Title
    contact_email: Title


class Finance(ArchiveObject):
    """``data.finance`` of version 1, in kopecks."""

    total_cost: Sum | None
    own_funds: Sum | None
    loans: Sum | None
    other_budget: Sum | None
    requested: Sum | None


class Consents(ArchiveObject):
    """``data.consents`` of version 1."""

    consent_truth: bool
    consent_personal_data: bool
    consent_no_double_funding: bool


class FirstData(ArchiveObject):
    """``data`` of version 1."""

    passport: Passport
    finance: Finance
    consents: Consents


class FirstReceipt(ReceiptModel):
    """Version 1."""

    version: Literal[1]
    initiator: NamedOrganisation | None
    partners: list[FirstPartner]
    data: FirstData
    indicators: dict[str, Word]
    documents: list[FirstFile]


SUBMISSION, FORM = TypeAdapter(SubmissionModel), TypeAdapter(FormVersionModel)
RECEIPT: TypeAdapter[Any] = TypeAdapter(Annotated[LatestReceipt | FirstReceipt, Field(discriminator="version")])
