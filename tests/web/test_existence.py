"""Who may not know of a thing cannot tell it from one that is not there: same status, same headers, same bytes.

Every route is asked for with what exists in one's own contest, in another one and in a draft of a contest, and with
what does not exist at all. Where the answers differ the persona has to be known to know of the thing.
"""

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.routing import Rule

from judging.domain.access import takes_a_person
from tests.recording import statements
from tests.web.test_access_matrix import ANYONE, ARGUMENTS, rules
from tests.web.test_access_matrix import TEAM as OWN_PEOPLE
from tests.web.test_never_500 import QUERY, Door, asked, parsed
from tests.web.unfinished import FAR, Unfinished, world

__all__ = ["world"]
Answer = tuple[int, tuple[tuple[str, str], ...], str]
Arguments = dict[str, str | int]
MISSING_CODE, MISSING = "NOWHERE", 2_000_000_000
NOBODY = 888_000_001
DATABASES = ("sqlite",)
"""What is told to whom does not depend on the database, and these tests ask for every page."""
VISITOR = {"GET home.contest", "GET form_editor.template"}
SAID = {"GET home.self_check", "GET home.data_policy"}
"""Pages of the texts that the contest HERE has and THERE has not."""
TEAM = VISITOR | {
    "GET applications.cluster", "POST applications.save_cluster", "POST applications.copy_cluster",
    "POST applications.start", "GET applications.choose_base", "POST applications.begin_from_base",
}  # fmt: skip
PUBLIC = {
    "visitor": VISITOR,
    "team": TEAM,
    "stranger": TEAM,
    "others": TEAM
    | {
        "GET applications.new_organisation", "POST applications.add_organisation",
        "GET applications.earlier_organisations", "POST applications.add_earlier_organisations",
        "POST applications.fill_by_inn",
    },
}  # fmt: skip
"""What is asked of a published contest, which everybody knows of: its page, and a team's part in it, which is refused
to those who have no team, and not there for a team that has entered no cluster.
"""
OWN = {
    "team": {
        "POST accounts.revoke_session", "POST accounts.invite_mate", "POST accounts.resend_mate",
        "POST accounts.revoke_mate", "POST accounts.remove_mate", "POST accounts.hand_over_lead",
        "POST accounts.leave_team", "POST accounts.take_invitation",
        "GET accounts.turn_down", "POST accounts.turn_down_submit",
        "POST accounts.accept_request", "POST accounts.refuse_request",
    },
    "administrator": {
        "GET accounts.letter", "POST accounts.retry_letter", "GET accounts.person", "POST accounts.block",
        "POST accounts.unblock", "POST accounts.ask_role", "POST accounts.approve_role", "POST accounts.end_request",
        "POST accounts.revoke_role", "POST accounts.sign_person_out", "POST health.retry_job", "GET journal.contest",
        "POST workdays.remove_day", "POST workdays.remove_year", "GET accounts.team_card", "POST accounts.mend_team",
    },
}  # fmt: skip
"""What hangs on no contest: a person's own session and team, and what the administrator looks after."""
CARD = {
    "conflicted": {
        "GET agreements.acceptance", "POST agreements.accept",
        "GET scoring.offline", "GET scoring.offline_workbook", "POST scoring.look_at_workbook",
        "POST scoring.load_workbook", "GET scoring.side_by_side", "GET scoring.marks_table",
        "POST scoring.submit_batch", "GET scoring.all_documents",
    }
}  # fmt: skip
"""What hangs on an expert's card in the contest HERE, whatever applications are in conflict."""
STRANGERS: dict[str, tuple[str, ...]] = {
    "visitor": ("here", "there", "hidden"),
    "stranger": ("here", "there", "hidden"),
    "conflicted": ("here",),
    "administrator": ("here", "hidden"),
    "elsewhere": ("here", "hidden"),
    "team": ("there", "hidden"),
    "expert": ("there",),
    "chair": ("there", "hidden"),
}
"""The contests that each persona has no part in, each of the others once for those of its kind: the secretary has one
in all, «undeclared» the same as the expert, the observer the same as the chair.
"""


