"""A score sheet: what it lacks before it can be handed in, what it is worth, what a save changed.

A draft may be incomplete; only marks off their scale are refused at once. Points are exact and rounded where shown.
Comments stand under *places*: the code of a criterion, or ``group:`` and the title of a group.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import TypeVar

from judging.domain.errors import N_, Fault
from judging.domain.record import Recommendation
from judging.domain.review_totals import upscale
from judging.domain.rubric import ExpertCriterion, comment_needed, mark_fault
from judging.domain.shares import mark_share
from judging.domain.sheet_rules import GROUP, Asked, Audience, Confidence, SheetRules

V = TypeVar("V")
LONGEST_COMMENT = 5000
"""Characters of one comment that can be handed in; a draft may be longer, so that nothing typed is cut off."""
LONGEST_DRAFT_COMMENT = 20_000
"""Characters of one comment that a draft keeps."""
LONGEST_SCOPE_REASON = 1000
"""Characters of the reason why a project is outside the scope of the contest."""
TOO_LONG = N_("The comment is too long: no more than %(limit)s characters")
ABSTAIN = "abstain"
"""What stands in the place of a mark where the expert cannot judge the criterion."""
PREFIXES: Mapping[Audience, str] = {
    Audience.PANEL: "comment-",
    Audience.APPLICANT: "applicant-",
    Audience.PRIVATE: "private-",
}
"""How the names of the fields of comments begin, by whom they are for."""


@dataclass(frozen=True)
class Sheet:
    """Marks by criterion code, comments by place, and the verdict; what is absent is not filled in yet.

    ``comments`` are for the commission, ``to_applicant`` for the applicant, ``private`` for the expert alone.
    ``abstained``: the criteria that the expert cannot judge. ``in_scope``: whether the project is within the scope of
    the contest, where that is asked.
    """

    scores: Mapping[str, Decimal] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    recommendation: Recommendation | None = None
    abstained: frozenset[str] = frozenset()
    to_applicant: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    confidence: Confidence | None = None
    in_scope: bool | None = None
    scope_reason: str = ""

    def words(self, audience: Audience) -> Mapping[str, str]:
        """Return the comments for one audience, by place."""
        return {
            Audience.PANEL: self.comments,
            Audience.APPLICANT: self.to_applicant,
            Audience.PRIVATE: self.private,
        }[audience]


def mark_path(code: str) -> str:
    """Return the name of a mark's field on the sheet."""
    return f"mark-{code}"


def comment_path(place: str, audience: Audience = Audience.PANEL) -> str:
    """Return the name of a comment's field on the sheet; that of a group has a digest in place of the title."""
    key = place
    if place.startswith(GROUP):
        key = GROUP + sha256(place.encode()).hexdigest()[:8]
    return PREFIXES[audience] + key


def comment_places(criteria: Iterable[ExpertCriterion], asked: SheetRules) -> tuple[str, ...]:
    """Return where comments stand on the sheet: at every criterion and, where asked for, after every group."""
    rules = tuple(criteria)
    groups = dict.fromkeys(GROUP + item.group for item in rules if item.group) if asked.groups else ()
    return (*(item.code for item in rules), *groups)


def audiences(asked: SheetRules) -> tuple[Audience, ...]:
    """Return for whom there are comments on the sheet; the commission comes first."""
    return (Audience.PANEL, *(one for one in Audience if one is not Audience.PANEL and one in asked.audiences))


def scale_faults(criteria: Iterable[ExpertCriterion], scores: Mapping[str, Decimal]) -> tuple[Fault, ...]:
    """Name every mark that is not on the scale of its criterion, and every mark of no criterion."""
    known = {item.code: item for item in criteria}
    return tuple(fault for code, mark in scores.items() if (fault := _scale_fault(known.get(code), code, mark)))


def abstention_faults(criteria: Iterable[ExpertCriterion], sheet: Sheet) -> tuple[Fault, ...]:
    """Name every criterion that may not be left unjudged, or that has a mark all the same."""
    allowed = {item.code for item in criteria if item.may_abstain}
    refused = N_("This criterion has to be judged: give a mark")
    both = N_("Either give a mark or say that you cannot judge the criterion")
    marked_too = sheet.abstained & allowed & sheet.scores.keys()
    faults = [Fault(mark_path(code), refused) for code in sorted(sheet.abstained - allowed)]
    return (*faults, *(Fault(mark_path(code), both) for code in sorted(marked_too)))


def draft_faults(sheet: Sheet) -> tuple[Fault, ...]:
    """Name every comment that is longer than even a draft keeps."""
    long = [
        Fault(comment_path(place, audience), TOO_LONG, {"limit": LONGEST_DRAFT_COMMENT})
        for audience in Audience
        for place, text in sheet.words(audience).items()
        if len(text) > LONGEST_DRAFT_COMMENT
    ]
    if len(sheet.scope_reason) > LONGEST_DRAFT_COMMENT:
        long.append(Fault("scope_reason", TOO_LONG, {"limit": LONGEST_DRAFT_COMMENT}))
    return tuple(long)


NOTHING_ASKED = SheetRules()
"""The sheet of a contest that says nothing of it: marks, comments to the commission and a recommendation."""


