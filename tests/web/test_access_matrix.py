"""Every role on every route: who gets in is written down here by hand, by permission, and asked of the application.

One world: a contest with a submitted application of a team, its draft, an expert who declared, one who did not, one in
conflict, one who has not accepted an agreement, staff of this contest and of another. A denied person gets 403, 404,
the way to sign in or to the agreements, never the page and never an effect. Ids of another contest's objects under
one's own contest's address are not found.
"""

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from judging.domain.access import Permission
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.form import Field, FieldKind, PaperKind
from judging.extensions import db
from judging.models import (
    AgreedScore,
    Application,
    ApplicationMember,
    CalendarDay,
    CalendarYear,
    Contest,
    DiscussionMessage,
    DiscussionRules,
    Expert,
    Grant,
    GrantRequest,
    Job,
    JournalRecord,
    Letter,
    Link,
    RankingSnapshot,
    Review,
    SignIn,
    User,
)
from judging.queries.forms import form_of
from judging.queries.rankings import compute_ranking
from judging.services.applications.receipts import keep_submission, receipt_data
from judging.web import errors
from judging.web.access import token_hash
from tests import factories
from tests.conftest import emptied
from tests.databases import database, whole
from tests.factories import MOMENT
from tests.pp41 import with_form

ANYONE = (
    "visitor", "stranger", "team", "mate", "reader", "head", "expert", "undeclared", "conflicted", "unagreed",
    "judged", "secretary", "elsewhere", "chair", "observer", "administrator",
)  # fmt: skip
SIGNED_IN = ANYONE[1:]
STAFF = ("secretary", "chair", "observer")
TEAM = ("team", "mate", "reader", "head")
"""The lead of the team, a member, one who only reads its applications, and the head of the organisation."""
TEAMS = ("stranger", "team", "mate", "reader", "head")
EXPERTS = ("expert", "undeclared", "conflicted", "unagreed", "judged")
"""The one who judged has submitted the review, and leads the agreed score."""

MAY: dict[Permission, tuple[str, ...]] = {
    Permission.SIGN_IN: ANYONE,
    Permission.SEE_PUBLIC: ANYONE,
    Permission.SEE_RESULTS: STAFF,
    Permission.MANAGE_OWN_ACCOUNT: SIGNED_IN,
    Permission.MANAGE_ACCOUNTS: ("administrator",),
    Permission.READ_LETTERS: ("administrator",),
    Permission.SEE_JOURNAL: (*STAFF, "administrator"),
    Permission.SEE_TEAM: TEAMS,
    Permission.LEAD_TEAM: ("team",),
    Permission.EDIT_TEAM: ("stranger", "team", "mate"),
    Permission.SEE_OWN_APPLICATIONS: TEAMS,
    Permission.CREATE_APPLICATION: ("stranger", "team", "mate", "reader"),
    Permission.SEE_APPLICATION: (*TEAM, "expert", "judged", *STAFF),
    Permission.SEE_WHOLE_APPLICATION: (*TEAM, *STAFF),
    Permission.EDIT_APPLICATION: ("team", "mate"),
    Permission.SUBMIT_APPLICATION: ("team",),
    Permission.WITHDRAW_APPLICATION: ("team", "secretary"),
    Permission.GIVE_APPLICATION_ROLES: ("team",),
    Permission.CERTIFY_APPLICATION: ("head",),
    Permission.SEE_OWN_APPLICATION: TEAM,
    Permission.SEE_DOCUMENTS: (*TEAM, "expert", "judged", *STAFF),
    Permission.SEE_CONTESTS: (*STAFF, "elsewhere"),
    Permission.CREATE_CONTEST: ("secretary",),
    Permission.SEE_CONTEST: STAFF,
    Permission.EDIT_CONTEST: ("secretary",),
    Permission.PUBLISH_CONTEST: ("secretary",),
    Permission.CANCEL_CONTEST: ("secretary",),
    Permission.SEE_REGISTER: STAFF,
    Permission.ADMIT_APPLICATION: ("secretary",),
    Permission.SEE_EXPERTS: STAFF,
    Permission.MANAGE_EXPERTS: ("secretary",),
    Permission.SEE_CONFLICTS: STAFF,
    Permission.MANAGE_CONFLICTS: ("secretary",),
    Permission.SEE_ASSIGNMENT: STAFF,
    Permission.ASSIGN: ("secretary",),
    Permission.SEE_MONITOR: STAFF,
    Permission.SEE_QUEUE: EXPERTS,
    Permission.AGREE: EXPERTS,
    Permission.ACCEPT_TASK: ("expert",),
    Permission.DECLARE_CONFLICT: ("expert",),
    Permission.SCORE: ("expert",),
    Permission.FINISH_REVIEW: ("expert",),
    Permission.SEE_OWN_REVIEW: ("expert",),
    Permission.SEE_ALL_REVIEWS: STAFF,
    Permission.RETURN_REVIEW: ("secretary",),
    Permission.SEE_DISCUSSION: (*STAFF, "judged"),
    Permission.DISCUSS: ("secretary", "chair", "judged"),
    Permission.SEE_AGREED_SCORE: (*STAFF, "judged"),
    Permission.NAME_LEAD: ("secretary", "chair"),
    Permission.AGREE_ON_SCORE: ("judged",),
    Permission.LOOK_EARLY: STAFF,
    Permission.SEE_EARLY_LOOKS: ("chair", "observer"),
    Permission.SEE_RANKING: STAFF,
    Permission.CALCULATE_FIRMNESS: STAFF,
    Permission.EXPORT: STAFF,
    Permission.RUN_TRIAL: ("secretary",),
    Permission.DECIDE_BY_PANEL: ("secretary", "chair"),
    Permission.FREEZE_RANKING: ("secretary",),
    Permission.APPROVE_RANKING: ("chair",),
    Permission.PUBLISH_RESULTS: ("chair",),
}

