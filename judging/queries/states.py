"""Snapshots of what a contest and the accounts hold, as JSON that seals keep and verification compares with.

The journal's ``state`` and the seals keep these documents; verification makes them anew and looks for what changed
without a record. Texts stand as short hashes, so that a seal of five thousand applications stays small.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from judging.domain.canonical import digest
from judging.models import (
    Agreement,
    Application,
    AssignmentPlan,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Criterion,
    Document,
    Expert,
    FirmnessReport,
    FormVersion,
    Grant,
    GrantRequest,
    Link,
    Nomination,
    Organisation,
    Partner,
    Review,
    SignIn,
    TeamMember,
    User,
)

PLAIN = ("title", "applications_open", "applications_close", "review_close", "budget", "timezone")
"""Settings of a contest that are written down as they are."""
HASHED = (
    "code", "summary", "label", "label_en", "rules", "frozen_base", "document_slots", "indicators", "partner_roles",
)  # fmt: skip
"""Settings of a contest that are written down as a hash."""
STAGE = ("previous_id", "previous_only")
"""Settings of a contest that is the next stage of another one, written down as they are where it is."""
VISIBILITY = "visibility"
"""Who sees whose marks, written down where it is not as it was before there was a setting."""
CRITERION = ("position", "title", "title_en", "kind", "definition", "guidance", "descriptors")
NOMINATION = ("position", "title", "title_en", "definition")
AGREEMENT = ("title", "title_en", "text", "text_en", "number", "withdrawn_at")
APPLICATION = (
    "title", "goal", "summary", "functional_map_position", "readiness_level", "starts_on", "ends_on", "place",
    "topics", "contact_name", "contact_phone", "contact_email", "total_cost", "requested", "own_funds", "loans",
    "other_budget", "indicators", "consent_truth", "consent_personal_data", "consent_no_double_funding",
    "submitted_at", "cluster_id", "team_id",
)  # fmt: skip
LISTED: Mapping[str, Any] = {"links": Link, "requests": GrantRequest, "sessions": SignIn}
EXPERT = ("email", "name", "region", "topics", "max_load", "methodologist", "user_id")


@dataclass(frozen=True)
class Item:
    """A row as it stands: its id, status ("" where it has none), what names it, and the hash of what it holds."""

    id: int
    status: str
    name: str
    sha: str


def settings_of(session: Session, contest_id: int) -> dict[str, Any]:
    """Return what the contest's rules, dates, money and criteria are, by name."""
    row = session.execute(
        select(*(getattr(Contest, name) for name in (*PLAIN, *HASHED, *STAGE, VISIBILITY))).filter_by(id=contest_id)
    ).one()
    form = session.scalar(
        select(FormVersion.sha256)
        .where(FormVersion.contest_id == contest_id)
        .order_by(FormVersion.number.desc(), FormVersion.revision.desc())
        .limit(1)
    )
    criteria = session.execute(
        select(Criterion.code, *(getattr(Criterion, name) for name in CRITERION)).filter_by(contest_id=contest_id)
    )
    nominations = session.execute(
        select(Nomination.code, *(getattr(Nomination, name) for name in NOMINATION)).filter_by(contest_id=contest_id)
    )
    agreements = session.execute(
        select(Agreement.code, *(getattr(Agreement, name) for name in AGREEMENT)).filter_by(contest_id=contest_id)
    )
    return {
        **{name: plain(getattr(row, name)) for name in PLAIN},
        **{name: short(getattr(row, name)) for name in HASHED},
        **({} if form is None else {"form": short(form)}),
        **({} if row.previous_id is None else {name: getattr(row, name) for name in STAGE}),
        **({VISIBILITY: row.visibility} if row.visibility else {}),
        **{f"criterion {one.code}": short([plain(getattr(one, name)) for name in CRITERION]) for one in criteria},
        **{f"nomination {one.code}": short([plain(getattr(one, name)) for name in NOMINATION]) for one in nominations},
        **{f"agreement {one.code}": short([plain(getattr(one, name)) for name in AGREEMENT]) for one in agreements},
    }


