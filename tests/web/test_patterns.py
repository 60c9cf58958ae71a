"""Patterns: a row that is filled reads as one that is rendered, whatever its values and words are."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from markupsafe import escape

from judging.web.patterns import Pattern, hole, joined, pattern
from tests import factories
from tests.conftest import Store

CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def test_holes_are_filled_and_percent_signs_of_the_row_stay() -> None:
    title_, number = hole("title"), hole("number")
    row = Pattern(f"<td>100 % ({title_}), %(no)s, {number} {title_}</td>")
    shown = joined(row.filled({"title": escape(title), "number": 7}) for title in ("<b>", "50 % %(x)s {y}"))
    assert (
        shown
        == "<td>100 % (&lt;b&gt;), %(no)s, 7 &lt;b&gt;</td><td>100 % (50 % %(x)s {y}), %(no)s, 7 50 % %(x)s {y}</td>"
    )


def test_the_marks_of_holes_in_a_value_are_a_part_of_it() -> None:
    row = Pattern(f"<td>{hole('title')}, {hole('number')} \ue000number\ue001</td>")
    typed = hole("number") + "\ue000number\ue001 %(number)s {{ number }}"
    assert row.filled({"title": escape(typed), "number": 7}) == f"<td>{typed}, 7 \ue000number\ue001</td>"


def test_a_pattern_is_of_the_language_of_the_moment(app: Flask) -> None:
    kind = {
        "state": "in_work",
        "label": "In work",
        "overdue": False,
        "additional": False,
        "later": False,
        "counts": True,
        "begun": True,
    }
    holes = ("number", "title", "cluster", "before", "review", "after", "marked", "criteria")
    values = {
        "number": "001", "title": "Станок", "cluster": "Кластер", "before": "/reviews/", "review": 5, "after": "",
        "marked": 2, "criteria": 8,
    }  # fmt: skip
    said = []
    with app.test_request_context("/"):
        for language in ("ru", "en", "ru"):
            with force_locale(language):
                row = pattern("scoring/_task.html", holes, **kind).filled(values)
                said.append([re.sub(r"<[^>]+>", " ", cell).split() for cell in CELL.findall(row)][2:])
    russian = [["В", "работе", "заполнено", "2", "из", "8"], ["Продолжить", "001"]]
    assert said == [russian, [["In", "work", "2", "of", "8", "marked"], ["Go", "on", "001"]], russian]


def test_a_task_is_listed_in_its_own_words_however_they_look(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    with store() as session:
        contest = factories.contest(session)
        expert = factories.expert(session, contest)
        applications = [factories.application(session, contest) for _ in range(2)]
        applications[0].title, applications[1].title = "Пресс <b> на 50 % %(number)s", 'Станок "1" \\1'
        applications[0].cluster.name = "Кластер & 100%"
        reviews = [factories.review(session, expert, each, "accepted") for each in applications]
        reviews[1].reason = "Нет <i> & 5 %"
        named = [
            (review.id, each.number, each.cluster.name) for review, each in zip(reviews, applications, strict=True)
        ]
        person = expert.user_id
    assert person is not None
    page = sign_in(person).get("/reviews").text
    overdue = '<span class="tag tag--danger">Просрочено</span>'
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert [CELL.findall(row) for row in body.split("</tr>")[:-1]] == [
        [
            str(escape(named[0][1])),
            f'Пресс &lt;b&gt; на 50 % %(number)s<span class="table__note">{escape(named[0][2])}</span>',
            f'{overdue}<span class="table__note">заполнено 0 из 6</span>\n',
            f'<a href="/reviews/{named[0][0]}">Начать<span class="visually-hidden"> {named[0][1]}</span></a>',
        ],
        [
            str(escape(named[1][1])),
            f'Станок &#34;1&#34; \\1<span class="table__note">{escape(named[1][2])}</span>',
            f'{overdue}<span class="table__note">Нет &lt;i&gt; &amp; 5 %</span>\n',
            f'<a href="/reviews/{named[1][0]}">Исправить<span class="visually-hidden"> {named[1][1]}</span></a>',
        ],
    ]
