"""The instant of arrival decides every window, whatever the clock says once a thread and the database are free."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Response
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.test import TestResponse, run_wsgi_app

from judging.models import Application, Contest, Letter, Review, SignIn
from judging.services.applications.receipts import receipt_data
from judging.web.clock import ARRIVED, FASTEST_CLOCK, LONGEST_ON_ITS_WAY, RECEIVED, Arrivals, stamp_of
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

SignInAs = Callable[[int], FlaskClient]
INSTANT = MOMENT + timedelta(milliseconds=123)
REVIEW_CLOSE = MOMENT + timedelta(days=20)
MILLISECOND = timedelta(milliseconds=1)
FULL_SHEET = {"scores": {f"E{n}": "7" for n in range(1, 7)}, "recommendation": "support"}


@dataclass(frozen=True)
class Window:
    """An act in a window: the dates of its contest, what is posted where, the answers in time and outside."""

    post: Callable[..., TestResponse]
    moment: datetime
    opens: datetime | None = None
    closes: datetime | None = None


def at(instant: datetime) -> dict[str, Any]:
    """The environment of a request that arrived then."""
    return {"environ_overrides": {RECEIVED: instant.timestamp()}}


def move(clock: time_machine.Traveller, store: Store, instant: datetime) -> None:
    """Let time pass until then, with everybody's session in use."""
    clock.move_to(instant)
    with store() as session:
        session.execute(update(SignIn).values(seen_at=instant))


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("t=1773565200.123", INSTANT),
        ("1773565200.123", INSTANT),
        ("t=1773565200123", INSTANT),
        ("1773565200123000", INSTANT),
        ("t=1773565200123.999", INSTANT + timedelta(microseconds=999)),
        ("t=1773565200", MOMENT),
        ("t=1000000000.5, t=1773565200.123", INSTANT),
        ("t=1773565200.123,", None),
        ("", None),
        ("t=", None),
        ("t=17.5", None),
        ("t=-1773565200", None),
        ("t=1773565200.123 ", INSTANT),
        ("t=１７７３５６５２００", None),
        ("t=1773565200.1234567891", None),
        ("now", None),
        ("t=" + "9" * 400, None),
        ("2026-03-15T09:00:00Z", None),
    ],
)
def test_a_stamp_is_read_in_every_known_spelling_and_anything_else_is_none(text: str, instant: datetime | None) -> None:
    assert stamp_of(text) == instant


@given(st.integers(10**15, 7 * 10**15))
def test_a_stamp_says_the_same_in_seconds_milliseconds_and_microseconds(count: int) -> None:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)
    spellings = [f"t={count // 10**6}.{count % 10**6:06d}", f"t={count // 1000}.{count % 1000:03d}", f"t={count}"]
    assert [stamp_of(text) for text in spellings] == [instant] * 3


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reading_of_a_stamp(text: str) -> None:
    stamp = stamp_of(text)
    assert stamp is None or stamp.tzinfo is UTC


def settled(environ: Mapping[str, Any], *, proxied: bool = True) -> datetime:
    """What the middleware settles on for one request of a fresh process."""
    return settled_in_turn([environ], proxied=proxied)[0]


def settled_in_turn(environs: list[Mapping[str, Any]], *, proxied: bool = True) -> list[datetime]:
    seen: list[datetime] = []

    def application(environ: Any, start_response: Any) -> Any:
        seen.append(environ[ARRIVED])
        return Response("")(environ, start_response)

    middleware = Arrivals(application, proxied=proxied)
    for environ in environs:
        run_wsgi_app(middleware, {"REQUEST_METHOD": "GET", **environ})
    return seen


def header(instant: datetime) -> str:
    return f"t={instant.timestamp():.3f}"


def test_without_a_proxy_a_header_of_the_client_counts_for_nothing() -> None:
    assert settled({"HTTP_X_REQUEST_START": header(MOMENT - timedelta(seconds=30))}, proxied=False) == MOMENT


def test_the_servers_own_stamp_counts_before_the_clock() -> None:
    assert settled({RECEIVED: INSTANT.timestamp() - 5}) == INSTANT - timedelta(seconds=5)


def test_the_trusted_proxys_stamp_counts_before_the_servers() -> None:
    environ = {RECEIVED: MOMENT.timestamp(), "HTTP_X_REQUEST_START": header(MOMENT - timedelta(seconds=7))}
    assert settled(environ) == MOMENT - timedelta(seconds=7)


