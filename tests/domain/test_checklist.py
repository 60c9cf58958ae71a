"""The formal check by a form's points: the machine says fulfilled, look, or nothing; it never rejects."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from judging.adapters.forms import read_form
from judging.adapters.preset import FOLDER
from judging.domain.expressions import Figure
from judging.domain.forms.checklist import Hint, Outcome, hints, submitted_look
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.form import Field, FieldKind
from tests.forms import TODAY

WHOLE: dict[str, Any] = {
    "initiator": "1", "partners": ({"organisation": "2", "role": "buyer"},), "requested": 40, "total_cost": 100,
    "functional_map_position": "Позиция 4.2",
}  # fmt: skip
HERE = Circumstances(TODAY, cap=50, cluster=frozenset({"1", "2"}))
USUAL = {
    "K1": "staff", "K2": "fulfilled", "K3": "fulfilled", "K4": "staff", "K5": "fulfilled", "K6": "fulfilled",
    "K7": "fulfilled", "K8": "staff", "K9": "staff",
}  # fmt: skip


def base() -> CompiledForm:
    return compile_form(read_form((Path(FOLDER) / "form-base.json").read_bytes()))


def found(circumstances: Circumstances = HERE, in_time: bool = True, **changed: Any) -> tuple[Hint, ...]:
    compiled = base()
    return hints(compiled, submitted_look(compiled, WHOLE | changed, circumstances, in_time=in_time))


def outcomes(hints: tuple[Hint, ...]) -> dict[str, str]:
    return {hint.point.code: hint.outcome.value for hint in hints}


def test_what_the_machine_can_see_is_fulfilled_and_the_rest_is_left_to_people() -> None:
    assert outcomes(found()) == USUAL


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("K2", {"initiator": "7"}),
        ("K2", {"circumstances": replace(HERE, cluster=frozenset())}),
        ("K3", {"partners": ()}),
        ("K5", {"requested": None}),
        ("K5", {"requested": 51, "total_cost": 1000}),
        ("K5", {"requested": 41, "total_cost": 80}),
        ("K5", {"total_cost": 0}),
        ("K7", {"in_time": False}),
    ],
)
def test_what_does_not_hold_asks_a_person_to_look(code: str, arguments: dict[str, Any]) -> None:
    assert outcomes(found(**arguments)) == USUAL | {code: Outcome.LOOK.value}


def test_without_a_cap_only_the_share_counts() -> None:
    assert outcomes(found(replace(HERE, cap=None), requested=5000, total_cost=10_000)) == USUAL


def test_notes_have_their_figures() -> None:
    notes = {hint.point.code: hint.note for hint in found(requested=1, total_cost=3)}
    share = [part for part in notes["K5"] if isinstance(part, Figure)]
    assert [(figure.value, figure.places) for figure in share] == [(Fraction(100, 3), 2)]
    assert next(part for part in notes["K4"] if isinstance(part, Figure)).value == "Позиция 4.2"


def test_missing_documents_are_named() -> None:
    form = base().form
    asked = Field("letter", FieldKind.FILE, "Заявление", required=True, extensions=("pdf",))
    first, *others = form.sections
    compiled = compile_form(replace(form, sections=(replace(first, fields=(*first.fields, asked)), *others)))
    for files, outcome, named in (((), "look", "Заявление"), (("f" * 64,), "fulfilled", None)):
        seen = submitted_look(compiled, WHOLE | {"letter": files}, HERE, in_time=True)
        hint = next(one for one in hints(compiled, seen) if one.point.code == "K6")
        assert (hint.outcome.value, [one.value for one in hint.note if isinstance(one, Figure)]) == (outcome, [named])
