"""Small, whole objects for tests: every function adds one thing to the session and returns it flushed.

ИНН and ОГРН are made with valid check digits from a counter. Instants hang on :data:`MOMENT`.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.agreements import agreement_hash
from judging.domain.signatures import Facts, Signer
from judging.models import (
    Agreement,
    AgreementAcceptance,
    AgreementVersion,
    Application,
    Cluster,
    ClusterMember,
    Conflict,
    Contest,
    Criterion,
    Document,
    DocumentSignature,
    DocumentTemplate,
    Expert,
    Extension,
    Grant,
    Milestone,
    Nomination,
    Organisation,
    Partner,
    Review,
    Team,
    TeamInvitation,
    TeamMember,
    TeamRequest,
    User,
)
from judging.queries.agreements import value_of
from judging.services.search_texts import application_text, expert_text

MOMENT = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[1] / "judging" / "data"
PRESET: dict[str, Any] = json.loads((DATA / "preset-pp41.json").read_text("utf-8"))
_numbers = count(10_001)
"""Beyond the numbers of the worked example, which some tests load beside objects made here."""


def count_on(least: int = 0) -> int:
    """The number that has been counted to, at ``least`` this one: what is made from now on has greater ones."""
    number = next(_numbers)
    while number < least:
        number = next(_numbers)
    return number


def inn(serial: int) -> str:
    """A valid ten-digit ИНН of the non-existent tax office 0000."""
    digits = f"0000{serial:05d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)


def ogrn(serial: int) -> str:
    """A valid thirteen-digit ОГРН."""
    digits = f"1{serial:011d}"
    return digits + str(int(digits) % 11 % 10)


def user(session: Session, role: str | None = None, contest: Contest | None = None, **values: Any) -> User:
    """A confirmed account; ``role`` a staff role, in ``contest`` or in all."""
    n = next(_numbers)
    values = {"email": f"person{n}@example.org", "name": f"Иванов Пётр {n}", "created_at": MOMENT} | values
    person = User(**{"email_confirmed_at": MOMENT, "locale": "ru", "active": True} | values)
    session.add(person)
    if role:
        person.grants.append(Grant(role=role, contest_id=contest.id if contest else None, granted_at=MOMENT))
    session.flush()
    return person


def team(session: Session, *members: User, **values: Any) -> Team:
    """A team of these people (a new person where none is given); the first of them leads it."""
    group = Team(**{"name": "Команда кластера", "created_at": MOMENT} | values)
    session.add(group)
    for person in members or (user(session),):
        role = "member" if group.members else "lead"
        group.members.append(TeamMember(user=person, joined_at=MOMENT, role=role))
    session.flush()
    return group


def team_invitation(session: Session, team: Team, **values: Any) -> TeamInvitation:
    """An invitation into a team that waits; its token is ``token-NUMBER`` of the invitation made so."""
    n = next(_numbers)
    item = TeamInvitation(
        **{
            "team_id": team.id,
            "token_hash": sha256(f"token-{n}".encode()).hexdigest(),
            "email": f"invited{n}@example.org",
            "name": f"Приглашённый {n}",
            "role": "member",
            "invited_by": "Иванов Пётр",
            "sent_at": MOMENT,
            "expires_at": MOMENT + timedelta(days=14),
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def team_request(session: Session, team: Team, person: User | None = None, **values: Any) -> TeamRequest:
    """That somebody asks to be taken into a team."""
    asking = person or user(session)
    item = TeamRequest(
        **{"team_id": team.id, "user_id": asking.id, "asked_at": MOMENT, "expires_at": MOMENT + timedelta(days=30)}
        | values
    )
    session.add(item)
    session.flush()
    return item


def contest(session: Session, **values: Any) -> Contest:
    """A published contest with the preset's rubric, open for applications at :data:`MOMENT`."""
    n = next(_numbers)
    item = Contest(
        **{
            "code": f"TEST-{n}",
            "title": "Конкурс совместных проектов",
            "timezone": "Europe/Moscow",
            "applications_open": MOMENT - timedelta(days=10),
            "applications_close": MOMENT + timedelta(days=10),
            "review_close": MOMENT + timedelta(days=40),
            "budget": 300_000_000_00,
            "rules": PRESET["rules"],
            "label": PRESET["label"],
            "label_en": PRESET["label_en"],
            "document_slots": PRESET["documents"],
            "indicators": PRESET["indicators"],
            "partner_roles": PRESET["partner_roles"],
            "status": "published",
            "created_at": MOMENT - timedelta(days=20),
            "published_at": MOMENT - timedelta(days=15),
        }
        | values
    )
    for position, definition in enumerate(PRESET["criteria"]):
        code = definition["code"]
        item.criteria.append(
            Criterion(
                position=position,
                code=code,
                title=definition["title"],
                title_en=PRESET["criteria_en"][code],
                kind=definition["kind"],
                definition=definition,
                guidance=PRESET["guidance"].get(code, {}),
                descriptors=PRESET["descriptors"].get(code, []),
            )
        )
    session.add(item)
    session.flush()
    return item