PUBLIC_PAGE = {
    "self_check": [{"text": "Включён ли кластер в реестр?", "wants": "yes", "words": "Нужен реестр."}],
    "data_policy": "Данные – только для конкурса.",
}
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    # the secretary's own page of withdrawal; the team's page is open to both
    "register.withdraw": ("secretary",),
    # the contest of this world is real; tests/web/test_trials.py has a trial
    **dict.fromkeys(
        (
            "trials.show",
            "trials.state",
            "trials.letters",
            "trials.wiping",
            "trials.wipe",
            "trials.rehearse",
            "trials.move_clock",
        ),
        (),
    ),
    # all that an expert has declared on, whatever of it is submitted
    **dict.fromkeys(
        (
            "scoring.side_by_side",
            "scoring.submit_batch",
            "scoring.marks_table",
            "scoring.all_documents",
            "scoring.offline_workbook",
        ),
        ("expert", "judged"),
    ),
    # the list of a contest's discussions
    "discussions.index": STAFF,
    # a message of one's own
    **dict.fromkeys(("discussions.edit", "discussions.change", "discussions.remove"), ("judged",)),
    # a sign-in of the team's person
    "accounts.revoke_session": ("team",),
    # an invitation to the team's person
    **dict.fromkeys(("accounts.take_invitation", "accounts.turn_down", "accounts.turn_down_submit"), ("team",)),
    # what its own people do in a team, whatever they are there
    **dict.fromkeys(
        ("accounts.invite_mate", "accounts.resend_mate", "accounts.revoke_mate", "accounts.leave_team"), TEAM
    ),
    # nothing is published in this world, whoever asks
    "home.results": (),
    # an organisation of the team's own cluster
    "applications.new_organisation": ("team", "mate"),
    "applications.earlier_organisations": ("team", "mate"),
    "applications.add_earlier_organisations": ("team", "mate"),
    "applications.fill_by_inn": ("team", "mate"),
    "applications.add_organisation": ("team", "mate"),
    "applications.organisation": ("team", "mate"),
    "applications.change_organisation": ("team", "mate"),
    "applications.remove_organisation": ("team", "mate"),
}