def arguments_of(world: Unfinished, which: str) -> Arguments:
    """The arguments of every route: of the contest HERE, of THERE, of drafts, of THERE under HERE's code, hidden."""
    here = {"code": "HERE", **ARGUMENTS, **world.ids}
    drafts = {"application_id": world.ids["draft_id"], "document_id": world.ids["own_document_id"]}
    return {
        "here": here,
        "there": here | {"code": "THERE"} | world.foreign,
        "draft": here | drafts,
        "mixed": here | world.foreign,
        "hidden": here | {"code": "HIDDEN"},
    }[which]


def keys_of(rule: Rule) -> set[str]:
    return {name for name in rule.arguments if name.endswith("_id")}


def asked_of(world: Unfinished, *names: str) -> Iterator[tuple[Rule, str]]:
    """Every route with one of these arguments, by method."""
    for rule in rules(world.app):
        if rule.arguments & set(names):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                yield rule, method


def ask(world: Unfinished, persona: str, rule: Rule, arguments: Arguments, method: str) -> Answer:
    """One answer with its own address left out."""
    path = str(rule.build({name: arguments[name] for name in rule.arguments})[1])
    given = world.client(persona).open(path, method=method, buffered=True)
    location, body = given.headers.get("Location", ""), given.text
    headers = {name: value for name, value in given.headers if name != "Content-Length"}
    if "/sign-in" in location:
        wanted = parse_qs(urlsplit(location).query).get("next", [])
        assert [urlsplit(one).path for one in wanted] == ([path] if method == "GET" else [])
        headers["Location"] = location.partition("next=")[0]
        body = body.replace(escape(location), "LOCATION")
    for own in (path, path.removesuffix("/draft")):
        body = body.replace(escape(own), "ADDRESS")
    return given.status_code, tuple(sorted(headers.items())), body


def ask_in_vain(world: Unfinished, persona: str, rule: Rule, arguments: Arguments, method: str) -> Answer:
    """The answer to what is not there, asked for once: no request of this world leaves anything behind."""
    path = str(rule.build({name: arguments[name] for name in rule.arguments})[1])
    way = persona, method, path
    if way not in world.missed:
        world.missed[way] = ask(world, persona, rule, arguments, method)
    return world.missed[way]


def missing(rule: Rule, given: Arguments) -> Iterator[Arguments]:
    """The same arguments with no such object, and with no such contest."""
    nobody = dict.fromkeys(keys_of(rule), MISSING)
    if nobody:
        yield given | nobody
    if "code" in rule.arguments:
        yield given | nobody | {"code": MISSING_CODE}


@pytest.mark.parametrize("persona", STRANGERS)
def test_a_stranger_cannot_tell_what_exists_from_what_does_not(world: Unfinished, persona: str) -> None:
    told = {}
    for which in STRANGERS[persona]:
        given, told[which] = arguments_of(world, which), set()
        for rule, method in asked_of(world, "code", *arguments_of(world, "here")):
            if which == "hidden" and "code" not in rule.arguments:
                continue
            if persona == "visitor" and takes_a_person(world.app.view_functions[rule.endpoint].permission):
                continue  # nothing is looked up for them: the next test
            there = ask(world, persona, rule, given, method)
            if any(ask_in_vain(world, persona, rule, absent, method) != there for absent in missing(rule, given)):
                told[which].add(f"{method} {rule.endpoint}")
    own = OWN.get(persona, set())
    wanted = dict.fromkeys(STRANGERS[persona], PUBLIC[persona] | own if persona in PUBLIC else PUBLIC["others"] | own)
    special = {
        "here": wanted.get("here", set()) | SAID | CARD.get(persona, set()),
        "hidden": own & {"GET journal.contest"},
    }
    assert told == wanted | {which: special[which] for which in special if which in wanted}


def test_a_visitor_is_led_to_sign_in_before_anything_is_looked_up(world: Unfinished) -> None:
    with statements() as found:
        for rule, method in asked_of(world, "code", *arguments_of(world, "here")):
            if takes_a_person(world.app.view_functions[rule.endpoint].permission):
                ask(world, "visitor", rule, arguments_of(world, "here"), method)
    assert found == []


