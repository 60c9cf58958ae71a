"""Bring the demonstration's contests to different stages, by the product's own services where there is an act."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset, read_preset_form
from judging.adapters.signatures import Trust, check_detached
from judging.adapters.storage import Storage
from judging.domain.access import CONSOLE, Actor, By
from judging.domain.distribution import DistributionRules
from judging.domain.refusals import Refusal
from judging.domain.visibility import STRICT, Opens, Visibility
from judging.models import Application, Cluster, Contest, Expert, Nomination, Organisation, Partner, Review, Team, User
from judging.services.applications.application_submit import submit_application
from judging.services.applications.documents import add_document, slot_of, store_file
from judging.services.applications.signatures import NewSignature, add_signature
from judging.services.assignment import (
    PlanRequest,
    change_assignment_rules,
    notify_assignments,
    propose_review,
    request_plan,
)
from judging.services.contests import ContestTerms, create_contest
from judging.services.demo.accounts import EXPERT, STAFF
from judging.services.demo.folder import FOLDER
from judging.services.demo.full_form import answer_full_form
from judging.services.rankings import approve_ranking, freeze_ranking, prepare_snapshot, publish_results
from judging.services.scoring import SheetDraft, declare_no_conflict, decline_review, save_draft
from judging.services.search_texts import index_application
from judging.services.trials import create_trial

OWN_CLUSTER = "KAM"
"""The cluster that the demonstration's team owns in every contest."""
OPEN = "PP41-2027"
SERIES = "series"
"""The nomination of the open contest that the team has chosen; for its second draft it is still to choose."""
DRAFT = "PP41-2028"
"""The contest that is still being prepared."""
ROUND = "PP41-2026-2"
"""The contest whose applications wait to be distributed."""
_BLIND = replace(STRICT, experts=Opens.OWN)
VISIBLE: Mapping[str, Visibility] = {"PP41-2026": _BLIND, OPEN: _BLIND, ROUND: STRICT}
"""Who sees whose marks: staff after the reviews close, experts of the first two the others' after sending their own."""
PATTERN = "PP41-2026-018"
"""The application whose documents the team's new application is handed in with: one of the same cluster."""
SIGNED = "power_of_attorney"
"""The place of the paper that comes with an electronic signature."""
BEGUN = {"E1": ("7", "Опытный образец испытан, конструкторская документация готова."), "E2": ("6", ""), "E3": ("8", "")}
"""The marks and comments of the sheet that the demonstration's expert has begun."""
OUTSIDE: Mapping[str, Any] = {
    "title_en": "How well the application is prepared",
    "guidance": {
        "text": "Полнота и ясность заявки и приложений. Ответ стоит рядом с итогом и в него не входит.",
        "text_en": "Whether the application is whole and clear. It stands beside the total and is no part of it.",
    },
    "descriptors": [
        {"from": "0", "to": "0", "text": "Главного не найти: читать приходится по нескольку раз",
         "text_en": "What matters cannot be found: one has to read several times"},
        {"from": "1", "to": "1", "text": "Понятна, но есть пробелы и неточности",
         "text_en": "Clear, with gaps and slips"},
        {"from": "2", "to": "2", "text": "Полна и ясна, приложения на месте",
         "text_en": "Whole and clear, everything attached"},
    ],
}  # fmt: skip
"""Words of the criterion outside the total."""
PROPOSED = {"006": "r.davletbaev@example.org", "019": "a.beryozkina@example.org"}
"""Whom the secretary has proposed by hand: number of the application and address of the expert."""


def give_to_team(session: Session, team: Team) -> None:
    """Make the team the owner of its cluster, the cluster's organisations and applications in every contest."""
    for cluster in session.scalars(select(Cluster).where(Cluster.code == OWN_CLUSTER)).all():
        cluster.team_id = team.id
        own = [member.organisation for member in cluster.members]
        if cluster.managing_organisation:
            own.append(cluster.managing_organisation)
        for organisation in own:
            _take_over(session, organisation, team)
        for application in session.scalars(select(Application).where(Application.cluster_id == cluster.id)):
            application.team_id = team.id


def _take_over(session: Session, organisation: Organisation, team: Team) -> None:
    """Give the organisation to the team; experts who work there keep a card of their own of it."""
    employed = session.scalars(select(Expert).where(Expert.organisation_id == organisation.id)).all()
    organisation.team_id = team.id
    session.flush()
    if employed:
        card = Organisation(
            contest_id=organisation.contest_id,
            inn=organisation.inn,
            ogrn=organisation.ogrn,
            name=organisation.name,
            region=organisation.region,
        )
        for expert in employed:
            expert.organisation = card


