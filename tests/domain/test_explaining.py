"""Plans in words: from figures to messages, in English here and through the catalogue in Russian."""

from typing import Any

import pytest

from judging.adapters.translations import template
from judging.domain.plan_explanation import (
    Match,
    Message,
    common_field,
    diagnosis_message,
    field_message,
    insight_message,
    listed,
    obstacle_message,
    pair_messages,
    relaxation_message,
    worded,
)

NAMES = {"a@x.ru": "Иванов", "b@x.ru": "Петрова"}


def english(message: Message) -> str:
    return worded(message, lambda english: english)


def russian(message: Message) -> str:
    return worded(message, lambda english: template("ru", english))


def diagnosis(**values: Any) -> dict[str, Any]:
    empty = {"kind": "hall_group", "applications": [], "experts": [], "short": 0, "wanted": 0, "places": 0}
    return {**empty, "pairs": [], "rules": [], "relaxations": [], **values}


def relaxation(**values: Any) -> dict[str, Any]:
    return {"changes": {}, "pairs": [], "applications": [], "number": 0, "room": 0, "rule": "", **values}


def obstacle(**values: Any) -> dict[str, Any]:
    return {"expert": "a@x.ru", "affinity": 1100, "kind": "total", "rule": "", "loss": 0, "applications": [], **values}


def test_a_pair_says_how_near_every_topic_is_and_which_rules_it_keeps() -> None:
    parts = [["28.41", "28.41", 4], ["22.29", "22.21", 2], ["01.11", "", 0]]
    found = [english(message) for message in pair_messages(parts, {"rules": ["other_region", "methodologist"]})]
    assert found == [
        "Topic 28.41: the expert has the same code.",
        "Topic 22.29: the nearest code of the expert is 22.21 (same class).",
        "Topic 01.11: the expert has no near code.",
        "The expert is from another region, as the rules want.",
        "The expert is a methodologist, as the rules want.",
    ]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("replaced", "The plan has a better use for this place or this expert."),
        ("conflict", "The expert has a conflict of interest with the application."),
        ("not_admitted", "The application is no longer admitted."),
    ],
)
def test_a_pair_that_leaves_says_why(why: str, words: str) -> None:
    assert [english(message) for message in pair_messages([], {"why": why})] == [words]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "conflict"}, "Иванов, match 1100: has a conflict of interest"),
        ({"kind": "taken"}, "Иванов, match 1100: has declined this application or has another task on it"),
        ({"kind": "own_region"}, "Иванов, match 1100: from the applicant's region"),
        (
            {"kind": "load", "applications": ["7", "8"], "loss": 330},
            "Иванов, match 1100: full with the applications 7, 8; to change would lose 330 of the total",
        ),
        (
            {"kind": "load", "applications": ["7"], "loss": None},
            "Иванов, match 1100: full with the applications 7, which nobody else could take over",
        ),
        ({"kind": "load"}, "Иванов, match 1100: has no room left"),
        (
            {"kind": "rule", "rule": "organisation:0000001004"},
            "Иванов, match 1100: would break the rule “no two experts of one organisation”",
        ),
        (
            {"kind": "floor"},
            "Иванов, match 1100: is needed where the worst served application would fall without them",
        ),
        ({"kind": "total", "loss": 90}, "Иванов, match 1100: possible, but 90 of the total would be lost"),
    ],
)
def test_an_expert_not_chosen_has_a_reason(values: dict[str, Any], words: str) -> None:
    assert english(obstacle_message(obstacle(**values), NAMES)) == words


