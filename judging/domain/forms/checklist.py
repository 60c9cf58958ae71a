"""The formal check of a submitted application by the points of its form: what a machine can see, and what it cannot.

A machine never rejects. A point with a rule is fulfilled, or asks a person to look: also where the rule cannot be
decided. A point without a rule is a person's alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.expressions import Expression, Figure
from judging.domain.expressions.values import Value
from judging.domain.forms.compiling import CompiledForm
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import form_findings
from judging.domain.forms.form import FieldKind, Point
from judging.domain.forms.looking import Answers, Look, look


class Outcome(StrEnum):
    """What the system says of one point."""

    FULFILLED = "fulfilled"
    LOOK = "look"
    STAFF = "staff"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.FULFILLED: N_("Fulfilled"),
    Outcome.LOOK: N_("Look at this"),
    Outcome.STAFF: N_("Checked by the staff"),
}


class Verdict(StrEnum):
    """What a person says of one point."""

    YES = "yes"
    NO = "no"
    REMARK = "remark"


VERDICT_LABELS: Mapping[Verdict, str] = {
    Verdict.YES: N_("Point fulfilled"),
    Verdict.NO: N_("Point not fulfilled"),
    Verdict.REMARK: N_("There is a remark"),
}


@dataclass(frozen=True)
class Hint:
    """A point with what the machine says of it, and the words beside it with their figures."""

    point: Point
    outcome: Outcome
    note: tuple[str | Figure, ...]
    note_en: tuple[str | Figure, ...]


def submitted_look(compiled: CompiledForm, answers: Answers, circumstances: Circumstances, *, in_time: bool) -> Look:
    """Look at a submitted application: beside its answers, whether it came in time and its documents are there."""
    first = look(compiled, answers, circumstances)
    missing = _missing_documents(compiled, first)
    known = replace(
        circumstances,
        in_time=in_time,
        documents_complete=not missing,
        missing_documents="; ".join(missing) or None,
        all_members=_all_members(answers, circumstances),
    )
    return look(compiled, answers, known)


def hints(compiled: CompiledForm, seen: Look) -> tuple[Hint, ...]:
    """Say of every point what the machine sees, in the form's order."""
    return tuple(
        Hint(
            one.point,
            _outcome(None if one.rule is None else one.rule.evaluate(seen.environment) is True),
            one.note.fill(seen.environment, bounds := _bounds(one.rule, seen)),
            (one.note_en or one.note).fill(seen.environment, bounds),
        )
        for one in compiled.points
    )


def _bounds(rule: Expression | None, seen: Look) -> tuple[Value, ...]:
    return () if rule is None else tuple(bound(seen.environment) for bound in rule.bounds)


def _outcome(fulfilled: bool | None) -> Outcome:
    return Outcome.STAFF if fulfilled is None else Outcome.FULFILLED if fulfilled else Outcome.LOOK


def _missing_documents(compiled: CompiledForm, seen: Look) -> list[str]:
    labels = {one.code: one.label for one in compiled.form.fields() if one.kind is FieldKind.FILE}
    return [labels[found.path] for found in form_findings(compiled, seen) if found.stop and found.path in labels]


def _all_members(answers: Answers, circumstances: Circumstances) -> bool | None:
    """Whether everybody who takes part is a member of the cluster; None where its members are not listed."""
    if not circumstances.cluster:
        return None
    named = {answers.get("initiator"), *(row.get("organisation") for row in answers.get("partners") or ())}
    return named - {None, ""} <= circumstances.cluster