def test_a_proxys_stamp_of_the_near_future_means_now() -> None:
    assert settled({"HTTP_X_REQUEST_START": header(MOMENT + FASTEST_CLOCK)}) == MOMENT


@pytest.mark.parametrize(
    "said",
    [header(MOMENT + FASTEST_CLOCK + MILLISECOND), header(MOMENT - LONGEST_ON_ITS_WAY - MILLISECOND), "x" * 5000, ""],
)
def test_a_stamp_that_cannot_be_true_is_left_aside_and_logged(said: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="judging.arrival"):
        assert settled({"HTTP_X_REQUEST_START": said}) == MOMENT
    assert [len(record.getMessage()) < 250 for record in caplog.records] == [True]


def test_the_oldest_stamp_that_is_believed() -> None:
    oldest = MOMENT - LONGEST_ON_ITS_WAY
    assert settled({"HTTP_X_REQUEST_START": header(oldest)}) == oldest


def test_behind_a_proxy_that_stamps_nothing_no_client_can_stamp_a_request(caplog: pytest.LogCaptureFixture) -> None:
    through_proxy = {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}
    forged = {**through_proxy, "HTTP_X_REQUEST_START": header(MOMENT - timedelta(seconds=90))}
    assert settled_in_turn([through_proxy, forged, forged]) == [MOMENT] * 3
    assert sum("until a restart" in record.getMessage() for record in caplog.records) == 1


def submission(store: Store, sign_in: SignInAs) -> Window:
    with store() as session:
        application = whole_draft(session, factories.contest(session))
        assert application.team is not None
        person, ident, contest = application.team.members[0].user_id, application.id, application.contest
        opens, closes = contest.applications_open, contest.applications_close
    client = sign_in(person)

    def post(**options: Any) -> TestResponse:
        with store() as session:
            version = session.get_one(Application, ident).version
        return client.post(f"/applications/{ident}/submission", data={"version": version}, **options)

    return Window(post, MOMENT, opens, closes)


def beginning(store: Store, sign_in: SignInAs) -> Window:
    with store() as session:
        person = factories.user(session)
        contest = factories.contest(session, code="START")
        factories.cluster(session, contest, factories.team(session, person))
        ident, closes = person.id, contest.applications_close
    client = sign_in(ident)
    return Window(lambda **options: client.post("/contests/START/applications", **options), MOMENT, closes=closes)


def reviewing(store: Store, sign_in: SignInAs, status: str, page: str, **values: Any) -> Window:
    with store() as session:
        contest = factories.contest(session, review_close=REVIEW_CLOSE)
        review = factories.review(
            session, factories.expert(session, contest), factories.application(session, contest), status, **values
        )
        ident, user_id = review.id, review.expert.user_id
        opens, closes = contest.applications_open, contest.review_close
    assert user_id is not None
    client = sign_in(user_id)

    def post(**options: Any) -> TestResponse:
        with store() as session:
            version = session.get_one(Review, ident).version
        return client.post(f"/reviews/{ident}/{page}", data={"version": version}, **options)

    return Window(post, MOMENT, opens, closes)


def handing_in(store: Store, sign_in: SignInAs) -> Window:
    return reviewing(store, sign_in, "accepted", "summary", **FULL_SHEET)


def declaring(store: Store, sign_in: SignInAs) -> Window:
    return reviewing(store, sign_in, "assigned", "declaration")


def notifying(store: Store, sign_in: SignInAs) -> Window:
    with store() as session:
        contest = factories.contest(session, code="TOLD", review_close=REVIEW_CLOSE)
        expert, application = factories.expert(session, contest), factories.application(session, contest)
        factories.review(session, expert, application, "proposed")
        secretary, ident, closes = factories.user(session, "secretary").id, expert.id, contest.review_close
    client, path = sign_in(secretary), "/staff/contests/TOLD/assignment/notification"
    marks = [part.split('"')[0] for part in client.get(path).text.split('name="expert" value="')[1:]]
    assert [mark.split("-")[0].split(":")[0] for mark in marks] == [str(ident)]
    return Window(lambda **options: client.post(path, data={"expert": marks}, **options), MOMENT, closes=closes)


