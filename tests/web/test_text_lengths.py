"""Every text has a greatest length: what is longer is refused in words beside its field, typed text and all."""

import json
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String
from wtforms import Field, Form, StringField
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import Length

import judging.web
from judging.adapters.download_log import DownloadLog
from judging.domain.sheets import LONGEST_COMMENT, LONGEST_DRAFT_COMMENT
from judging.models import Application, Cluster, Contest, Criterion, Expert, Organisation, Review, Team, User
from judging.web.accounts import forms as accounts
from judging.web.applications import forms as applications
from judging.web.contests import criterion_forms
from judging.web.contests import forms as contests
from judging.web.experts import forms as experts
from judging.web.forms import CleanText, DigitsField
from judging.web.text_lengths import LONGEST_QUERY
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

SignIn = Callable[[int], FlaskClient]
DATABASES = ("sqlite",)
"""What is told to whom does not depend on the database, and these tests ask for every page."""
SCRIPT = {"X-Requested-With": "fetch"}


class Meta(CleanText, DefaultMeta):
    """What every form of the product binds its fields by."""


def forms() -> list[type[Form]]:
    """Every form that a page may show."""
    for module in pkgutil.walk_packages(judging.web.__path__, "judging.web."):
        import_module(module.name)
    found, ways = [], [Form]
    while ways:
        own = [one for one in ways.pop().__subclasses__() if one not in found]
        found += own
        ways += own
    return [form for form in found if form.__module__.startswith("judging.")]


def fields(form: type[Form]) -> Iterator[Field]:
    for name in dir(form):
        unbound = getattr(form, name)
        if isinstance(unbound, UnboundField):
            yield Meta().bind_field(None, unbound, {"name": name, "_meta": Meta()})


def test_every_text_field_has_a_greatest_length(app: Flask) -> None:
    with app.test_request_context():
        texts = [field for form in forms() for field in fields(form) if isinstance(field, StringField)]
        unbound = [field.name for field in texts if not any(isinstance(one, Length) for one in field.validators)]
    assert (len(texts) > 50, unbound) == (True, [])
    assert [field.name for field in texts if field.flags.maxlength] == []  # a browser would cut what is pasted


def test_every_form_bounds_its_fields() -> None:
    bare = [one.__name__ for one in forms() if not any(vars(b).get("Meta") is CleanText for b in one.__mro__)]
    assert bare == []


@pytest.mark.parametrize(
    ("form", "model", "renamed"),
    [
        (applications.ClusterForm, Cluster, {}),
        (applications.OrganisationForm, Organisation, {}),
        (experts.ExpertForm, Expert, {}),
        (experts.ExpertForm, Organisation, {"employer_name": "name"}),
        (contests.NewContestForm, Contest, {}),
        (criterion_forms.CriterionForm, Criterion, {}),
        (accounts.ProfileForm, User, {}),
        (accounts.NewAccountForm, User, {}),
        (accounts.InvitationForm, User, {}),
        (accounts.RegistrationForm, User, {}),
        (accounts.RegistrationForm, Team, {"team": "name"}),
    ],
)
def test_what_a_form_takes_its_column_holds(app: Flask, form: type[Form], model: type, renamed: dict[str, str]) -> None:
    columns, faults = model.__table__.columns, []
    with app.test_request_context():
        for field in fields(form):
            column = columns.get(renamed.get(field.name, "" if renamed else field.name))
            checked = isinstance(field, DigitsField)  # an ИНН or ОГРН, whose digits are counted
            if (
                isinstance(field, StringField)
                and not checked
                and column is not None
                and isinstance(column.type, String)
            ):
                length = column.type.length
                faults += [(field.name, field.longest, length)] if length and field.longest > length else []
    assert faults == []


def sheet(session) -> tuple[int, int]:
    contest = factories.contest(session)
    expert = factories.expert(session, contest)
    review = factories.review(
        session, expert, factories.application(session, contest), "accepted", comments={"E2": "a"}
    )
    return review.id, expert.user_id