ARGUMENTS: dict[str, str | int] = {
    "kind": "expert", "key": "ranking-json", "number": 1, "token": "no-such-token", "slot": "passport",
    "act": "admission", "figure": "places", "section": "passport", "field": "partners", "column": "role",
    "field_kind": "text", "sentence": "compare", "check": "sources", "row_check": "initiator_again", "place": 1,
    "milestone": "meeting", "extension": "pdf", "upload": "no-such-upload",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """The ids of the one world and the cookie of every persona."""

    ids: dict[str, int]
    foreign: dict[str, int]
    cookies: dict[str, str | None]
    prepared: Path


def sign_person_in(session, user: User, name: str) -> None:
    session.add(
        SignIn(
            user=user,
            token_hash=token_hash(f"token-of-{name}"),
            created_at=MOMENT,
            expires_at=MOMENT + timedelta(days=1),
        )
    )
    session.flush()


def paper_as_it_is(sheet: Mapping[str, Any], extension: str) -> bytes:
    """A paper without the process that sets it: these tests ask for every one of them many times."""
    return f"{extension} {json.dumps(sheet)}".encode()


SET_PAPER = "judging.web.applications.pages_papers.set_paper"
DRAW_PAGE = "judging.web.applications.pages_previews.page_picture"
RENDITIONS = "judging.web.applications.pages_renditions"


def picture_of_nothing(file: BinaryIO, number: int) -> bytes:
    """A page without the process that draws it."""
    return b"%d of %d bytes" % (number, len(file.read()))


def asking_for_a_letter(contest: Contest) -> CompiledForm:
    """The form of a contest with a file more, which is for the staff alone: a paper to be signed."""
    form = form_of(contest)
    asked = {"seen_by": "staff", "paper": PaperKind.APPLICATION, "signed": True}
    letter = Field("letter", FieldKind.FILE, "Письмо", extensions=("pdf",), **asked)
    last = form.sections[-1]
    asked = replace(form, sections=(*form.sections[:-1], replace(last, fields=(*last.fields, letter))))
    return compile_form(asked, ("series", "pilot"))


def populate(session, app: Flask) -> tuple[dict[str, int], dict[str, int]]:
    """Make the world; return the ids of its objects and of the other contest's."""
    contest = factories.contest(session, code="HERE", certification="required", public_page=PUBLIC_PAGE)
    other = factories.contest(session, code="THERE")
    series = factories.nomination(session, contest, budget="200000000.00")
    factories.nomination(session, contest, "pilot", budget="100000000.00")
    factories.nomination(session, other)
    people = {name: factories.user(session, name=f"Лицо {name}") for name in SIGNED_IN}
    for name in STAFF:
        people[name].grants.append(
            Grant(role=name, contest_id=None if name == "secretary" else contest.id, granted_at=MOMENT)
        )
    people["elsewhere"].grants.append(Grant(role="secretary", contest_id=other.id, granted_at=MOMENT))
    people["administrator"].grants.append(Grant(role="administrator", granted_at=MOMENT))
    with_form(session, contest, asking_for_a_letter(contest))
    team = factories.team(session, people["team"], people["mate"], people["reader"], people["head"])
    team.members[-1].role = "head"
    factories.team(session, people["stranger"])
    cluster = factories.cluster(session, contest, team)
    application = factories.application(session, contest, cluster, nomination=series)
    keep_submission(
        session, application.id, receipt_data(application), sha256="0" * 64, at=MOMENT, by_id=people["team"].id
    )
    draft = factories.application(session, contest, cluster, status="draft")
    for one in (application, draft):
        session.add(
            ApplicationMember(
                application_id=one.id, user_id=people["reader"].id, role="reader", given_at=MOMENT
            )
        )  # fmt: skip
    invitation, join = factories.team_invitation(session, team), factories.team_request(session, team)
    stored = app.extensions["storage"].put(io.BytesIO(b"%PDF-1.7 content"))
    document = factories.document(session, application, storage_key=stored.key, size=stored.size, sha256=stored.sha256)
    kept = factories.document(session, application, slot="letter", storage_key=stored.key)
    own_document = factories.document(session, draft)
    for one in (contest, other):
        factories.document_template(session, one, "passport")
    signature, own_signature = (factories.signature(session, one) for one in (document, own_document))
    experts = {name: factories.expert(session, contest, people[name]) for name in EXPERTS}
    review = factories.review(session, experts["expert"], application, "accepted")
    factories.review(session, experts["undeclared"], application, "assigned")
    factories.review(session, experts["conflicted"], application, "accepted")
    factories.review(session, experts["unagreed"], application, "accepted")
    factories.review(session, experts["judged"], application, "submitted")
    session.add(AgreedScore(application=application, expert=experts["judged"], created_at=MOMENT))
    session.add(DiscussionRules(contest_id=contest.id, circle="experts", edit_minutes=15, version=1))
    message = DiscussionMessage(
        contest_id=contest.id, application=application, author_id=people["judged"].id, author_name="Лицо judged",
        role="expert", expert_id=experts["judged"].id, audience="experts", text="Слово", written_at=MOMENT,
    )  # fmt: skip
    session.add(message)
    conflict = factories.conflict(session, experts["conflicted"], application)
    agreement, there_agreement = factories.agreement(session, contest), factories.agreement(session, other)
    factories.agreement(session, contest, "draft", number=0)
    for name in ("expert", "undeclared", "conflicted", "judged"):
        factories.acceptance(session, experts[name], agreement)
    asked = GrantRequest(
        user_id=people["stranger"].id, email="a@example.org", name="Лицо", role="observer", asked_by="Другой",
        asked_at=MOMENT, expires_at=MOMENT + timedelta(days=7),
    )  # fmt: skip
    session.add(asked)
    link = Link(
        purpose="invite", token_hash="0" * 64, email=people["team"].email, contest_id=other.id, created_at=MOMENT,
        expires_at=MOMENT + timedelta(days=7),
        payload={
            "name": "Лицо", "inviter": "Другой",
            "expert_id": factories.expert(session, other, user=None, email=people["team"].email).id,
        },
    )  # fmt: skip
    session.add(link)
    letter = Letter(key="k", recipient="a@example.org", subject="s", body="b", created_at=MOMENT)
    job = Job(
        kind="sweep", key="sweep@1", args={}, state="failed", error_code="broken", finished_at=MOMENT, asked_at=MOMENT,
        asked_by="system",
    )  # fmt: skip
    day = CalendarDay(day=date(2028, 3, 6), works=False, act="Постановление", added_at=MOMENT)
    year = CalendarYear(year=2028, act="Постановление", added_at=MOMENT)
    session.add_all([job, day, year])
    factories.milestone(session, contest, "meeting")
    session.add(letter)
    for name, person in people.items():
        sign_person_in(session, person, name)
    record, ranking = compute_ranking(session, contest.id)
    session.add(
        RankingSnapshot(
            contest_id=contest.id, number=1, record={}, ranking={}, sha256="0" * 64, made_at=MOMENT,
            revoked_at=MOMENT, revoked_reason="x",
        )
    )  # fmt: skip
    session.flush()
    assert (record.contest.code, len(ranking.rows)) == ("HERE", 1)
    there_cluster = factories.cluster(session, other)
    there_application = factories.application(session, other, there_cluster, nomination=other.nominations[0])
    there_expert = factories.expert(session, other)
    ids = {
        "application_id": application.id, "draft_id": draft.id, "document_id": document.id,
        "own_document_id": own_document.id, "kept_id": kept.id, "review_id": review.id,
        "signature_id": signature.id, "own_signature_id": own_signature.id,
        "expert_id": experts["expert"].id,
        "conflict_id": conflict.id, "criterion_id": contest.criteria[0].id, "letter_id": letter.id, "job_id": job.id,
        "user_id": people["stranger"].id, "grant_id": people["chair"].grants[0].id,
        "sign_in_id": session.scalars(select(SignIn.id).where(SignIn.user_id == people["team"].id)).one(),
        "organisation_id": cluster.members[2].organisation.id, "request_id": asked.id,
        "nomination_id": contest.nominations[0].id,
        "extension_id": factories.extension(session, draft, contest.applications_close + timedelta(days=1)).id,
        "team_id": team.id, "invitation_id": invitation.id, "join_id": join.id,
        "message_id": message.id, "link_id": link.id,
        "day_id": day.id, "year_id": year.id, "agreement_id": agreement.id,
    }  # fmt: skip
    foreign = {
        "application_id": there_application.id, "expert_id": there_expert.id,
        "review_id": factories.review(session, there_expert, there_application, "submitted").id,
        "conflict_id": factories.conflict(session, factories.expert(session, other), there_application).id,
        "criterion_id": other.criteria[0].id, "nomination_id": other.nominations[0].id,
        "agreement_id": there_agreement.id,
        "extension_id": factories.extension(session, there_expert, other.review_close + timedelta(days=1)).id,
    }  # fmt: skip
    return ids, foreign


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Flask, World]]:
    """The application and the world, prepared once as a file that is laid anew after every POST that may act."""
    app = emptied("sqlite")
    with app.app_context(), db.sessionmaker() as session, session.begin():
        ids, foreign = populate(session, app)
    with app.app_context():
        db.engine.dispose()
    path = database("sqlite").path
    whole(path)
    prepared = path.with_name("matrix.sqlite3")
    shutil.copyfile(path, prepared)
    with time_machine.travel(MOMENT, tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(SET_PAPER, paper_as_it_is)
        patch.setattr(DRAW_PAGE, picture_of_nothing)
        patch.setattr(errors, "render_template", lambda template, **_more: template)  # the status decides, not the page
        serializer = app.session_interface.get_signing_serializer(app)
        cookies: dict[str, str | None] = {"visitor": None}
        for name in SIGNED_IN:
            cookies[name] = str(serializer.dumps({"_user_id": f"token-of-{name}", "_fresh": True}))
        yield app, World(ids, foreign, cookies, prepared)


def lay_anew(app: Flask, world: World) -> None:
    with app.app_context():
        db.engine.dispose()
    database("sqlite").lay(world.prepared)


def rules(app: Flask) -> list[Rule]:
    return sorted((r for r in app.url_map.iter_rules() if r.endpoint != "static"), key=lambda r: r.endpoint)


def address(app: Flask, rule: Rule, world: World, **changed: int | str) -> str:
    """The route's path with the world's ids; the draft where the page is of a draft."""
    known = {"code": "HERE", **ARGUMENTS, **world.ids}
    permission = app.view_functions[rule.endpoint].permission
    if permission in (Permission.EDIT_APPLICATION, Permission.SUBMIT_APPLICATION) and "receipt" not in rule.endpoint:
        known["application_id"], known["document_id"] = world.ids["draft_id"], world.ids["own_document_id"]
        known["signature_id"] = world.ids["own_signature_id"]
    known |= {"slot": "letter"} if rule.endpoint == "applications.paper" else {}
    known |= changed
    _, path = rule.build({name: known[name] for name in rule.arguments})  # type: ignore[misc]
    return str(path)


def verdict(answer) -> str:
    """In or out; a redirect to the sign-in page is out."""
    if answer.status_code in (401, 403, 404):
        return "out"
    if answer.status_code in (302, 303) and "/sign-in" in (answer.location or ""):
        return "out"
    led = answer.location or ""
    if answer.status_code == 303 and ("/agreements/HERE?next=" in led or led.endswith("/agreements/HERE")):
        return "out"
    return "in" if answer.status_code < 500 else f"error {answer.status_code}"


def expected(app: Flask, rule: Rule) -> tuple[str, ...]:
    return EXCEPTIONS.get(rule.endpoint, MAY[app.view_functions[rule.endpoint].permission])


SIGNS_OUT = {"accounts.sign_out_everywhere", "accounts.revoke_session"}
"""Routes that lead to the sign-in page, which looks like a refusal; tests of accounts hold them."""
NOT_THERE = {
    "accounts.confirm", "accounts.invitation", "accounts.refuse_invitation", "accounts.reset_password",
    "accounts.sign_out",
}  # fmt: skip
"""Routes whose answer hangs on a token that nobody has; tests of accounts hold them."""


def test_the_table_has_every_permission() -> None:
    assert set(MAY) == set(Permission)


@pytest.mark.parametrize("persona", ANYONE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_gets_in(site: tuple[Flask, World], method: str, persona: str) -> None:
    app, world = site
    faults = []
    lay_anew(app, world)
    for rule in ways(app, method):
        if persona not in expected(app, rule):
            answer = asked(app, world, rule, method, persona)
            if verdict(answer) != "out":
                faults.append(f"{method} {rule.endpoint} as {persona}: {answer.status_code}, out expected")
    assert written(app) == 0, "a refusal has no effect"
    for rule in ways(app, method):
        if persona in expected(app, rule):
            answer = asked(app, world, rule, method, persona)
            if method == "POST":
                lay_anew(app, world)
            if verdict(answer) != ("out" if rule.endpoint in SIGNS_OUT else "in"):
                faults.append(f"{method} {rule.endpoint} as {persona}: {answer.status_code}, in expected")
    assert not faults, "\n".join(faults)


def ways(app: Flask, method: str) -> Iterator[Rule]:
    """Every route that is asked for by a method and hangs on no token."""
    for rule in rules(app):
        if method in (rule.methods or ()) and rule.endpoint not in NOT_THERE and "token" not in rule.arguments:
            yield rule


def asked(app: Flask, world: World, rule: Rule, method: str, persona: str) -> TestResponse:
    client = app.test_client()
    if world.cookies[persona]:
        client.set_cookie("judging", world.cookies[persona])
    return client.open(address(app, rule, world), method=method, buffered=True)


def written(app: Flask) -> int:
    """How many records the journal has."""
    with app.app_context(), db.sessionmaker() as session:
        return session.scalar(select(func.count(JournalRecord.id))) or 0


def test_objects_of_another_contest_are_not_found_under_ones_own(site: tuple[Flask, World]) -> None:
    app, world = site
    faults = []
    lay_anew(app, world)
    for rule in rules(app):
        swapped = sorted(set(world.foreign) & rule.arguments)
        if "code" not in rule.arguments or not swapped:
            continue
        for method in sorted({"GET", "POST"} & rule.methods):
            client = app.test_client()
            client.set_cookie("judging", world.cookies["chair" if "approve" in rule.endpoint else "secretary"])
            path = address(app, rule, world, **{name: world.foreign[name] for name in swapped})
            answer = client.open(path, method=method)
            frozen = swapped[-1] in ("criterion_id", "nomination_id") and answer.status_code == 422
            if answer.status_code != 404 and not frozen:
                faults.append(f"{method} {path} answers {answer.status_code}")
    assert not faults, "\n".join(faults)


def test_a_file_for_the_staff_alone_is_no_experts(site: tuple[Flask, World]) -> None:
    app, world = site
    lay_anew(app, world)
    got = {}
    for persona in ANYONE:
        client = app.test_client()
        if world.cookies[persona]:
            client.set_cookie("judging", world.cookies[persona])
        got[persona] = client.get(f"/documents/{world.ids['kept_id']}", buffered=True).status_code
    wanted = dict.fromkeys(ANYONE, 404) | dict.fromkeys((*TEAM, *STAFF), 200) | {"visitor": 302}
    assert got == wanted


def test_a_draft_is_its_teams_alone(site: tuple[Flask, World]) -> None:
    app, world = site
    lay_anew(app, world)
    paths = (f"/applications/{world.ids['draft_id']}", f"/documents/{world.ids['own_document_id']}")
    got_in = []
    for persona in ANYONE:
        client = app.test_client()
        if world.cookies[persona]:
            client.set_cookie("judging", world.cookies[persona])
        got_in += [persona for path in paths if client.get(path).status_code not in (302, 303, 403, 404)]
    assert set(got_in) == set(TEAM)


UNTIL_ACCEPTED = {
    "scoring.queue": 200,
    "scoring.offline": 200,
    "scoring.offline_workbook": 303,
    "scoring.sheet": 303,
    "scoring.summary": 303,
    "scoring.receipt": 303,
    "scoring.print_sheet": 303,
    "scoring.declaration": 303,
    "scoring.recusal": 200,
    "applications.show": 303,
    "applications.document": 303,
    "agreements.acceptance": 200,
}
"""What somebody who has an agreement to accept is answered on the pages of an expert, as written down by hand."""


def test_before_the_acceptance_an_own_task_opens_nothing_but_its_number_and_the_recusal(
    site: tuple[Flask, World],
) -> None:
    app, world = site
    lay_anew(app, world)
    with app.app_context(), db.sessionmaker() as session:
        reviews = select(Review.id).join(Expert).where(Expert.name == "Лицо unagreed")
        review_id = session.scalars(reviews).one()
        application = session.get_one(Application, world.ids["application_id"])
        secrets = (application.title, application.cluster.name)
    client = app.test_client()
    client.set_cookie("judging", world.cookies["unagreed"])
    answers, told = {}, []
    for rule in rules(app):
        if rule.endpoint in UNTIL_ACCEPTED:
            answer = client.get(address(app, rule, world, review_id=review_id))
            answers[rule.endpoint] = answer.status_code
            told += [(rule.endpoint, secret) for secret in secrets if secret in answer.text]
    assert (answers, told) == (UNTIL_ACCEPTED, [])