def moving_a_date(store: Store, sign_in: SignInAs) -> Window:
    closes = MOMENT + timedelta(days=11)
    with store() as session:
        factories.contest(session, code="MOVED")
        secretary = factories.user(session, "secretary").id
    client, path = sign_in(secretary), "/staff/contests/MOVED/schedule"
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        version, opens, over = contest.version, contest.applications_open, contest.review_close
    moscow = timedelta(hours=3)
    data = {
        "version": version,
        "reason": "Сбой связи",
        "applications_open": (opens + moscow).strftime("%Y-%m-%dT%H:%M"),
        "applications_close": (closes + moscow).strftime("%Y-%m-%dT%H:%M"),
        "review_close": (over + moscow).strftime("%Y-%m-%dT%H:%M"),
    }
    return Window(lambda **options: client.post(path, data=data, **options), MOMENT, closes=closes)


WINDOWS = (submission, beginning, handing_in, declaring, notifying, moving_a_date)


@pytest.mark.parametrize("window_of", WINDOWS)
def test_what_arrived_a_millisecond_before_the_end_is_in_time_however_late_it_is_looked_at(
    store: Store, sign_in: SignInAs, clock: time_machine.Traveller, window_of: Callable[..., Window]
) -> None:
    window = window_of(store, sign_in)
    assert window.closes is not None
    move(clock, store, window.closes + timedelta(minutes=3))
    answer = window.post(**at(window.closes - MILLISECOND))
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("window_of", WINDOWS)
def test_what_arrived_at_the_end_or_a_millisecond_after_it_is_late(
    store: Store, sign_in: SignInAs, clock: time_machine.Traveller, window_of: Callable[..., Window]
) -> None:
    window = window_of(store, sign_in)
    assert window.closes is not None
    move(clock, store, window.closes + timedelta(minutes=3))
    answers = [window.post(**at(window.closes + after)).status_code for after in (timedelta(0), MILLISECOND)]
    assert answers == [422, 422]


@pytest.mark.parametrize("window_of", [submission, handing_in, declaring])
def test_what_arrived_a_millisecond_too_early_is_early_however_late_it_is_looked_at(
    store: Store, sign_in: SignInAs, window_of: Callable[..., Window]
) -> None:
    window = window_of(store, sign_in)
    assert window.opens is not None
    early = [window.post(**at(window.opens - MILLISECOND)).status_code, window.post(**at(window.opens)).status_code]
    assert early == [422, 303]


def test_register_receipt_letter_and_page_say_the_instant_of_arrival(
    store: Store, sign_in: SignInAs, clock: time_machine.Traveller
) -> None:
    window = submission(store, sign_in)
    assert window.closes is not None
    arrival = window.closes - timedelta(seconds=4)
    move(clock, store, window.closes + timedelta(seconds=9))
    page = window.post(**at(arrival), follow_redirects=True).text
    with store() as session:
        application = session.scalars(select(Application)).one()
        letter = session.scalars(select(Letter)).one()
        said = "25.03.2026 11:59:56"
        assert (application.submitted_at, receipt_data(application)["submitted_at"]) == (arrival, arrival.isoformat())
        assert (f"{said} МСК" in page, f"{said} МСК" in letter.body) == (True, True)


def test_a_refusal_says_the_instant_of_arrival(store: Store, sign_in: SignInAs, clock: time_machine.Traveller) -> None:
    window = submission(store, sign_in)
    assert window.closes is not None
    move(clock, store, window.closes + timedelta(seconds=9))
    answer = window.post(**at(window.closes + timedelta(seconds=1)))
    assert "ваша поступила на сервер 25.03.2026 12:00:01 МСК" in answer.text
    with store() as session:
        assert session.scalars(select(Application)).one().status == "draft"


def test_a_request_that_waited_past_the_end_of_its_session_is_still_its_persons(
    store: Store, sign_in: SignInAs, clock: time_machine.Traveller
) -> None:
    window = submission(store, sign_in)
    with store() as session:
        session.execute(update(SignIn).values(expires_at=MOMENT + timedelta(seconds=1)))
    move(clock, store, MOMENT + timedelta(seconds=5))
    assert [window.post().status_code, window.post(**at(MOMENT)).status_code] == [422, 303]


def test_pages_show_the_stage_at_the_arrival_of_their_own_request(
    store: Store, sign_in: SignInAs, clock: time_machine.Traveller
) -> None:
    with store() as session:
        closes, person = factories.contest(session, code="SHOWN").applications_close, factories.user(session).id
    move(clock, store, closes + timedelta(minutes=1))
    client = sign_in(person)
    pages = [client.get("/contests/SHOWN", **at(closes + shift)).text for shift in (-MILLISECOND, timedelta(0))]
    assert ["Приём заявок завершён." in page for page in pages] == [False, True]