def comments_of(store: Store, review_id: int) -> dict[str, str]:
    with store() as session:
        return session.get_one(Review, review_id).comments


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def test_a_comment_beyond_all_measure_is_refused_beside_its_field_and_stays_typed(
    store: Store, sign_in: SignIn
) -> None:
    with store() as session:
        review_id, person = sheet(session)
    longer = "ж" * (LONGEST_DRAFT_COMMENT + 1)
    answer = sign_in(person).post(f"/reviews/{review_id}/draft", data={"version": 1, "comment-E1": longer})
    assert (answer.status_code, longer in answer.text, comments_of(store, review_id)) == (422, True, {"E2": "a"})
    assert "Не больше 20000 знаков" in answer.text.split('id="comment-E1-error"')[1].split("</p>")[0]


def test_a_script_keeps_all_but_a_comment_beyond_all_measure(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        review_id, person = sheet(session)
    longer = "ж" * (LONGEST_DRAFT_COMMENT + 1)
    data = {"version": 1, "mark-E1": "7", "comment-E1": "кратко", "comment-E2": longer}
    answer = sign_in(person).post(f"/reviews/{review_id}/draft", data=data, headers=SCRIPT)
    assert (answer.status_code, answer.json["whole"]) == (200, False)
    assert answer.json["saved_at_text"].endswith(", кроме комментариев E2: в них больше 20000 знаков")
    assert comments_of(store, review_id) == {"E1": "кратко", "E2": "a"}


def test_a_draft_may_be_longer_than_what_can_be_handed_in(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        review_id, person = sheet(session)
    browser, long = sign_in(person), "ж" * (LONGEST_COMMENT + 1)
    data = {"version": 1, "comment-E1": long, "comment-E2": "a"}
    answer = browser.post(f"/reviews/{review_id}/draft", data=data, headers=SCRIPT)
    assert (answer.json["whole"], comments_of(store, review_id)["E1"]) == (True, long)
    assert (
        "Комментарий слишком длинный: допускается не более 5000 знаков"
        in browser.get(f"/reviews/{review_id}/summary").text
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [("passport", "goal"), ("passport", "title"), ("passport", "contact_phone"), ("passport", "topics"),
     ("passport", "contact_email"), ("finance", "requested"), ("passport", "starts_on")],
)  # fmt: skip
def test_a_long_text_is_refused_beside_its_field_and_stays_typed(
    store: Store, sign_in: SignIn, path: str, name: str
) -> None:
    with store() as session:
        person = factories.user(session)
        contest = factories.contest(session)
        cluster = factories.cluster(session, contest, factories.team(session, person))
        application = factories.application(session, contest, cluster, "draft")
        key, stored, person_id = application.id, getattr(application, name), person.id
    browser, longer = sign_in(person_id), "9ж" * 100_000
    answer = browser.post(f"/applications/{key}/{path}", data={"version": 0, name: longer})
    assert (answer.status_code, longer in answer.text) == (422, True)
    assert "Не больше" in answer.text.split(f'id="{name}-error"')[1].split("</p>")[0]
    with store() as session:
        assert getattr(session.get_one(Application, key), name) == stored


@pytest.mark.parametrize("path", ["/", "/sign-in", "/contests/NONE", "/staff/contests", "/reviews/7"])
def test_a_query_that_is_too_long_is_refused_before_it_is_read(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?q={'a' * LONGEST_QUERY}").status_code == 414
    assert client.get(f"{path}?q={'a' * (LONGEST_QUERY - 2)}").status_code != 414


def test_a_name_cannot_make_a_line_of_its_own_in_the_log_of_downloads(tmp_path: Path) -> None:
    name = 'Иван\n{"event": "forged"}\u2028{"x": 1}\u2029\x85\ud800\x7f"'
    log = DownloadLog(tmp_path / "downloads.jsonl")
    log.record(at=datetime(2026, 3, 1, tzinfo=UTC), event="document.downloaded", name=name)
    lines = (tmp_path / "downloads.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["name"] for line in lines] == [name]
    assert "Иван" in lines[0]
