"""Mentions in a message: ``@name`` as it is typed, ``@[KEY]`` as it is kept, and each reader's own name for the person.

Kept so, a message shows every reader the name that they may know: an expert reads «Expert 2» where the secretary, who
wrote it, typed a name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KEPT = re.compile(r"@\[([eu]\d{1,12})\]")
SIGN = "@"


def expert_key(expert_id: int) -> str:
    """The key of an expert's card."""
    return f"e{expert_id}"


def user_key(user_id: int) -> str:
    """The key of somebody of the staff."""
    return f"u{user_id}"


@dataclass(frozen=True)
class Piece:
    """A part of a message: plain text, or the name of somebody who is mentioned."""

    text: str
    key: str | None = None


def kept_text(typed: str, names: Mapping[str, str]) -> str:
    """Return the text as it is kept; ``names`` {name as typed: key} are those who may be mentioned.

    The longest name that fits wins; what fits nobody stays plain text. What looks like a kept mention is plain text.
    """
    plain = KEPT.sub(lambda found: f"{SIGN} [{found[1]}]", typed)
    known = sorted(((name.casefold(), key) for name, key in names.items()), key=lambda one: -len(one[0]))
    made, place = [], 0
    while (at := plain.find(SIGN, place)) >= 0:
        made.append(plain[place:at])
        name, key = next((one for one in known if _begins(plain, at + 1, one[0])), ("", ""))
        made.append(f"{SIGN}[{key}]" if key else SIGN)
        place = at + 1 + len(name)
    return "".join([*made, plain[place:]])


def _begins(text: str, at: int, name: str) -> bool:
    """Whether the name stands there as whole words."""
    end = at + len(name)
    return text[at:end].casefold() == name and not text[end : end + 1].isalnum()


def mentioned(kept: str) -> tuple[str, ...]:
    """Return the keys of everybody mentioned, each once, in their order."""
    return tuple(dict.fromkeys(KEPT.findall(kept)))


def pieces(kept: str, names: Mapping[str, str], stranger: str) -> Iterator[Piece]:
    """Yield the parts of a kept text; ``names`` {key: name for this reader}, ``stranger`` for whom they do not know."""
    place = 0
    for found in KEPT.finditer(kept):
        if found.start() > place:
            yield Piece(kept[place : found.start()])
        yield Piece(names.get(found[1], stranger), found[1])
        place = found.end()
    if place < len(kept):
        yield Piece(kept[place:])


def typed_text(kept: str, names: Mapping[str, str], stranger: str) -> str:
    """Return the text as its author types it anew."""
    return "".join(
        piece.text if piece.key is None else f"{SIGN}{piece.text}" for piece in pieces(kept, names, stranger)
    )
