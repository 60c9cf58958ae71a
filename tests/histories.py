"""Whole contests made by nothing but the services, for what looks at the trace that acts leave.

:class:`History` has one method an act; each takes what it needs from what is there, and the clock goes on a minute.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.adapters.storage import Storage
from judging.domain.access import ANONYMOUS, CONSOLE, Actor, By, Role
from judging.domain.canonical import digest
from judging.domain.events import Event
from judging.domain.lifecycle import Action
from judging.domain.stages import Calendar
from judging.models import (
    Application,
    Base,
    Cluster,
    Conflict,
    Contest,
    Expert,
    GrantRequest,
    JournalRecord,
    Letter,
    Organisation,
    Review,
    SignIn,
    Submission,
    User,
)
from judging.queries.answers import section_version
from judging.queries.receipts import receipt_data, receipt_parts
from judging.services.accounts import (
    Invitation,
    Proof,
    Registration,
    RoleGrant,
    SigningIn,
    accept_invitation,
    approve_role,
    ask_invitation,
    confirm_registration,
    create_administrator,
    end_request,
    grant_role,
    register_team,
    sign_in,
)
from judging.services.admission import Decision, decide_application
from judging.services.applications.application_submit import submit_application
from judging.services.applications.clusters import ClusterData, OrganisationData, add_organisation, save_cluster
from judging.services.applications.documents import StoredFile, add_document, remove_document
from judging.services.applications.draft_edit import start_application
from judging.services.applications.section_save import save_section
from judging.services.applications.withdrawal import withdraw_application
from judging.services.assignment import (
    Reassignment,
    notify_assignments,
    propose_review,
    reassign_review,
    remove_proposals,
    remove_review,
)
from judging.services.conflicts import enter_conflict, lift_conflict
from judging.services.contests import (
    ContestTerms,
    create_contest,
    extend_schedule,
    publish_contest,
)
from judging.services.experts import ExpertData, add_expert, change_expert, invite_experts
from judging.services.rankings import (
    approve_ranking,
    freeze_ranking,
    prepare_snapshot,
    publish_results,
    unfreeze_ranking,
)
from judging.services.scoring import (
    SheetDraft,
    count_review_again,
    declare_no_conflict,
    recuse,
    return_review,
    save_draft,
    set_review_aside,
    submit_review,
)
from judging.services.seals import note_accounts
from tests import factories
from tests.factories import MOMENT

MINUTE = timedelta(minutes=1)
URL = "http://localhost"
PASSPORT = {
    "title": "Производство рулевых механизмов", "goal": "Наладить выпуск узла.", "summary": "О" * 220,
    "functional_map_position": "Позиция 4.2", "topics": ("28.41",), "readiness_level": "t7",
    "starts_on": (MOMENT + timedelta(days=90)).date(), "ends_on": (MOMENT + timedelta(days=800)).date(),
    "place": "Набережные Челны", "contact_name": "Сидорова Анна", "contact_phone": "+7 900 000-00-00",
    "contact_email": "contact@example.org",
}  # fmt: skip
FINANCE = {
    "total_cost": 360_000_000_00, "own_funds": 140_000_000_00, "loans": 100_000_000_00, "other_budget": 0,
    "requested": 120_000_000_00,
}  # fmt: skip
INDICATORS = {
    "jobs": Decimal(48), "import_reduction": Decimal(45), "payback_years": Decimal("4.5"),
    "cluster_share": Decimal(55), "tax_ratio": Decimal("2.4"),
}  # fmt: skip
CONSENTS = dict.fromkeys(("consent_truth", "consent_personal_data", "consent_no_double_funding"), True)
CODES = [item["code"] for item in factories.PRESET["criteria"] if item["kind"] == "expert"]


Row = TypeVar("Row", bound=Base)


def actor_of(user: User) -> Actor:
    return Actor(user.id, user.name)


def found_again(session: Session, one: Row) -> Row:
    """The row of an object that another session made."""
    return session.get_one(type(one), inspect(one).identity)


@dataclass
class History:
    """A contest, its people, and the time."""

    session: Session
    contest: Contest
    secretary: User
    chair: User
    now: datetime
    storage: Storage = field(default_factory=lambda: Storage.from_url("memory:///"))

    def gone_on(self, session: Session) -> "History":
        """The same contest and people in another session; its time is its own."""
        contest, secretary, chair = (found_again(session, one) for one in (self.contest, self.secretary, self.chair))
        return replace(self, session=session, contest=contest, secretary=secretary, chair=chair)

    def by(self, user: User | None = None) -> By:
        self.session.flush()
        self.now += MINUTE
        return By(actor_of(user or self.secretary), self.now)

    def draft(self) -> Application:
        """A new team with its cluster and a draft that may be submitted."""
        person = factories.user(self.session)
        team = factories.team(self.session, person)
        note_accounts(self.session, by=By(CONSOLE, self.now))
        data = ClusterData("Камский кластер", "16", "Машиностроение")
        cluster = save_cluster(self.session, self.contest, team.id, data, version=None, by=self.by(person))
        self.session.flush()
        for place in range(3):
            serial = next(factories._numbers)
            member = OrganisationData(
                factories.inn(serial), factories.ogrn(serial), f"ООО «Завод {serial}»", "16", managing=place == 0
            )
            add_organisation(self.session, cluster, member, by=self.by(person))
        application = start_application(self.session, self.contest, cluster, by=self.by(person))
        self.session.flush()
        self.fill(application, person)
        return application

    def fill(self, application: Application, person: User) -> None:
        members = [member.organisation.inn for member in self.session.get_one(Cluster, application.cluster_id).members]
        partners = ({"organisation": members[2], "role": "supplier"},)
        for section, answers in (
            ("passport", PASSPORT), ("finance", FINANCE), ("consents", CONSENTS), ("indicators", INDICATORS),
            ("participants", {"initiator": members[1], "partners": partners}),
        ):  # fmt: skip
            self.session.flush()
            seen = section_version(application, section)
            save_section(self.session, application.id, section, answers, seen=seen, by=self.by(person))
        for slot in self.contest.document_slots:
            if slot["required"]:
                self.upload(application, slot["code"], f"Файл.{slot['extensions'][0]}", b"1")

    def enter(self, cluster: Cluster, *, managing: bool = False) -> Organisation:
        """One more organisation of a cluster."""
        serial = next(factories._numbers)
        data = OrganisationData(
            factories.inn(serial), factories.ogrn(serial), f"ООО «Завод {serial}»", "16", managing=managing
        )
        return add_organisation(self.session, cluster, data, by=self.by())

    def person_of(self, application: Application) -> User:
        assert application.team is not None
        return application.team.members[0].user

    def upload(self, application: Application, slot: str, name: str, content: bytes) -> None:
        file = StoredFile(name, "application/pdf", self.storage.put(BytesIO(content)))
        add_document(self.session, application.id, slot, file, by=self.by(self.person_of(application)))

    def remove(self, application: Application) -> None:
        document = next(one for one in application.documents if one.removed_at is None)
        remove_document(self.session, application.id, document.id, by=self.by(self.person_of(application)))

    def submit(self, application: Application) -> Application:
        person = self.person_of(application)
        self.session.flush()
        return submit_application(self.session, application.id, version=application.version, by=self.by(person))

    def withdraw(self, application: Application) -> None:
        withdraw_application(self.session, application.id, reason="Передумали", by=self.by(self.person_of(application)))

    def decide(self, application: Application, action: Action) -> None:
        self.session.flush()
        decide_application(
            self.session,
            application,
            Decision(action, version=application.version, reason="Проверено", clause="п. 7"),
            by=self.by(),
        )

    def expert(self, *, joined: bool = True) -> Expert:
        account = factories.user(self.session, password_hash="-")
        note_accounts(self.session, by=By(CONSOLE, self.now))
        data = ExpertData(account.email, account.name, "77", ("28.41",), 10)
        item = add_expert(self.session, self.contest, data, by=self.by())
        if joined:
            self.join(item)
        return item

    def join(self, expert: Expert) -> None:
        invite_experts(self.session, [expert], by=self.by(), base_url=URL)
        self.accept(self.token(expert.email, "invitations"))

    def accept(self, token: str) -> User:
        return accept_invitation(self.session, token, hashed="-", name=None, by=By(ANONYMOUS, self.later()))

    def token(self, email: str, path: str) -> str:
        """That of the last letter to somebody."""
        self.session.flush()
        body = self.session.scalars(
            select(Letter.body).where(Letter.recipient == email).order_by(Letter.id.desc())
        ).first()
        found = re.search(rf"/{path}/([\w-]+)", body or "")
        assert found is not None
        return found[1]

    def later(self) -> datetime:
        self.session.flush()
        self.now += MINUTE
        return self.now

    def register(self) -> User:
        """A person with a team, by the letter."""
        email = f"registered{next(factories._numbers)}@example.org"
        register_team(
            self.session,
            Registration(email=email, name="Ким Ольга", team="Команда", hashed="-"),
            by=By(ANONYMOUS, self.later()),
            base_url=URL,
        )
        proof = Proof(None, "-", "-")
        return confirm_registration(
            self.session, self.token(email, "confirm"), proof=proof, by=By(ANONYMOUS, self.later())
        )

    def sign_in(self, person: User) -> SignIn:
        self.session.flush()
        person.password_hash = person.password_hash or "-"
        proof = Proof(person.id, person.password_hash, person.password_hash)
        opened = sign_in(
            self.session,
            SigningIn(email=person.email, proof=proof, lifetime=timedelta(days=1), browser=""),
            by=By(ANONYMOUS, self.later()),
        )
        assert opened is not None
        self.session.flush()
        return opened[0]

    def administrator(self) -> User:
        """The first one, made at the console; she has not set a password yet."""
        email = f"administrator{next(factories._numbers)}@example.org"
        create_administrator(
            self.session, email=email, name="Фомин Дмитрий", by=By(CONSOLE, self.later()), base_url=URL
        )
        return self.session.scalars(select(User).where(User.email == email)).one()

    def ask(self, role: Role = Role.OBSERVER) -> GrantRequest:
        """Ask for a role of somebody without an account, as one administrator."""
        email = f"invited{next(factories._numbers)}@example.org"
        asked = ask_invitation(
            self.session, Invitation(email=email, name="Ли Анна", role=role, contest_id=self.contest.id), by=self.by()
        )
        self.session.flush()
        return asked

    def approve_role(self, asked: GrantRequest) -> None:
        approve_role(self.session, asked.id, by=self.by(self.chair), base_url=URL)
        self.session.flush()

    def end_request(self, asked: GrantRequest) -> None:
        end_request(self.session, asked.id, by=self.by(self.chair))

    def change(self, expert: Expert) -> None:
        self.session.flush()
        data = ExpertData(
            expert.email, expert.name, expert.region, tuple(expert.topics), expert.max_load + 1,
            expert.organisation.inn if expert.organisation else None,
        )  # fmt: skip
        change_expert(self.session, expert, data, version=expert.version, by=self.by())

    def propose(self, expert: Expert, application: Application) -> Review:
        return propose_review(
            self.session, self.contest, expert=expert, application=application, reason="Нужно", by=self.by()
        )

    def notify(self) -> None:
        self.session.flush()
        notify_assignments(self.session, self.contest, tasks_url=URL, by=self.by())
        self.session.expire_all()

    def remove_task(self, review: Review) -> None:
        self.session.flush()
        remove_review(self.session, self.contest, review, version=review.version, reason="Болезнь", by=self.by())

    def remove_proposals(self) -> None:
        remove_proposals(self.session, self.contest, by=self.by())

    def declare(self, review: Review) -> None:
        declare_no_conflict(self.session, review, by=self.by(review.expert.user))

    def save(self, review: Review, mark: int = 8) -> None:
        self.session.flush()
        save_draft(
            self.session,
            review,
            SheetDraft(
                scores={code: Decimal(mark) for code in CODES},
                comments=dict.fromkeys(CODES, "Подтверждено документами заявки."),
                recommendation="support",
                version=review.version,
            ),
            by=self.by(review.expert.user),
        )

    def hand_in(self, review: Review) -> None:
        self.session.flush()
        submit_review(self.session, review, version=review.version, by=self.by(review.expert.user))

    def give_back(self, review: Review) -> None:
        self.session.flush()
        return_review(self.session, review, reason="Поясните оценку", version=review.version, by=self.by())

    def set_aside(self, review: Review) -> None:
        self.session.flush()
        set_review_aside(self.session, review, reason="Списано", version=review.version, by=self.by())

    def count_again(self, review: Review) -> None:
        self.session.flush()
        count_review_again(self.session, review, reason="Проверено", version=review.version, by=self.by())

    def hand_over(self, review: Review, expert: Expert) -> None:
        self.session.flush()
        change = Reassignment(expert, review.version, "Болезнь")
        reassign_review(self.session, self.contest, review, change, by=self.by(), tasks_url=URL)

    def recuse(self, review: Review) -> None:
        recuse(self.session, review, reason="other", words="Работали вместе", by=self.by(review.expert.user))

    def bar(self, expert: Expert, application: Application) -> Conflict:
        return enter_conflict(
            self.session, expert=expert, application=application, reason="Сообщили письмом", by=self.by()
        )

    def lift(self, conflict: Conflict) -> None:
        lift_conflict(self.session, conflict, reason="Не подтвердилось", by=self.by())

    def extend(self, days: int) -> None:
        self.session.flush()
        self.session.refresh(self.contest)
        dates = Calendar(
            self.contest.applications_open,
            self.contest.applications_close + timedelta(days=days),
            self.contest.review_close + timedelta(days=days),
        )
        extend_schedule(
            self.session, self.contest.id, dates, "Просьбы команд", version=self.contest.version, by=self.by()
        )

    def freeze(self) -> None:
        self.refresh()
        computed = prepare_snapshot(self.session, self.contest.id)
        freeze_ranking(self.session, self.contest, computed, version=self.contest.version, by=self.by())

    def unfreeze(self) -> None:
        self.refresh()
        unfreeze_ranking(self.session, self.contest, version=self.contest.version, reason="Ошибка", by=self.by())

    def approve(self) -> None:
        self.refresh()
        approve_ranking(
            self.session, self.contest, version=self.contest.version, words="Протокол № 7", by=self.by(self.chair)
        )

    def publish_results(self) -> None:
        self.refresh()
        publish_results(self.session, self.contest, version=self.contest.version, by=self.by())

    def refresh(self) -> None:
        self.session.flush()
        self.session.refresh(self.contest)


def begun(session: Session, code: str = "HISTORY-1", experts: int = 2) -> History:
    """A published contest made from the preset, with a secretary and a chair who were given their roles."""
    secretary, chair = (factories.user(session, name=name) for name in ("Соколова Елена", "Громов Андрей"))
    note_accounts(session, by=By(CONSOLE, MOMENT))
    terms = ContestTerms(
        title="Конкурс совместных проектов", summary="", applications_open=MOMENT + timedelta(hours=1),
        applications_close=MOMENT + timedelta(days=10), review_close=MOMENT + timedelta(days=40),
        budget=300_000_000_00,
    )  # fmt: skip
    preset = read_preset()
    preset = replace(preset, rules={**preset.rules, "experts_per_application": experts}, documents=preset.documents[:2])
    contest = create_contest(session, code, terms, preset, by=By(actor_of(secretary), MOMENT))
    history = History(session, contest, secretary, chair, MOMENT)
    for person, role in ((secretary, Role.SECRETARY), (chair, Role.CHAIR)):
        grant_role(session, person, RoleGrant(role, contest_id=contest.id), by=history.by())
    session.flush()
    publish_contest(session, contest.id, version=contest.version, by=history.by())
    history.now = MOMENT + timedelta(hours=2)
    return history


def judged(session: Session, code: str = "HISTORY-1") -> History:
    """Two applications admitted and judged by two experts each, one conflict, one sheet in work on a third one."""
    history = begun(session, code)
    applications = [history.submit(history.draft()) for _ in range(3)]
    for application in applications:
        history.decide(application, Action.ADMIT)
    experts = [history.expert() for _ in range(3)]
    history.bar(experts[2], applications[0])
    reviews = [history.propose(expert, application) for application in applications for expert in experts[:2]]
    history.notify()
    for place, review in enumerate(reviews):
        history.declare(review)
        history.save(review, mark=7 + place % 2)
        if place < len(reviews) - 1:
            history.hand_in(review)
    session.flush()
    return history


def finished(session: Session, code: str = "HISTORY-2") -> History:
    """A contest whose results are published."""
    history = judged(session, code)
    last = session.scalars(
        select(Review).where(Review.contest_id == history.contest.id, Review.status == "accepted")
    ).one()
    history.hand_in(last)
    history.freeze()
    history.approve()
    history.publish_results()
    session.flush()
    return history


def with_first_receipts(session: Session) -> None:
    """Give every submission the receipt of version 1, as the product of that time kept and recorded it."""
    session.flush()
    for application in session.scalars(select(Application).where(Application.receipt_sha256.is_not(None))).all():
        document = receipt_data(application, version=1)
        sha256 = digest(document)
        kept = session.scalars(select(Submission).where(Submission.application_id == application.id)).one()
        kept.document, kept.sha256 = document, sha256
        application.receipt_sha256 = sha256
        record = session.scalars(
            select(JournalRecord).where(
                JournalRecord.event == Event.APPLICATION_SUBMITTED, JournalRecord.subject_id == application.id
            )
        ).one()
        record.details = {**record.details, "sha256": sha256}
        record.state = {**(record.state or {}), "receipt": receipt_parts(document)}
    session.flush()
