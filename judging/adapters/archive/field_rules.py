"""What an archive's fields must be before it is read on: the rules of the web's fields, applied to a file.

A text that the web would store in another form (NFC, without unseen signs, trimmed; one spelling of an address) comes
in in that form, and the change is told. What the web would refuse is refused with its place, bounds among it
(:mod:`judging.adapters.archive.measures`). Stored documents (a frozen ranking) do not pass here: they stay readable as
they are.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from judging.adapters.addresses import address_key, normal_address
from judging.adapters.archive.measures import SHORT, comment_faults, measured
from judging.adapters.identifiers import pair_fault
from judging.adapters.strict_json.notation import path_text
from judging.domain.errors import N_, Fault, Unfit
from judging.domain.fields.codes import contest_code, criterion_code, okved
from judging.domain.fields.texts import line, paragraphs

Steps = tuple[str | int, ...]
Rule = Callable[[str], str]

CHANGED = N_("kept as “%(value)s”")
REPEATED_KEY = N_("the key is given twice")
RULES: dict[tuple[str, ...], Rule] = {
    ("contest", "code"): contest_code,
    ("contest", "criteria", "code"): criterion_code,
    ("contest", "nominations", "code"): criterion_code,
    ("applications", "topics"): okved,
    ("experts", "topics"): okved,
    ("experts", "email"): normal_address,
    ("conflicts", "expert"): address_key,
    ("reviews", "expert"): address_key,
    ("agreed", "expert"): address_key,
}
"""The rule of a field beside the one for every text, by its path without places in lists."""
_PARAGRAPHS = frozenset({"summary", "label", "label_en", "text", "text_en"})
"""Texts of a contest that have lines; an archive has none of them, a file of settings has."""
VERBATIM = frozenset({("contest", "forms", "form"), ("applications", "submissions", "document")})
"""What comes in to the letter, for its hash is known to others; it has readers of its own."""
_LONGEST_SHOWN = 100
_PLAIN = re.compile("[ -~А-яЁё«»„“”’—–№…₽°±×·−\u00a0]*")


@dataclass
class Passage:
    """The document as it comes in, what was refused, and what was changed (at its place in the file)."""

    document: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    changes: list[Fault] = field(default_factory=list)


def let_in(document: dict[str, Any]) -> Passage:
    """Apply the rules of fields to a parsed archive; what is no text or stands at no known place is left alone."""
    passage = Passage(document)
    passage.document = _value(passage, document, ())
    passage.faults += [*_pair_faults(passage.document), *comment_faults(passage.document)]
    return passage


def _value(passage: Passage, value: Any, steps: Steps) -> Any:
    if isinstance(value, str):
        return _text(passage, value, steps)
    if isinstance(value, list | int):
        _measure(passage, value, _names(steps), steps)
    if isinstance(value, list):
        return [_value(passage, item, (*steps, place)) for place, item in enumerate(value)]
    if isinstance(value, dict):
        return _object(passage, value, steps)
    return value


def _object(passage: Passage, value: dict[str, Any], steps: Steps) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for name, item in value.items():
        key = name if _is_plain(name) else line(name)
        if key in written:
            passage.faults.append(Fault(path_text(*steps, name), REPEATED_KEY))
        elif key != name:
            passage.changes.append(_change((*steps, name), key))
        kept = (*_names(steps), key) in VERBATIM
        written[key] = item if kept else _value(passage, item, (*steps, name))
    return written


def _text(passage: Passage, text: str, steps: Steps) -> str:
    names = _names(steps)
    kept = text if _is_plain(text) else (paragraphs if _has_lines(names) else line)(text)
    rule = RULES.get(names)
    if rule is not None:
        kept = _ruled(passage, rule, kept, steps)
    if len(kept) > SHORT:
        _measure(passage, kept, names, steps)
    if kept != text:
        passage.changes.append(_change(steps, kept))
    return kept


def _ruled(passage: Passage, rule: Rule, text: str, steps: Steps) -> str:
    try:
        return rule(text)
    except Unfit as unfit:
        passage.faults.append(Fault(path_text(*steps), unfit.message, unfit.params))
        return address_key(text) if rule is normal_address else text  # references are compared by it


def _names(steps: Steps) -> tuple[str, ...]:
    return tuple(step for step in steps if isinstance(step, str))


def _measure(passage: Passage, value: Any, names: tuple[str, ...], steps: Steps) -> None:
    try:
        measured(names, value)
    except Unfit as unfit:
        passage.faults.append(Fault(path_text(*steps), unfit.message, unfit.params))


def _is_plain(text: str) -> bool:
    """Say whether a text is certainly as it is kept; most are, and the rule for every sign takes its time."""
    return bool(_PLAIN.fullmatch(text)) and text == text.strip()


def _has_lines(names: tuple[str, ...]) -> bool:
    return (
        names[-1:] in (("reason",), ("note",), ("scope_reason",), ("set_aside",), ("rationale",))
        or "comments" in names
        or "to_applicant" in names
        or (names[:1] == ("contest",) and names[-1] in _PARAGRAPHS)
    )


def _change(steps: Steps, kept: str) -> Fault:
    shown = kept if len(kept) <= _LONGEST_SHOWN else f"{kept[:_LONGEST_SHOWN]}…"
    return Fault(path_text(*steps), CHANGED, {"value": shown})


def _pair_faults(document: dict[str, Any]) -> Iterator[Fault]:
    """Name every organisation whose ИНН and ОГРН are of different kinds of person."""
    organisations = document.get("organisations")
    for place, item in enumerate(organisations if isinstance(organisations, list) else []):
        numbers = [item.get(name) for name in ("inn", "ogrn")] if isinstance(item, dict) else []
        texts = [number for number in numbers if isinstance(number, str)]
        fault = pair_fault(*texts) if len(texts) == 2 else None
        if fault is not None:
            yield Fault(path_text("organisations", place, "ogrn"), fault)
