"""One pass over the answers: what is shown, what is computed, and what every rule sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judging.domain.expressions.values import Value
from judging.domain.forms.compiling import CompiledField, CompiledForm
from judging.domain.forms.environment import CLUSTER, Circumstances
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.kinds import KINDS

Answers = Mapping[str, Any]
"""Answers by the code of their field, typed by kind: text, choice and organisation (its ИНН) ``str``, number
``Decimal``, money ``int`` of kopecks, date ``date``, yes and consent ``bool``, choices and ОКВЭД2 a tuple of codes,
files a tuple with one item a file, a table a tuple of rows {column: answer}. What is not answered is None or missing.
"""


@dataclass(frozen=True)
class Look:
    """The answers as they count now.

    ``shown`` and ``sections`` are codes of fields and of sections; ``environment`` is what rules see: hidden fields
    count as nothing (a sum and a number as 0), computed ones as what they come to (exact; None: unknown).
    """

    shown: frozenset[str]
    sections: frozenset[str]
    environment: Mapping[str, Any]

    def computed(self, code: str) -> Value:
        """What a computed field comes to; None where it is not known, or not shown."""
        value: Value = self.environment.get(code) if code in self.shown else None
        return value


def look(compiled: CompiledForm, answers: Answers, circumstances: Circumstances) -> Look:
    """Say what is shown and what is computed. An answer to a hidden field is kept by the draft, and does not count."""
    environment: dict[str, Any] = {**circumstances.values(), CLUSTER: circumstances.cluster}
    shown: set[str] = set()
    sections: set[str] = set()
    for part in compiled.sections:
        if not _meant(part.section.nominations, circumstances.nomination):
            environment |= {one.field.code: KINDS[one.field.kind].hidden for one in part.fields}
            continue
        sections.add(part.section.code)
        for one in part.fields:
            if _meant(one.field.nominations, circumstances.nomination) and _shown(one, environment):
                shown.add(one.field.code)
                environment[one.field.code] = _counts(one, answers, environment)
            else:
                environment[one.field.code] = KINDS[one.field.kind].hidden
    return Look(frozenset(shown), frozenset(sections), environment)


def answered(field: Field, answer: Any) -> bool:
    """Whether the answer is one. «No» is an answer; a consent that is not given is none."""
    if field.kind is FieldKind.CONSENT:
        return answer is True
    return answer is not None and not (isinstance(answer, str | tuple | list) and len(answer) == 0)


def _meant(nominations: tuple[str, ...], nomination: str | None) -> bool:
    return not nominations or nomination in nominations


def _shown(one: CompiledField, environment: Mapping[str, Any]) -> bool:
    return one.shown is None or one.shown.evaluate(environment) is True


def _counts(one: CompiledField, answers: Answers, environment: Mapping[str, Any]) -> Any:
    if one.formula is not None:
        return one.formula.evaluate(environment)
    answer = answers.get(one.field.code)
    if one.field.kind in (FieldKind.TABLE, FieldKind.FILE):
        return tuple(answer or ())
    return answer if answered(one.field, answer) else None
