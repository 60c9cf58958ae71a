"""Why a plan is as it is, why it cannot be better, or why there is none: from figures to messages.

A :class:`Message` is an English template, which is also the key of its translation, and its values; values that are
messages themselves are worded first. Diagnoses and obstacles are plain documents (as a plan stores them) that name
experts by e-mail and applications by registration number; ``names`` gives {e-mail: name} to show instead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from judging.domain.affinity import LEVEL_LABELS, MatchLevel
from judging.domain.distribution import RULE_LABELS, GroupRule
from judging.domain.errors import N_
from judging.domain.okved import title_of

SHOWN = 8
"""How many names a message lists before «and so many more»."""

Names = Mapping[str, str]


class Message(NamedTuple):
    """A template and its values; see :func:`worded`."""

    template: str
    params: Mapping[str, Any] = {}


class Match(int):
    """A match or a sum of matches among the values of a message."""


def worded(message: Message, translate: Callable[[str], str], figure: Callable[[int], str] = str) -> str:
    """Return the message in words; ``translate`` turns a template into its translation, ``figure`` writes a match."""
    params = {name: _value(value, translate, figure) for name, value in message.params.items()}
    template = translate(message.template)
    return template % params if params else template


def _value(value: Any, translate: Callable[[str], str], figure: Callable[[int], str]) -> Any:
    if isinstance(value, Message):
        return worded(value, translate, figure)
    if isinstance(value, Match):
        return figure(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(_value(item, translate, figure)) for item in value)
    return value


def listed(items: Sequence[Any]) -> Any:
    """The first few of ``items`` as a value of a message, and how many more there are."""
    if len(items) <= SHOWN:
        return tuple(items)
    return Message(N_("%(items)s and %(more)s more"), {"items": tuple(items[:SHOWN]), "more": len(items) - SHOWN})


def field_message(code: str) -> Message:
    """A code of ОКВЭД2 with the title of its class or section."""
    title = title_of(code)
    return Message("%(code)s «%(title)s»", {"code": code, "title": Message(title)}) if title else Message(code)


def common_field(topics: Iterable[Sequence[str]], industries: Iterable[str]) -> Message | None:
    """What a group of applications has in common: the industry of their clusters, or else their class of ОКВЭД2."""
    named = set(industries)
    if len(named) == 1 and "" not in named:
        return Message("«%(industry)s»", {"industry": named.pop()})
    classes = [{code[:2] for code in codes} for codes in topics]
    shared = set.intersection(*classes) if classes else set()
    return field_message(min(shared)) if shared else None


def pair_messages(parts: Iterable[Sequence[Any]], reasons: Mapping[str, Any]) -> tuple[Message, ...]:
    """Why a pair is in a plan, or why it leaves: the match topic by topic, then the rules that it helps to keep."""
    if "why" in reasons:
        return (Message(_LEAVING[reasons["why"]]),)
    found = [part_message(*part) for part in parts]
    found += [Message(_KEPT[GroupRule(code)]) for code in reasons.get("rules", ())]
    return tuple(found)


_LEAVING: Mapping[str, str] = {
    "replaced": N_("The plan has a better use for this place or this expert."),
    "not_kept": N_("With this proposal the rules or the limits could not be kept."),
    "conflict": N_("The expert has a conflict of interest with the application."),
    "not_admitted": N_("The application is no longer admitted."),
}

_KEPT: Mapping[GroupRule, str] = {
    GroupRule.OWN_REGION: N_("The expert is not from the applicant's region."),
    GroupRule.OTHER_REGION: N_("The expert is from another region, as the rules want."),
    GroupRule.ORGANISATION: N_("No other expert of the application has the same employer."),
    GroupRule.METHODOLOGIST: N_("The expert is a methodologist, as the rules want."),
}


def part_message(application_code: str, expert_code: str, level: int) -> Message:
    """How near the expert's field is to one topic of the application."""
    if not expert_code:
        return Message(N_("Topic %(topic)s: the expert has no near code."), {"topic": application_code})
    if expert_code == application_code:
        return Message(N_("Topic %(topic)s: the expert has the same code."), {"topic": application_code})
    params = {"topic": application_code, "own": expert_code, "level": Message(LEVEL_LABELS[MatchLevel(level)])}
    return Message(N_("Topic %(topic)s: the nearest code of the expert is %(own)s (%(level)s)."), params)