def begin_applications(session: Session, storage: Storage, team: Team, now: datetime) -> None:
    """In the open contest: an application of the team that is handed in, and another half filled."""
    cluster = session.scalars(
        select(Cluster)
        .join(Contest, Contest.id == Cluster.contest_id)
        .where(Cluster.team_id == team.id, Contest.code == OPEN)
    ).one()
    submitted = _application(
        cluster,
        team,
        now - timedelta(days=1),
        title="Электрические усилители руля для лёгких грузовиков: выпуск на мощностях кластера",
        status="draft",
        nomination=_nomination(session, SERIES),
        summary="Участники кластера вместе выпускают усилитель руля: двигатель, блок управления и рулевой механизм.",
        functional_map_position="Позиция 4.3 «Рулевое управление»",
        starts_on=(now + timedelta(days=120)).date(),
        ends_on=(now + timedelta(days=850)).date(),
        contact_name="Хайруллина Алсу Маратовна",
        contact_phone="+7 843 000-00-00",
        contact_email="team@example.org",
        indicators={
            "private_share": "62.50", "jobs": "64", "import_reduction": "38", "payback_years": "4.8",
            "cluster_share": "45", "tax_ratio": "1.90",
        },
        consent_truth=True,
        consent_personal_data=True,
        consent_no_double_funding=True,
    )  # fmt: skip
    draft = _application(
        cluster, team, now,
        title="Литые кронштейны подвески из алюминиевого сплава",
        status="draft",
        starts_on=(now + timedelta(days=150)).date(),
        ends_on=(now + timedelta(days=760)).date(),
    )  # fmt: skip
    session.add_all([submitted, draft])
    session.flush()
    answer_full_form(session, submitted, draft)
    _add_documents(session, storage, submitted, team, now)
    _add_signed(session, storage, draft, team, now)
    submit_application(session, submitted.id, version=submitted.version, by=By(_member(team), now))


def _nomination(session: Session, code: str) -> Nomination:
    """A nomination of the open contest."""
    return session.scalars(
        select(Nomination)
        .join(Contest, Contest.id == Nomination.contest_id)
        .where(Contest.code == OPEN, Nomination.code == code)
    ).one()


def _member(team: Team) -> Actor:
    person = team.members[0].user
    return Actor(person.id, person.name, team_ids=frozenset({team.id}), leads=frozenset({team.id}))


def _add_documents(session: Session, storage: Storage, application: Application, team: Team, now: datetime) -> None:
    """Fill every compulsory slot with the documents of an application of the year before."""
    for file in json.loads((FOLDER / "documents.json").read_text("utf-8"))[PATTERN]:
        slot = slot_of(application, file["slot"])
        with (FOLDER / file["path"]).open("rb") as content:
            stored = store_file(storage, slot, content, file["filename"])
        add_document(session, application.id, file["slot"], stored, by=By(_member(team), now))
    session.flush()


def _add_signed(session: Session, storage: Storage, application: Application, team: Team, now: datetime) -> None:
    """Put a paper with its electronic signature into the draft; the authority is invented, so no root is known."""
    by, name = By(_member(team), now), "Доверенность № 7.pdf"
    signature = (FOLDER / "signed" / "attorney.pdf.sig").read_bytes()
    with (FOLDER / "signed" / "attorney.pdf").open("rb") as content:
        stored = store_file(storage, slot_of(application, SIGNED), content, name)
        checked = check_detached(BytesIO(signature), f"{name}.sig", content, name, Trust(), now)
    document = add_document(session, application.id, SIGNED, stored, by=by)
    session.flush()
    new = NewSignature(f"{name}.sig", len(signature), sha256(signature).hexdigest(), checked)
    add_signature(session, application.id, document.id, new, by=by)
    session.flush()


def _application(cluster: Cluster, team: Team, moment: datetime, **values: object) -> Application:
    members = [member.organisation for member in cluster.members]
    item = Application(
        contest_id=cluster.contest_id,
        cluster=cluster,
        team_id=team.id,
        initiator=members[0],
        goal="Заменить в кластере импортный узел узлом своего производства.",
        topics=["29.31", "29.32"],
        readiness_level=6,
        place="г. Набережные Челны, Республика Татарстан",
        total_cost=240_000_000_00,
        own_funds=90_000_000_00,
        loans=60_000_000_00,
        other_budget=0,
        requested=90_000_000_00,
        created_at=moment,
        updated_at=moment,
        **values,
    )
    item.partners = [Partner(position=0, organisation=members[1], role="supplier")]
    index_application(item)
    return item


def begin_reviews(session: Session, now: datetime) -> None:
    """In the open contest: tasks that experts were told of, one begun, one refused, proposals not yet announced."""
    contest = session.scalars(select(Contest).where(Contest.code == OPEN)).one()
    first, second = (_numbered(session, f"{OPEN}-{n}") for n in ("001", "002"))
    experts = session.scalars(select(Expert).where(Expert.contest_id == contest.id).order_by(Expert.id)).all()
    _word_outside(contest)
    demo = next(expert for expert in experts if expert.email == EXPERT.email)
    others = [expert for expert in experts if expert is not demo]
    _uninvite(others[-1])
    told = [
        propose_review(session, contest, expert=expert, application=application, by=By(CONSOLE, now))
        for expert, application in ((demo, first), (others[0], first), (others[1], first), (demo, second))
    ]
    session.flush()
    notify_assignments(session, contest, [r.id for r in told], by=By(CONSOLE, now), tasks_url="/reviews")
    session.flush()
    propose_review(session, contest, expert=others[2], application=second, by=By(CONSOLE, now))
    _begin_sheet(session, told[-1], now)
    _refuse(session, told[1], now)


