"""The shape of an archive: which keys an object has and what each may hold.

Every model reads one object strictly (unknown keys are refused, nothing is converted) and ``value()`` gives the same
thing as a value of the domain. References between objects are checked in :mod:`judging.adapters.archive.references`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from judging.adapters.archive.versions import VERSIONS
from judging.adapters.strict_json.fields import (
    ArchiveObject,
    Code,
    ContestCode,
    Count,
    Email,
    Enumerated,
    Inn,
    Instant,
    Money,
    Number,
    Ogrn,
    Okved,
    PersonName,
    ProjectTitle,
    Region,
    Timezone,
    Title,
    Word,
)
from judging.domain import record
from judging.domain.errors import N_, Unfit
from judging.domain.sheet_rules import Confidence


def _known_version(number: int) -> int:
    if number not in VERSIONS:
        raise Unfit(N_("only versions %(known)s of the format can be read"), known=", ".join(map(str, VERSIONS)))
    return number


def _different(codes: list[str]) -> list[str]:
    if len(set(codes)) < len(codes):
        raise Unfit(N_("a code is given twice"))
    return codes


class EnvelopeModel(ArchiveObject):
    """The top level; what its lists hold is read item by item, so that every fault is found."""

    format: Literal["contest-archive"]
    version: Annotated[int, AfterValidator(_known_version)]
    contest: dict[str, Any]
    organisations: list[Any]
    clusters: list[Any]
    applications: list[Any]
    experts: list[Any]
    conflicts: list[Any]
    reviews: list[Any]


class EnvelopeModel2(EnvelopeModel):
    """The top level of version 2."""

    agreed: list[Any] = Field(default_factory=list)


@dataclass(frozen=True)
class Head:
    """``contest`` without its criteria and rules."""

    code: str
    title: str
    timezone: str
    applications_open: datetime
    applications_close: datetime
    review_close: datetime
    budget: int | None
    frozen_base: dict[str, Decimal] | None


class HeadModel(ArchiveObject):
    """``contest``; criteria and rules are read apart, so that every fault is found."""

    code: ContestCode
    title: Title
    timezone: Timezone
    applications_open: Instant
    applications_close: Instant
    review_close: Instant
    budget: Money | None
    criteria: list[Any]
    rules: dict[str, Any]
    frozen_base: dict[str, Number] | None = None

    def value(self) -> Head:
        """Return the head."""
        return Head(
            code=self.code,
            title=self.title,
            timezone=self.timezone,
            applications_open=self.applications_open,
            applications_close=self.applications_close,
            review_close=self.review_close,
            budget=self.budget,
            frozen_base=self.frozen_base,
        )


class HeadModel2(HeadModel):
    """``contest`` of version 2; nominations, versions of the form, milestones and the sheet are read apart."""

    nominations: list[Any] = Field(default_factory=list)
    forms: list[Any] = Field(default_factory=list)
    milestones: list[Any] = Field(default_factory=list)
    sheet: dict[str, Any] = Field(default_factory=dict)


class OrganisationModel(ArchiveObject):
    """One of the ``organisations``."""

    inn: Inn
    ogrn: Ogrn
    name: Title
    region: Region

    def value(self) -> record.Organisation:
        """Return the organisation."""
        return record.Organisation(inn=self.inn, ogrn=self.ogrn, name=self.name, region=self.region)


class ClusterModel(ArchiveObject):
    """One of the ``clusters``."""

    code: Code
    name: Title
    region: Region
    industry: Word
    managing_organisation: str
    members: list[str]

    def value(self) -> record.Cluster:
        """Return the cluster."""
        return record.Cluster(
            code=self.code,
            name=self.name,
            region=self.region,
            industry=self.industry,
            managing_organisation=self.managing_organisation,
            members=tuple(self.members),
        )


class PartnerModel(ArchiveObject):
    """One of an application's ``partners``."""

    inn: str
    role: Word

    def value(self) -> record.Partner:
        """Return the partner."""
        return record.Partner(inn=self.inn, role=self.role)


