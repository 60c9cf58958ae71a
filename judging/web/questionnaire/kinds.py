"""What each kind of field is on a page: its control, how what is typed is read, how an answer is written and said.

A kind that is added to :class:`FieldKind` gets its line here; a test compares both, and that every control is drawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from judging.domain.forms.form import Field, FieldKind, TextFormat
from judging.domain.forms.lengths import room_of
from judging.web.questionnaire import notation
from judging.web.questionnaire.notation import Typed

LONG_CELL, LONG_CARD = 100, 400
"""Characters that a cell of a grid, and a field on a card, do not show in one line."""
FEW_OPTIONS = 4
"""As many are shown at once; more are a list to choose from."""
OF_FORMAT: Mapping[TextFormat, str] = {
    TextFormat.EMAIL: "email", TextFormat.TELEPHONE: "tel", TextFormat.INN: "digits", TextFormat.OGRN: "digits",
}  # fmt: skip
"""The controls of texts that are looked at, which bring up a keyboard of their own."""


@dataclass(frozen=True)
class KindPage:
    """A kind on a page; how an answer of it is said is in :data:`words.SAY`.

    ``control``: the name of the control that ``components/answer.html`` draws; ``read`` and ``write`` turn texts into
    answers and back, None for what is not typed into one control. ``empty`` is the answer that is none. ``unsent``: a
    browser sends nothing for an empty one, so nothing means empty.
    """

    control: Callable[[Field], str]
    read: Callable[[Typed], Any] | None = None
    write: Callable[[Field, Any], Any] | None = None
    empty: Any = None
    unsent: bool = False


def _always(name: str) -> Callable[[Field], str]:
    return lambda _asked: name


def _text(asked: Field) -> str:
    if notation.is_long(asked):
        return "textarea"
    return OF_FORMAT.get(asked.format, "text")


def _choice(asked: Field) -> str:
    return "radios" if len(asked.options) <= FEW_OPTIONS else "select"


def _organisation(asked: Field) -> str:
    return "select" if asked.of == "cluster" else "digits"


def _texts(_asked: Field, answer: Any) -> list[str]:
    return list(answer)


KINDS: Mapping[FieldKind, KindPage] = {
    FieldKind.TEXT: KindPage(_text, notation.read_text, notation.write_text, empty=""),
    FieldKind.NUMBER: KindPage(_always("decimal"), notation.read_number, notation.write_number),
    FieldKind.MONEY: KindPage(_always("money"), notation.read_sum, notation.write_sum),
    FieldKind.DATE: KindPage(_always("day"), notation.read_day, notation.write_day),
    FieldKind.YES: KindPage(_always("radios"), notation.read_yes, notation.write_yes),
    FieldKind.CHOICE: KindPage(_choice, notation.read_choice, notation.write_text, empty=""),
    FieldKind.CHOICES: KindPage(_always("checkboxes"), notation.read_choices, _texts, empty=(), unsent=True),
    FieldKind.ORGANISATION: KindPage(_organisation, notation.read_organisation, notation.write_text, empty=""),
    FieldKind.OKVED: KindPage(_always("codes"), notation.read_codes, notation.write_codes, empty=()),
    FieldKind.FILE: KindPage(_always("file"), empty=()),
    FieldKind.CONSENT: KindPage(
        _always("consent"), notation.read_consent, notation.write_consent, empty=False, unsent=True
    ),
    FieldKind.TABLE: KindPage(_always("table"), empty=()),
    FieldKind.COMPUTED: KindPage(_always("computed")),
}


def in_cell(asked: Field, *, narrow: bool = False) -> str:
    """The control of a column, which has a narrow place: a list instead of radio buttons.

    A text that may be long grows downwards: in the ``narrow`` cell of a grid earlier than on a card.
    """
    control = KINDS[asked.kind].control(asked)
    room = room_of(asked)
    if control == "text" and ((room or LONG_CELL) >= LONG_CELL if narrow else (room or 0) >= LONG_CARD):
        return "textarea"
    return {"radios": "select"}.get(control, control)
