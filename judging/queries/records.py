"""A whole contest out of the database as plain values: what an archive holds and what a ranking is computed from.

There are three of it. :func:`contest_record` is for rankings, reports, pages, downloads and snapshots: no sheet that is
not handed in is in it. :func:`contest_record_with_drafts` holds them, as typed so far. For the archive that the console
writes, which has to be everything, :mod:`judging.queries.whole_records` adds the form, the milestones and whatever was
submitted: no ranking reads these, which are ten times as large.

A few selects of bare rows, whatever the size of the contest. What the archive has no word for is left out: drafts,
applications that are not decided, tasks that are only proposed; and with them the clusters and legal entities that a
team entered for these alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from judging.adapters.archive import read_criterion, read_nomination, read_rules, read_sheet
from judging.domain import record
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.sheet_rules import Audience, Confidence
from judging.models import (
    AgreedScore,
    Application,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Criterion,
    Expert,
    Nomination,
    Organisation,
    Partner,
    Review,
)

DECISIONS = {
    status.value: decision for status in ApplicationStatus if (decision := record.decision_of(status)) is not None
}
STATES = {status.value: state for status in ReviewStatus if (state := record.review_state_of(status)) is not None}

Query = Select[*tuple[Any, ...]]
OneRow = Row[*tuple[Any, ...]]
Rows = Sequence[OneRow]
Keys = Mapping[int | None, str]
"""The archive's key (ИНН, code, number, e-mail) by the id of a row."""


def contest_record(session: Session, contest_id: int) -> record.ContestRecord:
    """Return a contest as it may leave the system: unfinished sheets are empty; raise as the other one does."""
    return record.without_drafts(contest_record_with_drafts(session, contest_id))


def contest_record_with_drafts(session: Session, contest_id: int) -> record.ContestRecord:
    """Return everything of one contest, lists in the order of entry; raise ``NoResultFound`` where there is none.

    The sheets that experts have begun are in it: it is for the console alone, and shown to nobody.
    """
    terms = contest_terms(session, contest_id)
    return _Reader(session, contest_id).read(terms)


def contest_terms(session: Session, contest_id: int) -> record.ContestTerms:
    """Return dates, money, rubric and rules of one contest; raise ``NoResultFound`` where there is none."""
    row = session.execute(select(*Contest.__table__.columns).where(Contest.id == contest_id)).one()
    definitions = session.scalars(
        select(Criterion.definition).where(Criterion.contest_id == contest_id).order_by(Criterion.position)
    )
    nominations = session.scalars(
        select(Nomination.definition).where(Nomination.contest_id == contest_id).order_by(Nomination.position)
    )
    return record.ContestTerms(
        code=row.code,
        title=row.title,
        timezone=row.timezone,
        applications_open=row.applications_open,
        applications_close=row.applications_close,
        review_close=row.review_close,
        budget=row.budget,
        criteria=tuple(read_criterion(definition) for definition in definitions),
        rules=read_rules(row.rules),
        frozen_base=None if row.frozen_base is None else _decimals(row.frozen_base),
        nominations=tuple(read_nomination(definition) for definition in nominations),
        sheet=read_sheet(row.sheet),
    )