def obstacle_message(obstacle: Mapping[str, Any], names: Names) -> Message:
    """Why one of the best experts was not chosen for an application."""
    kind, rule = obstacle["kind"], obstacle.get("rule", "")
    params: dict[str, Any] = {
        "expert": names.get(obstacle["expert"], obstacle["expert"]),
        "match": Match(obstacle["affinity"]),
        "loss": Match(obstacle["loss"] or 0),
    }
    if kind == "load" and obstacle["applications"]:
        template = _NEEDED_BY if obstacle["loss"] is None else _FULL_WITH
        return Message(template, {**params, "applications": listed(obstacle["applications"])})
    if kind == "rule" and rule:
        return Message(_AGAINST_RULE, {**params, "rule": Message(RULE_LABELS[GroupRule(rule.partition(":")[0])])})
    return Message(_OBSTACLES.get(kind, _OBSTACLES["total"]), params)


_FULL_WITH = N_(
    "%(expert)s, match %(match)s: full with the applications %(applications)s; "
    "to change would lose %(loss)s of the total"
)
_NEEDED_BY = N_(
    "%(expert)s, match %(match)s: full with the applications %(applications)s, which nobody else could take over"
)
_AGAINST_RULE = N_("%(expert)s, match %(match)s: would break the rule “%(rule)s”")
_OBSTACLES: Mapping[str, str] = {
    "conflict": N_("%(expert)s, match %(match)s: has a conflict of interest"),
    "taken": N_("%(expert)s, match %(match)s: has declined this application or has another task on it"),
    GroupRule.OWN_REGION.value: N_("%(expert)s, match %(match)s: from the applicant's region"),
    "load": N_("%(expert)s, match %(match)s: has no room left"),
    "locked": N_("%(expert)s, match %(match)s: the places are taken by those who have the task already"),
    "least_load": N_("%(expert)s, match %(match)s: those chosen would have too few applications without this one"),
    "rule": N_("%(expert)s, match %(match)s: would break a rule of the contest"),
    "floor": N_("%(expert)s, match %(match)s: is needed where the worst served application would fall without them"),
    "total": N_("%(expert)s, match %(match)s: possible, but %(loss)s of the total would be lost"),
}


def insight_message(insight: Mapping[str, Any]) -> Message:
    """What one more expert of a field would give."""
    params = {
        "field": field_message(insight["code"]),
        "room": insight["room"],
        "floor": Match(insight["floor"]),
        "total": Match(insight["total"]),
    }
    if insight["floor"] > 0:
        return Message(_GAINS_FLOOR, params)
    return Message(_GAINS_TOTAL, params)


_GAINS_FLOOR = N_(
    "One more expert in %(field)s with room for %(room)s: the worst served application gains %(floor)s, "
    "the total match %(total)s"
)
_GAINS_TOTAL = N_("One more expert in %(field)s with room for %(room)s: the total match gains %(total)s")


def diagnosis_message(diagnosis: Mapping[str, Any], names: Names, field: Message | None = None) -> Message:
    """Why no plan exists; ``field`` is what the applications of the tight group have in common."""
    experts = [names.get(email, email) for email in diagnosis["experts"]]
    params: dict[str, Any] = {
        "count": len(diagnosis["applications"]),
        "field": field or listed(diagnosis["applications"]),
        "applications": listed(diagnosis["applications"]),
        "experts": listed(experts),
        "number": len(experts),
        "wanted": diagnosis["wanted"],
        "places": diagnosis["places"],
        "short": diagnosis["short"],
        "pairs": listed([f"{names.get(email, email)} – {number}" for email, number in diagnosis["pairs"]]),
        "rules": tuple(Message(RULE_LABELS[rule]) for rule in _rules(diagnosis["rules"])),
    }
    return Message(_DIAGNOSES.get(diagnosis["kind"], _UNKNOWN), params)


