"""The protocol of a plan: complete, exact, and enough to compute the plan anew."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from judging.domain.affinity import affinity_of
from judging.domain.canonical import canonical_json, digest
from judging.domain.distribution import Goal, PlanKind
from judging.models import Contest, Organisation
from judging.services.assignment.plan_input import load_input, match_table
from judging.services.assignment.plan_protocol import Question, problem_of, question_of, result_of, solve_question
from tests import factories
from tests.services.planning import contest_of, experts_of, make_plan, rules_of_distribution


def busy_contest(session: Session) -> Contest:
    """Every kind of fact that a plan depends on, once; e-mails and numbers by hand, against their order of ids."""
    contest = contest_of(session)
    rules_of_distribution(session, contest, min_load=2, one_per_organisation=True)
    employer = Organisation(contest_id=contest.id, inn="9999999999", ogrn="1" * 13, name="НИИ", region="77")
    session.add(employer)
    one = factories.expert(session, contest, user=None, email="d@x.ru", topics=["28.41"], organisation=employer)
    two = factories.expert(session, contest, user=None, email="c@x.ru", topics=["28.49"], region="16", max_load=3)
    three = factories.expert(session, contest, user=None, email="b@x.ru", topics=["28.41"], methodologist=True)
    four = factories.expert(session, contest, user=None, email="a@x.ru", topics=["62.01"], max_load=1)
    first = factories.application(session, contest, number="K-2", topics=["28.41"])
    second = factories.application(session, contest, number="K-1", topics=["28.41", "62.01"])
    factories.conflict(session, one, second)
    factories.review(session, two, first, "accepted")
    factories.review(session, three, first, "proposed")
    factories.review(session, two, second, "recused")
    factories.review(session, four, first, "assigned", additional=True)
    return contest


def document_of(session: Session, kind: PlanKind = PlanKind.REGULAR) -> dict[str, Any]:
    return dict(load_input(session, busy_contest(session), kind).document)


def test_the_input_has_all_that_a_plan_depends_on_in_a_fixed_order(session: Session) -> None:
    rules = {
        "own_region_barred": False,
        "other_region_at_least": 0,
        "one_per_organisation": True,
        "methodologists_at_least": 0,
    }
    common = {"region": "77", "organisation": None, "methodologist": False}
    assert document_of(session) == {
        "kind": "regular",
        "rules": rules,
        "experts": [
            {**common, "email": "a@x.ru", "min_load": 0, "max_load": 0},
            {**common, "email": "b@x.ru", "methodologist": True, "min_load": 2, "max_load": 10},
            {**common, "email": "c@x.ru", "region": "16", "min_load": 2, "max_load": 3},
            {**common, "email": "d@x.ru", "organisation": "9999999999", "min_load": 2, "max_load": 10},
        ],
        "applications": [
            {"number": "K-1", "regions": ["16"], "demand": 2},
            {"number": "K-2", "regions": ["16"], "demand": 2},
        ],
        "affinity": {
            "values": [[1050, 0], [1050, 1100], [420, 440]],
            "experts": [0, 1, 2, 1],
            "applications": [0, 1],
        },
        "conflicts": [[3, 0]],
        "taken": [[0, 1], [2, 0]],
        "locked": [[2, 1]],
        "previous": [[1, 1]],
    }


def test_equal_rows_and_columns_of_matches_are_written_once(session: Session) -> None:
    contest = contest_of(session)
    experts_of(session, contest, "28.41", "28.41", "28.42", "62.01")
    for topics in (["28.41.1"], ["28.41.1"], ["28.41.2"], ["25.11"]):
        factories.application(session, contest, topics=topics)
    table = load_input(session, contest, PlanKind.REGULAR).document["affinity"]
    assert table == {
        "values": [[770, 165], [440, 165], [0, 0]],
        "experts": [0, 0, 1, 2],
        "applications": [0, 0, 0, 1],
    }


def test_the_problem_is_the_document_in_arrays(session: Session) -> None:
    problem = problem_of(Question(document_of(session), Goal.FAIR, 3))
    assert problem.affinity.tolist() == [[1050, 0], [1050, 1100], [420, 440], [1050, 1100]]
    assert problem.conflicts.tolist() == [[False, True], [False, False], [True, False], [True, False]]
    assert (problem.demand.tolist(), problem.max_load.tolist()) == ([2, 2], [0, 10, 3, 10])
    assert (problem.locked, problem.forbidden, problem.groups) == (((2, 1),), (), ())
    assert (problem.goal, problem.seed) == ("fair", 3)


def test_the_protocol_leads_to_the_same_result_to_the_letter(session: Session) -> None:
    contest = contest_of(session)
    experts_of(session, contest, "28.41", "28.49", "62.01")
    for _ in range(3):
        factories.application(session, contest)
    plan = make_plan(session, contest, seed=5)
    protocol = json.loads(canonical_json(plan.protocol or {}))
    question = question_of(protocol)
    assert question.digest == protocol["input_sha256"] == plan.input_digest
    assert result_of(question.document, solve_question(question)) == protocol["result"]
    assert (protocol["contest"], protocol["goal"], protocol["seed"]) == (contest.code, "fair", 5)
    assert sorted(protocol) == [
        "contest", "engine", "format", "goal", "input", "input_sha256", "keep", "made_at", "partial", "result", "seed",
        "version",
    ]  # fmt: skip


def test_a_diagnosis_is_a_result_too(session: Session) -> None:
    contest = contest_of(session)
    expert = experts_of(session, contest, "28.41")[0]
    application = factories.application(session, contest)
    plan = make_plan(session, contest)
    protocol = plan.protocol or {}
    assert plan.status == "impossible"
    assert protocol["result"] == {"diagnosis": plan.diagnosis}
    assert (plan.diagnosis or {})["short"] == 1
    assert {expert.email, application.number} >= {*plan.diagnosis["experts"], *plan.diagnosis["applications"]}
    assert result_of(protocol["input"], solve_question(question_of(protocol))) == protocol["result"]


def test_the_hash_does_not_depend_on_the_order_of_the_rows(session: Session) -> None:
    document = document_of(session)
    turned = json.loads(json.dumps(dict(reversed(document.items()))))
    assert digest(turned) == digest(document)


@pytest.mark.parametrize(
    "protocol", [{}, {"format": "other", "version": 1}, {"format": "judging-assignment-protocol", "version": 2}]
)
def test_another_document_is_no_protocol(protocol: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        question_of(protocol)


codes = st.from_regex(r"\A(0[1-9]|2[5-9]|62)(\.[0-9]{1,2}(\.[0-9]{1,2})?)?\Z")
topic_lists = st.lists(st.lists(codes, max_size=3).map(tuple), max_size=4)


@given(topic_lists, topic_lists)
def test_all_matches_at_once_are_the_matches_one_by_one(
    experts: list[tuple[str, ...]], projects: list[tuple[str, ...]]
) -> None:
    expected = [[affinity_of(mine, theirs).value for theirs in projects] for mine in experts]
    assert match_table(experts, projects).tolist() == expected
