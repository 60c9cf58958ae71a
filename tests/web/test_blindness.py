"""What a contest hides is hidden to the byte: pages, sorts, counts, files, headers and error texts.

The world of test_unfinished_sheets with everything that was submitted changed as well: every page, act and download is
asked for with one thing on the submitted sheets and again with another.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.adapters.disk import Disk
from judging.domain.visibility import Opens, Visibility, visibility_document
from judging.exports.papers.source import AUTHOR, frame
from judging.extensions import db
from judging.models import Contest, EarlyLook, Expert, Review, ReviewVersion
from judging.services import condition
from tests import factories
from tests.factories import MOMENT
from tests.web.test_access_matrix import rules
from tests.web.test_unfinished_sheets import Answer, answer, answers, downloads, is_file, path_of
from tests.web.unfinished import CODES, Unfinished, world

__all__ = ["world"]
DATABASES = ("sqlite",)
"""What is told to whom does not depend on the database, and these tests ask for every page."""
STRICT = Visibility(staff=Opens.CLOSED, chair=Opens.CLOSED)
HIDDEN = "zzhidden"
"""Stands in everything that is written on a submitted sheet."""


def write(world: Unfinished, low: str, high: str, verdict: str) -> None:
    """Put other marks, words and verdicts on what others submitted: reviews of one application diverge either way."""
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        own = Review.id == world.ids["review_id"]
        theirs = (Review.contest_id == world.ids["contest_id"], Review.status == "submitted", ~own)
        keys = session.scalars(select(Review.id).where(*theirs).order_by(Review.application_id, Review.id)).all()
        for place, key in enumerate(keys):
            mark = (low, high)[place % 2]
            text = {code: f"{HIDDEN} {mark} {code}" for code in CODES}
            values = {
                "scores": dict.fromkeys(CODES, mark), "comments": text, "recommendation": verdict,
                "confidence": {"1": "low", "2": "high"}.get(low), "notes": {"applicant": text},
            }  # fmt: skip
            session.execute(update(Review).where(Review.id == key).values(**values))
            session.execute(update(ReviewVersion).where(ReviewVersion.review_id == key).values(sha256=low * 64))
    forget(world)


def forget(world: Unfinished) -> None:
    """Drop what the process keeps of marks: here they change without a record."""
    for name in ("standings", "reports", "tallies"):
        world.app.extensions[name].clear()


def put(world: Unfinished, setting: Visibility) -> None:
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        document = visibility_document(setting)
        session.execute(update(Contest).where(Contest.id == world.ids["contest_id"]).values(visibility=document))


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    # Others write to the disk of this machine meanwhile.
    monkeypatch.setattr(condition, "disks_of", lambda folders: [Disk(one, 10**12, 10**12, False) for one in folders])


def everything(world: Unfinished, persona: str) -> dict[str, Answer]:
    """Every page and every download of a persona."""
    browser = world.client(persona)
    files = {f"file {key}": answer(browser, path, form) for key, (_, path, form) in downloads(world).items()}
    return answers(world, persona) | files


def telling(given: dict[str, Answer]) -> list[str]:
    """The addresses whose answer has something of a submitted sheet in it."""
    return [path for path, (_, headers, body) in given.items() if HIDDEN in f"{headers}" or HIDDEN.encode() in body]


@pytest.mark.parametrize("persona", ["secretary", "chair", "observer"])
def test_staff_see_the_same_whatever_was_submitted_until_marks_open(world: Unfinished, persona: str) -> None:
    put(world, STRICT)
    write(world, "1", "9", "do_not_support")
    low = everything(world, persona)
    write(world, "2", "10", "support")
    high = everything(world, persona)
    assert [path for path in low | high if low.get(path) != high.get(path)] == []
    assert telling(low) == []
    marks = [key for key in low if key.startswith(("file ranking", "file firmness"))]
    assert len(marks) > 20
    assert {low[key][0] for key in marks} == {403}
    assert [key for key in marks if is_file(low[key])] == []


def test_acts_refuse_in_the_same_words_whatever_was_submitted(world: Unfinished) -> None:
    put(world, STRICT)
    given = {}
    for name, content in (("low", ("1", "9", "do_not_support")), ("high", ("2", "10", "support"))):
        write(world, *content)
        browser = world.client("secretary")
        for rule in rules(world.app):
            if "POST" in rule.methods and "token" not in rule.arguments and "sign_out" not in rule.endpoint:
                several = {"review_id": world.ids["handed_in_id"]} if "review_id" in rule.arguments else {}
                path = path_of(world, rule, **several)
                given[name, path] = answer(browser, path, {})
    paths = [path for name, path in given if name == "low"]
    assert [path for path in paths if given["low", path] != given["high", path]] == []
    assert telling({path: given["low", path] for path in paths}) == []


def rename(session: Session, world: Unfinished, word: str, hours: int) -> None:
    """Call every expert but the persona otherwise, under another address, and let them submit at another time."""
    own = session.scalars(select(Expert).where(Expert.id == world.ids["expert_id"])).one()
    for one in session.scalars(select(Expert).where(Expert.contest_id == own.contest_id, Expert.id != own.id)):
        one.name, one.email = f"{word} {one.id}", f"{word.lower()}{one.id}@example.org"
        one.sort_name, one.search_text = one.name, one.name
    later = {"submitted_at": MOMENT + timedelta(hours=hours)}
    theirs = (Review.contest_id == own.contest_id, Review.status == "submitted", Review.expert_id != own.id)
    session.execute(update(Review).where(*theirs).values(**later))


OWN = Visibility(experts=Opens.OWN, names=True)


@pytest.mark.parametrize(("persona", "setting"), [("expert", Visibility()), ("expert", OWN), ("team", OWN)])
def test_neither_a_team_nor_an_expert_with_a_sheet_to_fill_in_sees_anything_of_others(
    world: Unfinished, persona: str, setting: Visibility
) -> None:
    put(world, setting)
    given = {}
    for place, (word, content) in enumerate(
        (("Иванов", ("1", "9", "do_not_support")), ("Яковлев", ("2", "10", "support")))
    ):
        write(world, *content)
        with world.app.app_context(), db.sessionmaker() as session, session.begin():
            rename(session, world, word, place)
        given[place] = everything(world, persona)
    assert [path for path in given[0] | given[1] if given[0].get(path) != given[1].get(path)] == []
    assert telling(given[0]) == []


@pytest.mark.parametrize("persona", ["team", "expert"])
def test_no_file_of_a_team_or_an_expert_names_another_expert(world: Unfinished, persona: str) -> None:
    put(world, Visibility(experts=Opens.OWN))
    with world.app.app_context(), db.sessionmaker() as session:
        own = Expert.id != world.ids["expert_id"]
        known = session.execute(select(Expert.name, Expert.email).where(own)).all()
    named = {text for name, email in known for text in (name, email)}
    browser, given = world.client(persona), {}
    for key, (_, path, form) in downloads(world).items():
        given[key] = answer(browser, path, form)
    files = {key: one for key, one in given.items() if is_file(one)}
    assert len(files) > 2
    told = {key: f"{headers}".encode() + body for key, (_, headers, body) in files.items()}
    assert [(key, text) for key, body in told.items() for text in named if text.encode() in body] == []
    assert frame("Заявка", "", [], code="", sha256="")["author"] == AUTHOR


@pytest.fixture
def submitted(world: Unfinished) -> Iterator[str]:
    """The persona's own sheet handed in, so that its receipt is there; taken back afterwards."""
    values: dict[str, Any] = {"status": "submitted", "submitted_at": MOMENT, "scores": dict.fromkeys(CODES, "7")}
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        session.execute(update(Review).where(Review.id == world.ids["review_id"]).values(**values))
    yield f"/reviews/{world.ids['review_id']}/receipt"
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        session.execute(update(Review).where(Review.id == world.ids["review_id"]).values(status="accepted"))