@pytest.mark.parametrize("persona", ["secretary", "chair", "observer", "team"])
def test_what_belongs_to_others_is_not_there_under_ones_own_contest(world: Unfinished, persona: str) -> None:
    given, told = arguments_of(world, "mixed"), set()
    for rule, method in asked_of(world, *world.foreign):
        if "code" in rule.arguments:
            absent = given | dict.fromkeys(keys_of(rule), MISSING)
            if ask(world, persona, rule, given, method) != ask_in_vain(world, persona, rule, absent, method):
                told.add(f"{method} {rule.endpoint}")
    assert told == set()


@pytest.mark.parametrize("persona", [name for name in ANYONE if name not in OWN_PEOPLE])
def test_a_draft_of_an_application_is_there_for_its_team_alone(world: Unfinished, persona: str) -> None:
    given, told = arguments_of(world, "draft"), set()
    for rule, method in asked_of(world, "application_id", "document_id"):
        absent = given | dict.fromkeys(keys_of(rule), MISSING)
        if ask(world, persona, rule, given, method) != ask_in_vain(world, persona, rule, absent, method):
            told.add(f"{method} {rule.endpoint}")
    assert told == set()


@pytest.mark.parametrize("persona", ["stranger", "expert", "undeclared", "conflicted"])
def test_a_file_for_the_staff_alone_is_not_there_for_an_expert(world: Unfinished, persona: str) -> None:
    (rule,) = [rule for rule in rules(world.app) if rule.endpoint == "applications.document"]
    kept, absent = {"document_id": world.ids["kept_id"]}, {"document_id": MISSING}
    for method in ("GET", "HEAD", "POST"):
        assert ask(world, persona, rule, kept, method) == ask_in_vain(world, persona, rule, absent, method)


def pages_of(world: Unfinished) -> Iterator[str]:
    """The pages of the contest HERE."""
    for rule, _ in asked_of(world, "code", *arguments_of(world, "here")):
        if "GET" in rule.methods:
            yield str(rule.build({name: arguments_of(world, "here")[name] for name in rule.arguments})[1])


def same(answer, number: int) -> tuple[int, str, str]:
    """An answer with the number that was sent left out."""
    return (
        answer.status_code,
        answer.headers.get("Location", ""),
        answer.data.decode(errors="replace").replace(str(number), "NUMBER"),
    )


def test_a_foreign_number_in_a_query_is_as_none(world: Unfinished) -> None:
    browser, told, sent = world.client("local"), [], 0
    for page in pages_of(world):
        first = browser.get(page, buffered=True)
        ways = [(name,) for name in sorted(asked(first, page))] + [QUERY]
        for names in ways if first.status_code == 200 else ():
            queries = [(number, "&".join(f"{name}={number}" for name in names)) for number in (FAR, NOBODY)]
            given = [same(browser.get(f"{page}?{query}", buffered=True), number) for number, query in queries]
            sent += 1
            if given[0] != given[1]:
                told.append(f"{page} {names}")
    assert (sent > 60, told) == (True, [])


def test_a_foreign_number_in_a_form_is_as_none(world: Unfinished) -> None:
    browser, doors = world.client("local"), {}
    for page in pages_of(world):
        for door in parsed(browser.get(page, buffered=True)).doors:
            if door.method == "post":
                doors.setdefault(door.action or page, door)
    told, sent, tried = [], 0, set()
    address = world.app.url_map.bind("localhost")
    for action, door in doors.items():
        endpoint = address.match(urlsplit(action).path, method="POST")[0]
        for name in numbered(door):
            if (endpoint, kind_of(name)) in tried:
                continue
            tried.add((endpoint, kind_of(name)))
            plain = dict(door.fields) | {"request_key": ""}
            given = [same(world.client("local").post(action, data=plain | {name: str(n)}), n) for n in (FAR, NOBODY)]
            sent += 1
            if given[0] != given[1]:
                told.append(f"{action} {name}")
    assert (sent > 30, told) == (True, [])


def numbered(door: Door) -> list[str]:
    """The fields of a form that may hold a number; those of a row that a script has yet to add are not sent."""
    names = {name for name, value in door.fields if (value.isdecimal() or not value) and "__index__" not in name}
    return sorted(names - {"version", "csrf_token", "request_key"})


def kind_of(name: str) -> str:
    """The same for the fields of every criterion and of every row."""
    return re.sub(r"\d+", "N", name)