def is_outside(sheet: Sheet, asked: SheetRules) -> bool:
    """Say whether the expert finds the project outside the scope of the contest: then nothing else is asked for."""
    return asked.scope and sheet.in_scope is False


def sheet_faults(
    criteria: Sequence[ExpertCriterion], sheet: Sheet, asked: SheetRules = NOTHING_ASKED
) -> tuple[Fault, ...]:
    """Name everything that keeps the sheet from being handed in, in the order of the page."""
    if is_outside(sheet, asked):
        return tuple(_scope_faults(sheet))
    return tuple(_faults(criteria, sheet, asked))


def points(criterion: ExpertCriterion, sheet: Sheet) -> Fraction | None:
    """Return the points of one criterion, exact; None where it has no mark."""
    mark = sheet.scores.get(criterion.code)
    return None if mark is None else Fraction(criterion.weight) * mark_share(criterion, mark)


def total(criteria: Iterable[ExpertCriterion], sheet: Sheet) -> Fraction | None:
    """Return the sum of the points over the marks that the sheet has.

    Where the expert cannot judge some criteria, the points for the others are scaled up to the sum of all weights; None
    where nothing that counts can be judged.
    """
    rules = tuple(criteria)
    given = sum((worth for item in rules if (worth := points(item, sheet)) is not None), Fraction(0))
    factor = upscale(rules, sheet.abstained)
    return None if factor is None else given * factor


def marked(criteria: Iterable[ExpertCriterion], scores: Mapping[str, object]) -> int:
    """Count the criteria that have a mark."""
    return sum(item.code in scores for item in criteria)


def changed_marks(before: Sheet, after: Sheet) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """Return by code the marks that differ, before and after; 7 and 7.0 are the same mark."""
    return _changes(before.scores, after.scores)


def changed_comments(
    before: Sheet, after: Sheet, audience: Audience = Audience.PANEL
) -> dict[str, tuple[str | None, str | None]]:
    """Return by place the comments that differ, before and after."""
    return _changes(before.words(audience), after.words(audience))


def _changes(before: Mapping[str, V], after: Mapping[str, V]) -> dict[str, tuple[V | None, V | None]]:
    codes = dict.fromkeys([*before, *after])
    return {code: (before.get(code), after.get(code)) for code in codes if before.get(code) != after.get(code)}


def _scale_fault(criterion: ExpertCriterion | None, code: str, mark: Decimal) -> Fault | None:
    if criterion is None:
        return Fault(mark_path(code), N_("There is no such criterion in this contest"))
    fault = mark_fault(criterion, mark)
    return None if fault is None else Fault(mark_path(code), fault.message, fault.params)


def _scope_faults(sheet: Sheet) -> Iterator[Fault]:
    if not sheet.scope_reason.strip():
        yield Fault("scope_reason", N_("Say why the project is outside the scope of the contest"))
    if len(sheet.scope_reason) > LONGEST_SCOPE_REASON:
        yield Fault("scope_reason", TOO_LONG, {"limit": LONGEST_SCOPE_REASON})


def _faults(criteria: Sequence[ExpertCriterion], sheet: Sheet, asked: SheetRules) -> Iterator[Fault]:
    if asked.scope and sheet.in_scope is None:
        yield Fault("in_scope", N_("Say whether the project is within the scope of the contest"))
    for item, following in zip(criteria, [*criteria[1:], None], strict=True):
        yield from _criterion_faults(item, sheet)
        yield from _length_faults(item.code, sheet)
        if asked.groups and item.group and (following is None or following.group != item.group):
            yield from _length_faults(GROUP + item.group, sheet)
    if asked.confidence is Asked.REQUIRED and sheet.confidence is None:
        yield Fault("confidence", N_("Say how sure you are of your marks"))
    if asked.recommendation is Asked.REQUIRED and sheet.recommendation is None:
        yield Fault("recommendation", N_("Choose your recommendation"))


def _criterion_faults(criterion: ExpertCriterion, sheet: Sheet) -> Iterator[Fault]:
    code = criterion.code
    mark, comment = sheet.scores.get(code), sheet.comments.get(code, "").strip()
    if code in sheet.abstained:
        yield from abstention_faults([criterion], Sheet(sheet.scores, abstained=frozenset({code})))
    elif mark is not None and (fault := _scale_fault(criterion, code, mark)):
        yield fault
    elif mark is None and criterion.required:
        may = N_("Give a mark, or say that you cannot judge the criterion")
        yield Fault(mark_path(code), may if criterion.may_abstain else N_("Give a mark"))
    if comment_needed(criterion, mark) and not comment:
        yield Fault(comment_path(code), N_("Explain this mark in a comment"))
    elif comment_needed(criterion, mark) and len(comment) < shortest(criterion):
        short = N_("Explain this mark in more words: at least %(shortest)s characters")
        yield Fault(comment_path(code), short, {"shortest": shortest(criterion)})


def shortest(criterion: ExpertCriterion) -> int:
    """Return how many characters a compulsory comment on the criterion has at least."""
    return 0 if criterion.comment_required is None else criterion.comment_required.shortest


def _length_faults(place: str, sheet: Sheet) -> Iterator[Fault]:
    for audience in Audience:
        if len(sheet.words(audience).get(place, "").strip()) > LONGEST_COMMENT:
            yield Fault(comment_path(place, audience), TOO_LONG, {"limit": LONGEST_COMMENT})
