"""What the public page of the demonstration's open contest says beside its rules."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain.access import CONSOLE, By
from judging.domain.public_page import AnsweredQuestion
from judging.models import Contest
from judging.services.contests.public_page import change_public_page

ORGANISER = "Департамент региональной промышленной политики (демонстрация)"
CONTACTS = "Секретарь конкурса: Соколова Елена Викторовна\nsecretary@example.org\nПо будням с 10:00 до 17:00 по Москве"
DATA_POLICY = (
    "Персональные данные представителей участников обрабатываются только для проведения конкурса: чтобы принять "
    "заявку, проверить её и сообщить о решении.\n\n"
    "Доступ к ним есть у секретаря конкурса и членов комиссии. Экспертам контактные данные не показываются.\n\n"
    "Данные хранятся пять лет со дня опубликования итогов. Запрос об уточнении или удалении данных направляют "
    "секретарю конкурса."
)
ANSWERED = (
    (
        9,
        "Можно ли изменить заявку после подачи?",
        "Да, до окончания приёма. На странице заявки нажмите «Изменить поданную заявку». Пока вы не подадите её "
        "заново, в силе поданная версия; номер и время первой подачи сохраняются.",
    ),
    (
        5,
        "Считается ли запрос коммерческого предложения подтверждением спроса?",
        "Нет. Спрос подтверждают договоры и соглашения о намерениях с указанием объёма и срока поставки.",
    ),
    (
        2,
        "Может ли одна организация быть партнёром в двух проектах?",
        "Может, если в каждом проекте указан её собственный вклад и расходы не повторяются.",
    ),
)
"""(days ago, question, answer)"""


def say_publicly(session: Session, code: str, now: datetime) -> None:
    """Fill the public page of a contest."""
    contest = session.scalars(select(Contest).where(Contest.code == code)).one()
    answered = tuple(
        AnsweredQuestion(question, answer, (now - timedelta(days=days)).date().isoformat())
        for days, question, answer in ANSWERED
    )
    page = replace(
        read_preset().public, answered=answered, organiser=ORGANISER, contacts=CONTACTS, data_policy=DATA_POLICY
    )
    change_public_page(session, contest.id, page, version=contest.version, by=By(CONSOLE, now))