def nomination(session: Session, contest: Contest, code: str = "series", **values: Any) -> Nomination:
    """A nomination of a contest after its others; ``values`` are keys of the archive's object."""
    definition = {
        "code": code,
        "title": f"Номинация {code}",
        "weights": {},
        "pass_total": None,
        "budget": None,
        "max_winners": None,
        "cap_per_application": None,
    } | values
    item = Nomination(
        position=len(contest.nominations),
        code=code,
        title=definition["title"],
        title_en=definition.get("title_en", ""),
        definition=definition,
    )
    contest.nominations.append(item)
    session.flush()
    return item


def organisation(session: Session, contest: Contest, team: Team | None = None, **values: Any) -> Organisation:
    """A legal entity of a contest; with ``team`` it is that team's own."""
    n = next(_numbers)
    item = Organisation(
        **{
            "contest_id": contest.id,
            "team_id": team.id if team else None,
            "inn": inn(n),
            "ogrn": ogrn(n),
            "name": f"ООО «Завод {n}»",
            "region": "16",
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def cluster(session: Session, contest: Contest, team: Team | None = None, members: int = 3, **values: Any) -> Cluster:
    """A cluster with a managing organisation and ``members`` members."""
    n = next(_numbers)
    item = Cluster(
        **{
            "contest_id": contest.id,
            "team_id": team.id if team else None,
            "code": f"CL-{n}",
            "name": "Камский машиностроительный промышленный кластер",
            "region": "16",
            "industry": "Машиностроение",
            "managing_organisation": organisation(session, contest, team, name="Ассоциация «Кластер»"),
        }
        | values
    )
    item.members = [
        ClusterMember(position=i, organisation=organisation(session, contest, team)) for i in range(members)
    ]
    session.add(item)
    session.flush()
    return item


def application(
    session: Session, contest: Contest, cluster: Cluster | None = None, status: str = "admitted", **values: Any
) -> Application:
    """An application with an initiator, one partner and every field filled; numbered unless a draft."""
    cluster = cluster or globals()["cluster"](session, contest)
    n = next(_numbers)
    members = [member.organisation for member in cluster.members]
    numbered = status != "draft"
    item = Application(
        **{
            "contest_id": contest.id,
            "cluster": cluster,
            "team_id": cluster.team_id,
            "initiator": members[0],
            "number": f"{n:03d}" if numbered else None,
            "status": status,
            "title": f"Производство узла {n}",
            "goal": "Наладить выпуск узла.",
            "summary": "Совместный проект участников кластера.",
            "functional_map_position": "Позиция 4.2",
            "readiness_level": 7,
            "starts_on": datetime(2026, 6, 1, tzinfo=UTC).date(),
            "ends_on": datetime(2028, 6, 1, tzinfo=UTC).date(),
            "place": "Набережные Челны",
            "topics": ["28.41"],
            "contact_name": "Сидорова Анна",
            "contact_phone": "+7 900 000-00-00",
            "contact_email": "contact@example.org",
            "total_cost": 360_000_000_00,
            "requested": 120_000_000_00,
            "own_funds": 140_000_000_00,
            "loans": 100_000_000_00,
            "other_budget": 0,
            "indicators": {
                "private_share": "66.67",
                "jobs": "48",
                "import_reduction": "45",
                "payback_years": "4.5",
                "cluster_share": "55",
                "tax_ratio": "2.4",
            },
            "consent_truth": True,
            "consent_personal_data": True,
            "consent_no_double_funding": True,
            "created_at": MOMENT - timedelta(days=5),
            "updated_at": MOMENT - timedelta(days=1),
            "submitted_at": MOMENT - timedelta(days=1) if numbered else None,
        }
        | values
    )
    item.partners = [Partner(position=0, organisation=members[1], role="supplier")]
    item.search_text = application_text(item.number, item.title, cluster.name)
    session.add(item)
    session.flush()
    return item


def document(session: Session, application: Application, **values: Any) -> Document:
    """A stored file's row (its bytes are not in the store)."""
    item = Document(
        **{
            "application": application,
            "slot": "passport",
            "filename": "Паспорт проекта.pdf",
            "media_type": "application/pdf",
            "size": 1234,
            "sha256": "0" * 64,
            "storage_key": f"test/{next(_numbers)}",
            "uploaded_at": MOMENT,
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def document_template(session: Session, contest: Contest, slot: str, **values: Any) -> DocumentTemplate:
    """A template that the organiser gives for a document."""
    content = b"template"
    item = DocumentTemplate(
        **{
            "contest_id": contest.id,
            "slot": slot,
            "filename": "Образец.docx",
            "media_type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "size": len(content),
            "sha256": sha256(content).hexdigest(),
            "content": content,
            "uploaded_at": MOMENT,
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def signature(session: Session, document: Document, **values: Any) -> DocumentSignature:
    """An electronic signature beside a document, read and not verified."""
    signer = Signer("Лисицына Ольга Петровна", "Директор", "ООО «Литейный дом»", organisation_inn=inn(1), ogrn=ogrn(1))
    item = DocumentSignature(
        **{
            "document_id": document.id,
            "filename": f"{document.filename}.sig",
            "size": 3,
            "sha256": "1" * 64,
            "content": b"sig",
            "facts": Facts((replace(signer, valid_from=YEAR[0], valid_till=YEAR[1]),)).stored(),
            "verdict": "unverified",
            "checked_at": MOMENT,
            "uploaded_at": MOMENT,
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


YEAR = ("2020-01-01T00:00:00+00:00", "2040-01-01T00:00:00+00:00")


def expert(session: Session, contest: Contest, person: User | None = None, **values: Any) -> Expert:
    """An expert's card, linked to an account: a new one where none is given, none for ``user=None``."""
    n = next(_numbers)
    if "user" not in values:
        values["user"] = person or user(session, name=f"Петрова Мария {n}")
    account = values["user"]
    item = Expert(
        **{
            "contest_id": contest.id,
            "email": account.email if account else f"expert{n}@example.org",
            "name": account.name if account else f"Эксперт {n}",
            "region": "77",
            "topics": ["28.41"],
            "max_load": 10,
        }
        | values
    )
    item.search_text = expert_text(item.name, item.email)
    session.add(item)
    session.flush()
    return item


def agreement(session: Session, contest: Contest, code: str = "secrecy", **values: Any) -> Agreement:
    """What a contest's experts accept: in force as version 1; a draft with ``number=0``."""
    words = {
        "title": f"Соглашение {code}",
        "title_en": "",
        "text": "Эксперт **не разглашает** сведения.",
        "text_en": "",
    }
    item = Agreement(**{"contest_id": contest.id, "position": 0, "code": code, "number": 1} | words | values)
    session.add(item)
    session.flush()
    if item.number:
        _agreement_version(session, item)
    return item


def _agreement_version(session: Session, item: Agreement) -> None:
    words = {name: getattr(item, name) for name in ("title", "title_en", "text", "text_en")}
    sha256 = agreement_hash(value_of(item, item.code))
    session.add(AgreementVersion(agreement_id=item.id, number=item.number, sha256=sha256, at=MOMENT, **words))
    session.flush()


def acceptance(session: Session, expert: Expert, agreement: Agreement, **values: Any) -> AgreementAcceptance:
    """That an expert accepted the version in force."""
    item = AgreementAcceptance(
        **{
            "expert_id": expert.id,
            "agreement_id": agreement.id,
            "number": agreement.number,
            "sha256": agreement_hash(value_of(agreement, agreement.code)),
            "at": MOMENT,
            "user_id": expert.user_id,
            "address": "192.0.2.7",
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def review(
    session: Session, expert: Expert, application: Application, status: str = "assigned", **values: Any
) -> Review:
    """A review; a submitted one has all marks at ``mark`` (default 7)."""
    submitted = status == "submitted"
    mark = str(values.pop("mark", 7))
    codes = [c["code"] for c in PRESET["criteria"] if c["kind"] == "expert"]
    item = Review(
        **{
            "contest_id": application.contest_id,
            "expert": expert,
            "application": application,
            "status": status,
            "scores": dict.fromkeys(codes, mark) if submitted else {},
            "comments": {},
            "recommendation": "support" if submitted else None,
            "created_at": MOMENT,
            "notified_at": None if status == "proposed" else MOMENT,
            "declared_at": MOMENT if status in ("accepted", "submitted") else None,
            "submitted_at": MOMENT if submitted else None,
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def conflict(session: Session, expert: Expert, application: Application, **values: Any) -> Conflict:
    """A pair that may not meet."""
    item = Conflict(
        **{
            "contest_id": application.contest_id,
            "expert": expert,
            "application": application,
            "kind": "entered",
            "reason": "Работает в организации-участнике",
            "created_at": MOMENT,
        }
        | values
    )
    session.add(item)
    session.flush()
    return item


def milestone(session: Session, contest: Contest, code: str, **values: Any) -> Milestone:
    """A milestone of a contest, a month after :data:`MOMENT` unless ``after`` another one."""
    values = values if "after" in values else {"at": MOMENT + timedelta(days=30)} | values
    item = Milestone(contest_id=contest.id, code=code, **{"reason": ""} | values)
    session.add(item)
    session.flush()
    return item


def extension(session: Session, of: Application | Expert, until: datetime, **values: Any) -> Extension:
    """More time for one application or expert, granted at :data:`MOMENT`."""
    one: dict[str, Any] = (
        {"code": "applications_close", "application_id": of.id}
        if isinstance(of, Application)
        else {"code": "review_close", "expert_id": of.id}
    )
    one |= {"contest_id": of.contest_id, "until": until, "reason": "Сбой связи у заявителя", "granted_at": MOMENT}
    item = Extension(**one | values)
    session.add(item)
    session.flush()
    return item