class _Reader:
    """The rows of one contest, each table read once, and the keys that tie them together."""

    def __init__(self, session: Session, contest_id: int) -> None:
        self._session, self._contest_id = session, contest_id
        self._applications = self._rows(_applications(contest_id))
        self._experts = self._rows(_of_contest(contest_id, Expert))
        self._partners = _grouped(self._rows(_partners(contest_id)))
        used = {row.cluster_id for row in self._applications}
        clusters = self._rows(_of_contest(contest_id, Cluster))
        self._clusters = [row for row in clusters if row.team_id is None or row.id in used]
        self._members = _grouped(self._rows(_members(contest_id)))
        self._organisations = self._rows(_of_contest(contest_id, Organisation))
        self._inns: Keys = {row.id: row.inn for row in self._organisations}

    def read(self, terms: record.ContestTerms) -> record.ContestRecord:
        """Return the record."""
        numbers: Keys = {row.id: row.number for row in self._applications}
        emails: Keys = {row.id: row.email for row in self._experts}
        conflicts = self._rows(_conflicts(self._contest_id))
        reviews = self._rows(_reviews(self._contest_id))
        return record.ContestRecord(
            contest=terms,
            organisations=tuple(self._organisations_read()),
            clusters=tuple(self._cluster(row) for row in self._clusters),
            applications=tuple(self._applications_read()),
            experts=tuple(self._expert(row) for row in self._experts),
            conflicts=tuple(
                record.Conflict(emails[row.expert_id], numbers[row.application_id], row.reason)
                for row in conflicts
                if row.application_id in numbers
            ),
            reviews=tuple(
                _review(row, emails[row.expert_id], numbers[row.application_id])
                for row in reviews
                if row.application_id in numbers
            ),
            agreed=tuple(
                record.AgreedReview(
                    expert=emails[row.expert_id],
                    application=numbers[row.application_id],
                    submitted_at=row.submitted_at,
                    scores=_decimals(row.scores),
                    rationale=row.rationale,
                )
                for row in self._rows(_agreed(self._contest_id))
                if row.application_id in numbers
            ),
        )

    def _rows(self, query: Query) -> Rows:
        return self._session.execute(query).all()

    def _organisations_read(self) -> Iterator[record.Organisation]:
        """Yield each legal entity once, the contest's own card before a team's."""
        needed = self._needed()
        seen = set()
        for row in sorted(self._organisations, key=lambda row: row.team_id is not None):
            if row.inn not in seen and (row.team_id is None or row.inn in needed):
                seen.add(row.inn)
                yield record.Organisation(inn=row.inn, ogrn=row.ogrn, name=row.name, region=row.region)

    def _needed(self) -> frozenset[str]:
        """Return the ИНН of every legal entity that something in the record refers to."""
        clusters = {row.id for row in self._clusters}
        numbered = {row.id for row in self._applications}
        ids = {
            *(row.managing_organisation_id for row in self._clusters),
            *(row.organisation_id for key in clusters for row in self._members.get(key, ())),
            *(row.initiator_id for row in self._applications),
            *(row.organisation_id for key in numbered for row in self._partners.get(key, ())),
            *(row.organisation_id for row in self._experts),
        }
        return frozenset(self._inns[key] for key in ids if key is not None)

    def _cluster(self, row: OneRow) -> record.Cluster:
        members = (self._inns[member.organisation_id] for member in self._members.get(row.id, ()))
        return record.Cluster(
            code=row.code,
            name=row.name,
            region=row.region,
            industry=row.industry,
            managing_organisation=self._inns.get(row.managing_organisation_id, ""),
            members=tuple(dict.fromkeys(members)),
        )

    def _applications_read(self) -> Iterator[record.Application]:
        codes: Keys = {row.id: row.code for row in self._clusters}
        for row in self._applications:
            yield record.Application(
                number=row.number,
                title=row.title,
                cluster=codes[row.cluster_id],
                initiator=self._inns.get(row.initiator_id, ""),
                partners=tuple(
                    record.Partner(self._inns[partner.organisation_id], partner.role)
                    for partner in self._partners.get(row.id, ())
                ),
                submitted_at=row.submitted_at,
                status=DECISIONS[row.status],
                requested=row.requested or 0,
                total_cost=row.total_cost or 0,
                topics=tuple(row.topics),
                indicators=_decimals(row.indicators),
                nomination=row.nomination,
                panel=_panel(row),
            )

    def _expert(self, row: OneRow) -> record.Expert:
        return record.Expert(
            email=row.email,
            name=row.name,
            organisation=self._inns.get(row.organisation_id),
            region=row.region,
            topics=tuple(row.topics),
            max_load=row.max_load,
        )