def _word_outside(contest: Contest) -> None:
    """Say what the criterion outside the total is about, and what its marks mean: an archive has no place for it."""
    preset = read_preset()
    for row in contest.criteria:
        if row.code not in preset.criteria_en:
            row.title_en, row.guidance = OUTSIDE["title_en"], dict(OUTSIDE["guidance"])
            row.descriptors = [dict(level) for level in OUTSIDE["descriptors"]]


def _begin_sheet(session: Session, review: Review, now: datetime) -> None:
    actor = Actor(review.expert.user_id, review.expert.name, expert_ids=frozenset({review.expert_id}))
    session.refresh(review)
    declare_no_conflict(session, review, by=By(actor, now))
    session.flush()
    save_draft(
        session,
        review,
        SheetDraft(
            scores={code: Decimal(mark) for code, (mark, _) in BEGUN.items()},
            comments={code: words for code, (_, words) in BEGUN.items() if words},
            recommendation=None,
            version=review.version,
            to_applicant={"E1": "Приложите протокол испытаний опытного образца: в заявке он только назван."},
            private={"E2": "Сверить письма покупателей с объёмом выпуска в бизнес-плане."},
        ),
        by=By(actor, now),
    )


def _refuse(session: Session, review: Review, now: datetime) -> None:
    """The expert has no time: the secretary finds on the page of refusals whom the system proposes instead."""
    actor = Actor(review.expert.user_id, review.expert.name, expert_ids=frozenset({review.expert_id}))
    session.refresh(review)
    decline_review(
        session,
        review,
        reason=Refusal.OVERLOADED.value,
        words="До середины февраля веду приёмку на двух заводах.",
        by=By(actor, now),
        refusals_url=f"/staff/contests/{OPEN}/progress/refusals",
    )


def _uninvite(expert: Expert) -> None:
    expert.user_id = expert.invited_at = expert.accepted_at = None


def _numbered(session: Session, number: str) -> Application:
    return session.scalars(select(Application).where(Application.number == number)).one()


def begin_contest(session: Session, now: datetime) -> None:
    """A contest that is still being prepared, from the preset."""
    terms = ContestTerms(
        title="Конкурсный отбор совместных проектов участников промышленных кластеров, 2028 год (демонстрация)",
        summary="Черновик: методика и сроки ещё согласуются.",
        applications_open=now + timedelta(days=280),
        applications_close=now + timedelta(days=320),
        review_close=now + timedelta(days=365),
        budget=1_500_000_000_00,
    )
    create_contest(
        session,
        DRAFT,
        terms,
        read_preset(),
        by=By(CONSOLE, now),
        form=read_preset_form(),
    )


def begin_trial(session: Session, now: datetime) -> None:
    """A trial of the contest that is being prepared, for whoever wants to walk it through."""
    session.flush()
    prepared = session.scalars(select(Contest.id).where(Contest.code == DRAFT)).one()
    create_trial(session, prepared, by=By(CONSOLE, now))


def begin_distribution(session: Session, now: datetime) -> None:
    """In the second round: rules, two experts proposed by hand, and a draft plan that the worker makes when it starts.

    (The engine takes a quarter of a minute to compile on a new machine, and nothing is served before this is done.)
    """
    contest = session.scalars(select(Contest).where(Contest.code == ROUND)).one()
    rules = DistributionRules(one_per_organisation=True, other_region_at_least=1)
    change_assignment_rules(session, contest, rules, version=0, by=By(CONSOLE, now))
    for number, email in PROPOSED.items():
        expert = session.scalars(select(Expert).where(Expert.contest_id == contest.id, Expert.email == email)).one()
        propose_review(
            session, contest, expert=expert, application=_numbered(session, f"{ROUND}-{number}"), by=By(CONSOLE, now)
        )
    session.flush()
    secretary = session.scalars(select(User).where(User.email == STAFF[0].email)).one()
    request_plan(session, contest, PlanRequest(keep=True), by=By(Actor(secretary.id, secretary.name), now))


def finish_earlier_year(session: Session, now: datetime) -> None:
    """Freeze, approve and publish the contest of the year before."""
    contest = session.scalars(select(Contest).where(Contest.code == "PP41-2025")).one()
    computed = prepare_snapshot(session, contest.id)
    freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, now))
    session.flush()
    words = "Протокол заседания комиссии № 7 (демонстрация)"
    approve_ranking(session, contest, version=contest.version, words=words, by=By(CONSOLE, now))
    session.flush()
    publish_results(session, contest, version=contest.version, by=By(CONSOLE, now))