def test_a_tight_group_is_named_by_its_common_field() -> None:
    found = diagnosis(
        applications=[str(number) for number in range(14)],
        experts=["a@x.ru", "b@x.ru", "c@x.ru"],
        wanted=28,
        places=24,
        short=4,
    )
    message = diagnosis_message(found, NAMES, common_field([], ["Станкостроение", "Станкостроение"]))
    assert english(message) == (
        "Applications: 14 («Станкостроение»). Experts who can take them: 3 (Иванов, Петрова, c@x.ru), they have room "
        "for 24; needed: 28, lacking: 4."
    )
    assert russian(message) == (
        "Заявок: 14 («Станкостроение»). Экспертов, которые могут их взять: 3 (Иванов, Петрова, c@x.ru), мест у них: "
        "24; нужно: 28, не хватает: 4."
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "capacity", "places": 5, "wanted": 8, "short": 3},
         "All experts together have 5 places, 8 are needed: 3 are lacking."),
        ({"kind": "min_loads", "places": 5, "wanted": 8, "short": 3},
         "The least loads of the experts add up to 8, but only 5 places are to be filled: 3 too many."),
        ({"kind": "min_load_group", "experts": ["a@x.ru"], "wanted": 4, "places": 3, "short": 1},
         "Experts: 1 (Иванов) must take 4, but the applications they can take have only 3 places: 1 too many."),
        ({"kind": "load_range", "experts": ["b@x.ru"]}, "The least load is above the greatest: Петрова."),
        ({"kind": "lock_conflict", "pairs": [["a@x.ru", "7"]]}, "Begun work is in conflict of interest: Иванов – 7."),
        ({"kind": "lock_load", "experts": ["a@x.ru"]}, "Begun work is more than the greatest load: Иванов."),
        ({"kind": "lock_demand", "applications": ["7"]}, "Begun work is more than the experts wanted: 7."),
        ({"kind": "rules", "applications": ["7", "8"], "rules": ["organisation:1", "organisation:2"], "short": 1},
         "Applications: 2 (7, 8). These rules cannot all be kept: no two experts of one organisation; lacking: 1 "
         "places."),
        ({"kind": "new kind", "short": 2}, "The rules, the conflicts and the loads together leave no plan: 2 places "
         "are lacking."),
    ],
)  # fmt: skip
def test_every_kind_of_diagnosis_is_said_in_words(values: dict[str, Any], words: str) -> None:
    assert english(diagnosis_message(diagnosis(**values), NAMES)) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "raise_loads", "changes": {"a@x.ru": 2, "b@x.ru": 2}},
         "Raise the greatest loads by 4 in all: Иванов +2, Петрова +2."),
        ({"kind": "add_experts", "number": 2, "room": 3, "applications": ["7", "8"]},
         "Invite 2 more experts for 7, 8, each with room for 3."),
        ({"kind": "lower_demand", "changes": {"7": 1}}, "Ask for 1 fewer experts in all: 7 −1."),
        ({"kind": "lower_min_loads", "changes": {"a@x.ru": 1}}, "Lower the least loads by 1 in all: Иванов −1."),
        ({"kind": "unlock", "pairs": [["a@x.ru", "7"]]}, "Free begun work: Иванов – 7."),
        ({"kind": "allow", "pairs": [["b@x.ru", "7"]]}, "Allow pairs in conflict after a check: Петрова – 7."),
        ({"kind": "drop_rule", "rule": "methodologist", "applications": ["7"]},
         "Leave out the rule “methodologists among the experts” for 7."),
        ({"kind": "new kind"}, "Change the rules of the distribution."),
    ],
)  # fmt: skip
def test_every_relaxation_is_said_in_words(values: dict[str, Any], words: str) -> None:
    assert english(relaxation_message(relaxation(**values), NAMES)) == words


def test_changes_that_only_help_together_are_said_together() -> None:
    found = relaxation(kind="raise_loads", changes={"a@x.ru": 1})
    more = relaxation(kind="lower_min_loads", changes={"b@x.ru": 2})
    assert english(relaxation_message({**found, "together": [more]}, NAMES)) == (
        "Raise the greatest loads by 1 in all: Иванов +1. Together with that: Lower the least loads by 2 in all: "
        "Петрова −2."
    )


def test_an_insight_names_the_field_and_what_it_gives() -> None:
    gains = {"code": "62.01", "room": 5, "floor": 0, "total": 700}
    assert english(insight_message(gains)) == (
        "One more expert in 62.01 «Information and communication» with room for 5: the total match gains 700"
    )
    assert english(insight_message({**gains, "floor": 150})) == (
        "One more expert in 62.01 «Information and communication» with room for 5: the worst served application gains "
        "150, the total match 700"
    )


@pytest.mark.parametrize(
    ("topics", "industries", "words"),
    [
        ([["28.41"], ["28.49", "25.11"]], ["Станки", "Приборы"], "28 «Manufacture of machinery and equipment n.e.c.»"),
        ([["28.41"], ["62.01"]], ["Станки", "Приборы"], None),
        ([["28.41"]], [""], "28 «Manufacture of machinery and equipment n.e.c.»"),
        ([], [], None),
    ],
)
def test_a_group_has_a_field_where_all_share_one(topics: Any, industries: Any, words: str | None) -> None:
    found = common_field(topics, industries)
    assert (found and english(found)) == words


def test_a_field_without_a_title_is_its_code() -> None:
    assert english(field_message("04.10")) == "04.10"


def test_long_lists_are_cut() -> None:
    assert english(Message("%(names)s", {"names": listed(list("abcdefgh"))})) == "a, b, c, d, e, f, g, h"
    assert english(Message("%(names)s", {"names": listed(list("abcdefghij"))})) == "a, b, c, d, e, f, g, h and 2 more"


def test_matches_are_written_as_the_page_writes_them() -> None:
    message = Message("%(match)s of %(count)s", {"match": Match(1530), "count": 3})
    assert worded(message, str, lambda value: f"{value / 1000:.2f}") == "1.53 of 3"
