"""Fragments that are kept: what one contest is shown never depends on what another one was shown before."""

import re
from collections.abc import Callable
from copy import deepcopy

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import force_locale
from markupsafe import Markup

from judging.models import Review
from tests import factories
from tests.conftest import Store

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""


def task_with_scale(store: Store, low: str, high: str, step: str) -> tuple[int, int]:
    """(account, review) of an expert in a contest whose E1 has this scale, with the mark 7 on the sheet."""
    with store() as session:
        contest = factories.contest(session)
        criterion = next(item for item in contest.criteria if item.code == "E1")
        definition = deepcopy(criterion.definition)
        definition["scale"] = {"min": low, "max": high, "step": step}
        criterion.definition = definition
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, factories.application(session, contest), "accepted")
        review.scores = {"E1": "7"}
        assert expert.user_id is not None
        return expert.user_id, review.id


def test_scales_that_are_equal_and_written_differently_have_their_own_radios(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    chosen = []
    for scale in (("0", "10", "1"), ("0.0", "10.0", "1.0"), ("0", "10", "1.00")):
        person, review = task_with_scale(store, *scale)
        page = sign_in(person).get(f"/reviews/{review}")
        found = re.findall(r'name="mark-E1" value="([^"]+)"[^>]* checked', page.text)
        chosen.append((page.status_code, found))
    assert chosen == [(200, ["7"]), (200, ["7.0"]), (200, ["7.00"])]


def test_text_and_markup_of_the_same_letters_are_kept_apart(app: Flask) -> None:
    ladder = "{{ kept('components/_mark_ladder.html', name='m', marks=[1], locked=False, bands=[(1, 1, text)]) }}"
    with app.test_request_context("/"):
        shown = [render_template_string(ladder, text=text) for text in ("<i>", Markup("<i>"), "<i>")]
    assert [("&lt;i&gt;" in text, "<i>" in text) for text in shown] == [(True, False), (False, True), (True, False)]


def test_a_kept_part_is_of_the_language_of_the_moment(app: Flask) -> None:
    counter = '{{ kept("components/_counter.html", id="about", limit=5, count="words") }}'
    said: list[str] = []
    with app.test_request_context("/"):
        for language in ("ru", "en", "ru"):
            with force_locale(language):
                said += re.findall(r">\s*([^<>]+)</p>", render_template_string(counter))
    assert said == ["Не больше 5 слов", "No more than 5 words", "Не больше 5 слов"]


def test_what_somebody_typed_into_a_sheet_is_on_nobody_elses(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    mine, theirs = (task_with_scale(store, "0", "20", "1") for _ in range(2))
    person = sign_in(mine[0])
    with store() as session:
        version = session.get_one(Review, mine[1]).version
    refused = person.post(
        f"/reviews/{mine[1]}/draft",
        data={"version": version, "mark-E1": "6", "comment-E1": "Мой текст", "mark-E2": "77"},
    )
    other = sign_in(theirs[0]).get(f"/reviews/{theirs[1]}")
    typed = re.compile(r'<textarea[^>]* name="comment-E1"[^>]*>\s*([^<]*)</textarea>')
    marked = re.compile(r'name="mark-E1" value="([^"]+)"[^>]* checked')
    found = [(page.status_code, typed.findall(page.text), marked.findall(page.text)) for page in (refused, other)]
    assert found == [(422, ["Мой текст"], ["6"]), (200, [""], ["7"])]