def _of_contest(contest_id: int, model: type[Expert] | type[Cluster] | type[Organisation]) -> Query:
    return select(*model.__table__.columns).where(model.contest_id == contest_id).order_by(model.id)


def _applications(contest_id: int) -> Query:
    """Select the decided applications, with the columns that an archive holds and no others."""
    return (
        select(
            Application.id,
            Application.number,
            Application.title,
            Application.cluster_id,
            Application.initiator_id,
            Application.submitted_at,
            Application.status,
            Application.requested,
            Application.total_cost,
            Application.topics,
            Application.indicators,
            Application.panel_verdict,
            Application.panel_reason,
            Nomination.code.label("nomination"),
        )
        .outerjoin(Nomination, Nomination.id == Application.nomination_id)
        .where(Application.contest_id == contest_id, Application.status.in_(DECISIONS))
        .where(Application.number.is_not(None), Application.submitted_at.is_not(None))
        .order_by(Application.id)
    )


def _partners(contest_id: int) -> Query:
    return (
        select(Partner.application_id, Partner.organisation_id, Partner.role)
        .join(Application)
        .where(Application.contest_id == contest_id)
        .order_by(Partner.application_id, Partner.position)
    )


def _members(contest_id: int) -> Query:
    return (
        select(ClusterMember.cluster_id, ClusterMember.organisation_id)
        .join(Cluster)
        .where(Cluster.contest_id == contest_id)
        .order_by(ClusterMember.cluster_id, ClusterMember.position)
    )


def _conflicts(contest_id: int) -> Query:
    columns = (Conflict.expert_id, Conflict.application_id, Conflict.reason)
    return select(*columns).where(Conflict.contest_id == contest_id).order_by(Conflict.id)


def _reviews(contest_id: int) -> Query:
    """Select the reviews that an expert knows of, with the columns that an archive holds and no others."""
    return (
        select(
            Review.expert_id,
            Review.application_id,
            Review.status,
            Review.submitted_at,
            Review.scores,
            Review.comments,
            Review.recommendation,
            Review.additional,
            Review.reason,
            Review.abstained,
            Review.notes,
            Review.confidence,
            Review.in_scope,
            Review.scope_reason,
            Review.set_aside_reason,
        )
        .where(Review.contest_id == contest_id, Review.status.in_(STATES))
        .order_by(Review.id)
    )


def _agreed(contest_id: int) -> Query:
    """Select the agreed scores that were handed in."""
    return (
        select(
            AgreedScore.application_id,
            AgreedScore.expert_id,
            AgreedScore.submitted_at,
            AgreedScore.scores,
            AgreedScore.rationale,
        )
        .join(Application)
        .where(Application.contest_id == contest_id, AgreedScore.submitted_at.is_not(None))
        .order_by(AgreedScore.id)
    )


def _grouped(rows: Rows) -> Mapping[int, Rows]:
    """Group rows by their first column."""
    groups: defaultdict[int, list[OneRow]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row)
    return groups


def _review(row: OneRow, expert: str, application: str) -> record.Review:
    return record.Review(
        expert=expert,
        application=application,
        state=STATES[row.status],
        submitted_at=row.submitted_at,
        scores=_decimals(row.scores),
        comments=row.comments,
        recommendation=record.Recommendation(row.recommendation) if row.recommendation else None,
        additional=row.additional,
        reason=row.reason,
        abstained=frozenset(row.abstained),
        confidence=Confidence(row.confidence) if row.confidence else None,
        in_scope=row.in_scope,
        scope_reason=row.scope_reason,
        to_applicant=row.notes.get(Audience.APPLICANT, {}),
        set_aside=row.set_aside_reason,
    )


def _panel(row: OneRow) -> record.PanelDecision | None:
    if row.panel_verdict is None:
        return None
    return record.PanelDecision(record.PanelVerdict(row.panel_verdict), row.panel_reason or "")


def _decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: _decimal(text) for name, text in texts.items()}


@lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal:
    """Read a decimal; the few marks that there are stand in every sheet."""
    return Decimal(text)