class ApplicationModel(ArchiveObject):
    """One of the ``applications``."""

    number: Code
    title: ProjectTitle
    cluster: str
    initiator: str
    partners: list[PartnerModel]
    submitted_at: Instant
    status: Annotated[record.Decision, Enumerated]
    requested: Money
    total_cost: Money
    topics: list[Okved]
    indicators: dict[str, Number]

    def value(self) -> record.Application:
        """Return the application."""
        return record.Application(
            number=self.number,
            title=self.title,
            cluster=self.cluster,
            initiator=self.initiator,
            partners=tuple(partner.value() for partner in self.partners),
            submitted_at=self.submitted_at,
            status=self.status,
            requested=self.requested,
            total_cost=self.total_cost,
            topics=tuple(self.topics),
            indicators=self.indicators,
        )


class PanelModel(ArchiveObject):
    """``panel`` of an application: what the panel decided of it."""

    verdict: Annotated[record.PanelVerdict, Enumerated]
    reason: str

    def value(self) -> record.PanelDecision:
        """Return the decision."""
        return record.PanelDecision(self.verdict, self.reason)


class ApplicationModel2(ApplicationModel):
    """One of the ``applications`` of version 2; what was submitted is read apart."""

    nomination: str | None = None
    submissions: list[Any] = Field(default_factory=list)
    panel: PanelModel | None = None

    def value(self) -> record.Application:
        """Return the application."""
        panel = None if self.panel is None else self.panel.value()
        return replace(super().value(), nomination=self.nomination, panel=panel)


class ExpertModel(ArchiveObject):
    """One of the ``experts``."""

    email: Email
    name: PersonName
    organisation: str | None
    region: Region
    topics: list[Okved]
    max_load: Count

    def value(self) -> record.Expert:
        """Return the expert."""
        return record.Expert(
            email=self.email,
            name=self.name,
            organisation=self.organisation,
            region=self.region,
            topics=tuple(self.topics),
            max_load=self.max_load,
        )


class ConflictModel(ArchiveObject):
    """One of the ``conflicts``."""

    expert: str
    application: str
    reason: str

    def value(self) -> record.Conflict:
        """Return the conflict."""
        return record.Conflict(expert=self.expert, application=self.application, reason=self.reason)


class ReviewModel(ArchiveObject):
    """One of the ``reviews``."""

    expert: str
    application: str
    state: Annotated[record.ReviewState, Enumerated]
    submitted_at: Instant | None
    scores: dict[str, Number]
    comments: dict[str, str]
    recommendation: Annotated[record.Recommendation, Enumerated] | None
    additional: bool = False
    reason: str | None = None

    def value(self) -> record.Review:
        """Return the review."""
        return record.Review(
            expert=self.expert,
            application=self.application,
            state=self.state,
            submitted_at=self.submitted_at,
            scores=self.scores,
            comments=self.comments,
            recommendation=self.recommendation,
            additional=self.additional,
            reason=self.reason,
        )


class ReviewModel2(ReviewModel):
    """One of the ``reviews`` of version 2."""

    abstained: Annotated[list[str], AfterValidator(_different)] = Field(default_factory=list)
    confidence: Annotated[Confidence, Enumerated] | None = None
    in_scope: bool | None = None
    scope_reason: str = ""
    to_applicant: dict[str, str] = Field(default_factory=dict)
    set_aside: str | None = None

    def value(self) -> record.Review:
        """Return the review."""
        return replace(
            super().value(),
            abstained=frozenset(self.abstained),
            confidence=self.confidence,
            in_scope=self.in_scope,
            scope_reason=self.scope_reason,
            to_applicant=self.to_applicant,
            set_aside=self.set_aside,
        )


class AgreedModel(ArchiveObject):
    """One of ``agreed``: the score that a lead expert put down for an application."""

    expert: str
    application: str
    submitted_at: Instant
    scores: dict[str, Number]
    rationale: str

    def value(self) -> record.AgreedReview:
        """Return the agreed score."""
        return record.AgreedReview(
            expert=self.expert,
            application=self.application,
            submitted_at=self.submitted_at,
            scores=self.scores,
            rationale=self.rationale,
        )