def contest_state(session: Session, contest_id: int) -> dict[str, Any]:
    """Return everything in the contest that verification compares, rows by their id."""
    return {
        **session.execute(_contest(contest_id)).mappings().one(),
        "settings": settings_of(session, contest_id),
        "applications": _by_id(applications(session, contest_id)),
        "reviews": {
            str(row.id): [row.status, row.application_id, row.expert_id, sheet_hash(row), row.additional]
            for row in reviews(session, contest_id)
        },
        "decisions": {str(key): short(words) for key, words in decisions(session, contest_id) if any(words)},
        "clusters": {str(key): cluster for key, cluster in clusters(session, contest_id).items()},
        "experts": {str(key): card for key, card in experts(session, contest_id)},
        "conflicts": [[*pair, bar] for pair, bar in bars(session, contest_id).items()],
        "documents": _by_id(documents(session, contest_id)),
        "plans": statuses(session, AssignmentPlan, contest_id),
        "reports": statuses(session, FirmnessReport, contest_id),
    }


def accounts_state(session: Session) -> dict[str, Any]:
    """Return every account with its address and whether it may sign in, every staff role, and who is in which team.

    Of links, requests for roles and sessions it says which there are; what they hold stands in their records.
    """
    users = session.execute(select(User.id, User.email, User.active).order_by(User.id))
    return {
        "users": {str(row.id): [row.email, row.active] for row in users},
        "grants": [list(grant) for grant in sorted(grants(session), key=str)],
        "members": [list(member) for member in sorted(members(session))],
        **{name: list(session.scalars(select(model.id).order_by(model.id))) for name, model in LISTED.items()},
    }