_UNKNOWN = N_("The rules, the conflicts and the loads together leave no plan: %(short)s places are lacking.")
_DIAGNOSES: Mapping[str, str] = {
    "capacity": N_("All experts together have %(places)s places, %(wanted)s are needed: %(short)s are lacking."),
    "min_loads": N_(
        "The least loads of the experts add up to %(wanted)s, but only %(places)s places are to be filled: "
        "%(short)s too many."
    ),
    "hall_group": N_(
        "Applications: %(count)s (%(field)s). Experts who can take them: %(number)s (%(experts)s), they have room for "
        "%(places)s; needed: %(wanted)s, lacking: %(short)s."
    ),
    "min_load_group": N_(
        "Experts: %(number)s (%(experts)s) must take %(wanted)s, but the applications they can take have only "
        "%(places)s places: %(short)s too many."
    ),
    "load_range": N_("The least load is above the greatest: %(experts)s."),
    "lock_conflict": N_("Begun work is in conflict of interest: %(pairs)s."),
    "lock_load": N_("Begun work is more than the greatest load: %(experts)s."),
    "lock_demand": N_("Begun work is more than the experts wanted: %(applications)s."),
    "rules": N_(
        "Applications: %(count)s (%(field)s). These rules cannot all be kept: %(rules)s; lacking: %(short)s places."
    ),
}


def relaxation_message(relaxation: Mapping[str, Any], names: Names, field: Message | None = None) -> Message:
    """A change, and what has to come with it, that makes a plan possible.

    ``field`` is what the applications that it names have in common.
    """
    first = _one_relaxation(relaxation, names, field)
    together = [_one_relaxation(one, names, None) for one in relaxation.get("together", ())]
    if not together:
        return first
    return Message(N_("%(first)s Together with that: %(more)s"), {"first": first, "more": tuple(together)})


def _one_relaxation(relaxation: Mapping[str, Any], names: Names, field: Message | None) -> Message:
    kind, changes = relaxation["kind"], relaxation["changes"]
    sign = "+" if kind == "raise_loads" else "−"
    params: dict[str, Any] = {
        "number": relaxation["number"] or sum(changes.values()),
        "room": relaxation["room"],
        "field": field or listed(relaxation["applications"]),
        "changes": listed([f"{names.get(key, key)} {sign}{number}" for key, number in changes.items()]),
        "pairs": listed([f"{names.get(email, email)} – {number}" for email, number in relaxation["pairs"]]),
        "rule": tuple(Message(RULE_LABELS[rule]) for rule in _rules([relaxation["rule"]])),
    }
    return Message(_RELAXATIONS.get(kind, N_("Change the rules of the distribution.")), params)


_RELAXATIONS: Mapping[str, str] = {
    "raise_loads": N_("Raise the greatest loads by %(number)s in all: %(changes)s."),
    "add_experts": N_("Invite %(number)s more experts for %(field)s, each with room for %(room)s."),
    "lower_demand": N_("Ask for %(number)s fewer experts in all: %(changes)s."),
    "lower_min_loads": N_("Lower the least loads by %(number)s in all: %(changes)s."),
    "unlock": N_("Free begun work: %(pairs)s."),
    "allow": N_("Allow pairs in conflict after a check: %(pairs)s."),
    "drop_rule": N_("Leave out the rule “%(rule)s” for %(field)s."),
}


def _rules(codes: Iterable[str]) -> list[GroupRule]:
    """The rules behind the engine's codes, each once; one of organisations is ``organisation:ИНН``."""
    known = {rule.value: rule for rule in GroupRule}
    return list(dict.fromkeys(known[code.partition(":")[0]] for code in codes if code.partition(":")[0] in known))
