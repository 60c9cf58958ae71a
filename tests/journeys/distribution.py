"""Contests for the journeys of the assignment: many applications and few experts, with names as long as in life."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobKind, key_of
from judging.models import AssignmentPlan, Contest
from judging.services.queue import SYSTEM, ask
from tests import factories

EXPERTS = (
    ("Агафонов-Преображенский Лев Вячеславович", "77", ("28.41", "28.49"), 3),
    ("Воронцова Нина Олеговна", "16", ("28.15", "25.62"), 5),
    ("Дьяков Пётр Ильич", "66", ("28.12", "28.13"), 5),
    ("Захарьина-Юрьева Елизавета Константиновна", "78", ("27.12", "27.32"), 6),
    ("Исмагилов Рустам Фаридович", "02", ("20.16", "22.29"), 6),
    ("Костромина Алла Сергеевна", "54", ("29.31", "28.41"), 3),
)
"""Name, region, fields and greatest load."""
APPLICATIONS = (
    ("Высокооборотные шпиндели обрабатывающих центров с активными магнитными подшипниками", ("28.41",)),
    ("Планетарные редукторы промышленных роботов", ("28.15", "28.41")),
    ("Сепараторы подшипников из угленаполненного полиамида", ("22.29", "28.15")),
    ("Телескопические гидроцилиндры карьерных самосвалов грузоподъёмностью 130–240 тонн", ("28.12",)),
    ("Насосы высокого давления для установок гидроабразивной резки", ("28.13", "28.12")),
    ("Элегазовые баковые выключатели 110–220 кВ с вводами из полимерной изоляции", ("27.12",)),
    ("Концевые и соединительные кабельные муфты холодной усадки на 35 кВ", ("27.32", "22.29")),
    ("Клеевые смолы с низкой эмиссией формальдегида", ("20.16",)),
    ("Блоки управления приводами ведущих мостов", ("29.31",)),
)


def contest_of(session: Session, code: str, title: str, experts_per_application: int) -> Contest:
    """A published contest whose reviews are going on now."""
    moment = datetime.now(UTC)
    return factories.contest(
        session,
        code=code,
        title=title,
        rules={**factories.PRESET["rules"], "experts_per_application": experts_per_application},
        applications_open=moment - timedelta(days=40),
        applications_close=moment - timedelta(days=10),
        review_close=moment + timedelta(days=30),
        created_at=moment - timedelta(days=60),
        published_at=moment - timedelta(days=50),
    )


def populate(session: Session, contest: Contest, experts: Sequence[tuple[str, str, tuple[str, ...], int]]) -> list[str]:
    """Add the applications and these experts, each with an account; return the experts' addresses."""
    for number, (title, topics) in enumerate(APPLICATIONS, start=1):
        factories.application(session, contest, title=title, topics=list(topics), number=f"{contest.code}-{number:03d}")
    addresses = []
    for name, region, topics, most in experts:
        person = factories.user(session, name=name)
        factories.expert(session, contest, person, region=region, topics=list(topics), max_load=most)
        addresses.append(person.email)
    return addresses


def wait_for_a_plan(session: Session, contest: Contest) -> None:
    """Ask for a plan that a worker will make."""
    plan = AssignmentPlan(
        contest_id=contest.id, kind="regular", status="queued", goal="fair", seed=0, partial=False, keep=False,
        requested_by="Секретарь", requested_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(plan)
    session.flush()
    key = key_of(JobKind.PLANS, plan.id)
    ask(session, JobKind.PLANS, {"plan": plan.id}, key=key, by=By(SYSTEM, plan.requested_at))