def applications(session: Session, contest_id: int) -> Iterator[Item]:
    """Yield the applications of a contest with everything that its team or its archive said."""
    partners = _partners(session, contest_id)
    rows = session.execute(
        select(
            Application.id, Application.status, Application.number,
            *(getattr(Application, name) for name in APPLICATION),
            Organisation.inn, Organisation.name.label("initiator"), Cluster.code, Cluster.region,
            Nomination.code.label("nomination"),
        )
        .join(Cluster, Cluster.id == Application.cluster_id)
        .outerjoin(Nomination, Nomination.id == Application.nomination_id)
        .outerjoin(Organisation, Organisation.id == Application.initiator_id)
        .where(Application.contest_id == contest_id)
        .order_by(Application.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in rows:
        facts = [plain(getattr(row, name)) for name in APPLICATION]
        about = [row.number, row.inn, row.initiator, row.code, row.region, partners.get(row.id, [])]
        about += [row.nomination] if row.nomination else []
        yield Item(row.id, row.status, row.number or "", short([facts, about]))


def reviews(session: Session, contest_id: int) -> Iterator[Any]:
    """Yield the reviews of a contest as rows: id, status, whose they are, and the sheet."""
    return iter(
        session.execute(
            select(
                Review.id, Review.status, Review.application_id, Review.expert_id, Review.scores, Review.comments,
                Review.recommendation, Review.additional, Review.submitted_at,
            )
            .where(Review.contest_id == contest_id)
            .order_by(Review.id)
            .execution_options(yield_per=1000)
        )
    )  # fmt: skip


def sheet_hash(row: Any) -> str:
    """Return the hash of a score sheet: marks, comments, recommendation, and when it was handed in."""
    sheet = [row.scores, row.comments, row.recommendation, row.additional]
    return short([*sheet, plain(row.submitted_at)])


def experts(session: Session, contest_id: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (id, card) of the experts of a contest; a card names things as the journal's records of experts do."""
    rows = session.execute(
        select(Expert.id, *(getattr(Expert, name) for name in EXPERT), Organisation.inn.label("employer_inn"))
        .outerjoin(Organisation, Organisation.id == Expert.organisation_id)
        .where(Expert.contest_id == contest_id)
        .order_by(Expert.id)
    )
    for row in rows.mappings():
        card = dict(row) | {"topics": ", ".join(row["topics"])}
        yield card.pop("id"), card


def statuses(session: Session, model: type[Any], contest_id: int) -> dict[str, str]:
    """Return the status of every plan or report of a contest, by id."""
    rows = session.execute(select(model.id, model.status).where(model.contest_id == contest_id).order_by(model.id))
    return {str(row.id): row.status for row in rows}


def conflicts(session: Session, contest_id: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs in conflict of a contest: (expert id, application id)."""
    pairs = select(Conflict.expert_id, Conflict.application_id).where(Conflict.contest_id == contest_id)
    return ((row.expert_id, row.application_id) for row in session.execute(pairs.order_by(Conflict.id)))


def bars(session: Session, contest_id: int) -> dict[tuple[int, int], str]:
    """Return by pair, (expert id, application id), the hash of the kind and the reason of the conflict."""
    rows = session.execute(
        select(Conflict.expert_id, Conflict.application_id, Conflict.kind, Conflict.reason)
        .where(Conflict.contest_id == contest_id)
        .order_by(Conflict.id)
    )
    return {(row.expert_id, row.application_id): short([row.kind, row.reason]) for row in rows}


def decisions(session: Session, contest_id: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (application id, [reason, clause]) of the decisions as they stand on the applications of a contest."""
    rows = session.execute(
        select(Application.id, Application.decision_reason, Application.decision_clause)
        .where(Application.contest_id == contest_id)
        .order_by(Application.id)
    )
    return ((row.id, [row.decision_reason or "", row.decision_clause or ""]) for row in rows)


def clusters(session: Session, contest_id: int) -> dict[int, dict[str, Any]]:
    """Return the clusters of a contest: the hash of their own facts, members by ИНН, the managing organisation."""
    own = select(Organisation.inn, Organisation.ogrn, Organisation.name, Organisation.region)
    heads = session.execute(
        own.add_columns(Cluster.id, Cluster.name.label("cluster"), Cluster.region.label("place"), Cluster.industry)
        .select_from(Cluster)
        .outerjoin(Organisation, Organisation.id == Cluster.managing_organisation_id)
        .where(Cluster.contest_id == contest_id)
        .order_by(Cluster.id)
    )
    found: dict[int, dict[str, Any]] = {
        row.id: {
            "facts": short([row.cluster, row.place, row.industry]),
            "members": {},
            "managing": [row.inn, short([row.ogrn, row.name, row.region])] if row.inn else None,
        }
        for row in heads
    }
    rows = session.execute(
        own.add_columns(ClusterMember.cluster_id)
        .join(ClusterMember, ClusterMember.organisation_id == Organisation.id)
        .join(Cluster, Cluster.id == ClusterMember.cluster_id)
        .where(Cluster.contest_id == contest_id)
        .order_by(ClusterMember.cluster_id, ClusterMember.position, Organisation.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        found[row.cluster_id]["members"][row.inn] = short([row.ogrn, row.name, row.region])
    return found


def members(session: Session) -> frozenset[tuple[int, int]]:
    """Return who is in which team: (team id, user id)."""
    rows = session.execute(select(TeamMember.team_id, TeamMember.user_id))
    return frozenset((row.team_id, row.user_id) for row in rows)


def documents(session: Session, contest_id: int) -> Iterator[Item]:
    """Yield the documents of a contest's applications, replaced ones too."""
    rows = session.execute(
        select(Document.id, Document.application_id, Document.slot, Document.filename, Document.size, Document.sha256)
        .join(Application, Application.id == Document.application_id)
        .where(Application.contest_id == contest_id)
        .order_by(Document.id)
        .execution_options(yield_per=1000)
    )
    return (Item(row.id, "", row.filename, short(list(row)[1:])) for row in rows)


def grants(session: Session) -> frozenset[tuple[int, str, int | None]]:
    """Return the staff roles given: (user id, role, contest id or None for all)."""
    rows = session.execute(select(Grant.user_id, Grant.role, Grant.contest_id))
    return frozenset((row.user_id, row.role, row.contest_id) for row in rows)


def short(value: Any) -> str:
    """Return the first half of the SHA-256 of a JSON value."""
    return digest({"value": value})[:32]


def plain(value: Any) -> Any:
    """Return a column's value as JSON: instants in UTC, dates in ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _contest(contest_id: int) -> Select[Any]:
    names = ("status", "ranking_revision", "applications_received", "cancelled_reason")
    return select(*(getattr(Contest, name) for name in names)).filter_by(id=contest_id)


def _by_id(items: Iterator[Item]) -> dict[str, list[str]]:
    return {str(item.id): [item.status, item.name, item.sha] for item in items}


def _partners(session: Session, contest_id: int) -> Mapping[int, list[list[str]]]:
    found: defaultdict[int, list[list[str]]] = defaultdict(list)
    rows = session.execute(
        select(Partner.application_id, Organisation.inn, Partner.role, Partner.contribution)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .join(Application, Application.id == Partner.application_id)
        .where(Application.contest_id == contest_id)
        .order_by(Partner.application_id, Partner.position)
    )
    for row in rows:
        found[row.application_id].append([row.inn, row.role, row.contribution])
    return found