def test_labels_tell_neither_names_nor_who_was_first(world: Unfinished, submitted: str) -> None:
    write(world, "1", "9", "do_not_support")
    given = {}
    for names in (False, True):
        put(world, Visibility(experts=Opens.OWN, names=names))
        for place, word in enumerate(("Иванов", "Яковлев")):
            with world.app.app_context(), db.sessionmaker() as session, session.begin():
                rename(session, world, word, place)
            given[names, word] = world.client("expert").get(submitted).get_data(as_text=True)
    assert given[False, "Иванов"] == given[False, "Яковлев"]
    assert HIDDEN in given[False, "Иванов"]
    assert "Иванов" not in given[False, "Иванов"]
    assert given[True, "Иванов"].replace("Иванов", "Яковлев") == given[True, "Яковлев"] != given[True, "Иванов"]


def test_marks_of_others_wait_for_all_where_the_contest_says_so(world: Unfinished, submitted: str) -> None:
    put(world, Visibility(experts=Opens.ALL))
    write(world, "1", "9", "do_not_support")
    page = world.client("expert").get(submitted).get_data(as_text=True)
    assert HIDDEN not in page
    assert "когда будут отправлены все" in page


def test_an_early_look_opens_to_one_person_what_was_asked_for_until_its_end(world: Unfinished) -> None:
    put(world, STRICT)
    write(world, "1", "9", "do_not_support")
    review = f"/staff/contests/HERE/reviews/{world.ids['handed_in_id']}"
    ask = f"/staff/contests/HERE/applications/{world.ids['application_id']}/early-look"

    def seen(persona: str, path: str) -> bool:
        return HIDDEN.encode() in world.client(persona).get(path).data

    def ranking(persona: str) -> bool:
        return b"early-look" not in world.client(persona).get("/staff/contests/HERE/ranking").data

    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        person = session.scalar(select(factories.User.id).where(factories.User.name == "Лицо chair"))
        look = EarlyLook(
            contest_id=world.ids["contest_id"], application_id=world.ids["application_id"], user_id=person,
            reason="Жалоба", opened_at=MOMENT - timedelta(minutes=30), until=MOMENT + timedelta(minutes=30),
        )  # fmt: skip
        session.add(look)
        session.flush()
        key = look.id
    refused = world.client("chair").post(ask, data={"reason": " "})
    assert [seen("chair", review), seen("secretary", review), ranking("chair")] == [True, False, False]
    assert refused.status_code == 422
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        session.execute(update(EarlyLook).where(EarlyLook.id == key).values(application_id=None))
    assert [seen("chair", review), ranking("chair"), ranking("secretary")] == [True, True, False]
    with world.app.app_context(), db.sessionmaker() as session, session.begin():
        session.execute(update(EarlyLook).where(EarlyLook.id == key).values(until=MOMENT))
    assert [seen("chair", review), ranking("chair")] == [False, False]
