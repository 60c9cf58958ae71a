"""What a contest's public page says beside its rules: the self-check, answered questions, and whom to write to.

The self-check is a list of questions with what answer stops, in which words and by which clause. It is worked out from
the answers alone; nothing of it is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from judging.domain.errors import N_, Fault

MOST_QUESTIONS, MOST_ANSWERED = 12, 60
LONGEST_QUESTION, LONGEST_WORDS, LONGEST_ANSWER, LONGEST_CLAUSE = 500, 1000, 4000, 100
LONGEST_CONTACTS, LONGEST_ORGANISER, LONGEST_POLICY = 2000, 500, 20_000
YES, NO, AT_LEAST, AT_MOST = "yes", "no", "at_least", "at_most"
RULES = (YES, NO, AT_LEAST, AT_MOST)
"""What lets on: the answer “yes”, the answer “no”, a number not below a bound, a number not above it."""
GREATEST = Decimal(10) ** 15
LONGEST_NUMBER = 30


@dataclass(frozen=True)
class CheckQuestion:
    """A question of the self-check. ``wants``: one of :data:`RULES`; ``bound`` is the decimal text of the last two.

    ``words`` say why one cannot apply with another answer, by ``clause`` of the rules; ``remedy`` what can be done.
    """

    text: str
    wants: str
    words: str
    clause: str = ""
    hint: str = ""
    bound: str = ""
    remedy: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.wants in (AT_LEAST, AT_MOST)


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question that the organiser answered for everybody; ``on``: the day it was published, ISO 8601."""

    question: str
    answer: str
    on: str


@dataclass(frozen=True)
class PublicPage:
    """The texts of the public page; "" and () where there is none."""

    self_check: tuple[CheckQuestion, ...] = ()
    answered: tuple[AnsweredQuestion, ...] = ()
    organiser: str = ""
    contacts: str = ""
    data_policy: str = ""


def page_document(page: PublicPage) -> dict[str, Any]:
    """Return the page as plain lists and texts; what says nothing is left out, so that an empty one is ``{}``."""
    given: dict[str, Any] = {
        "self_check": [_said(asdict(one)) for one in page.self_check],
        "answered": [asdict(one) for one in page.answered],
        "organiser": page.organiser,
        "contacts": page.contacts,
        "data_policy": page.data_policy,
    }
    return _said(given)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def page_of(document: Mapping[str, Any]) -> PublicPage:
    """Return the page that a stored document holds."""
    return PublicPage(
        tuple(CheckQuestion(**one) for one in document.get("self_check", ())),
        tuple(AnsweredQuestion(**one) for one in document.get("answered", ())),
        *(document.get(name, "") for name in ("organiser", "contacts", "data_policy")),
    )


def page_faults(page: PublicPage) -> tuple[Fault, ...]:
    """Name everything that is wrong with the texts; paths are the keys of their document."""
    return tuple(_page_faults(page))


def _page_faults(page: PublicPage) -> Iterator[Fault]:
    for name, items, most in (
        ("self_check", page.self_check, MOST_QUESTIONS),
        ("answered", page.answered, MOST_ANSWERED),
    ):
        if len(items) > most:
            yield Fault(name, N_("No more than %(max)d rows"), {"max": most})
    for place, asked in enumerate(page.self_check):
        yield from _within(f"self_check[{place}]", _question_faults(asked))
    for place, one in enumerate(page.answered):
        limits = {"question": LONGEST_QUESTION, "answer": LONGEST_ANSWER}
        yield from _within(f"answered[{place}]", _text_faults(one, limits, needed=("question", "answer", "on")))
    whole = {"organiser": LONGEST_ORGANISER, "contacts": LONGEST_CONTACTS, "data_policy": LONGEST_POLICY}
    yield from _text_faults(page, whole)


def _question_faults(asked: CheckQuestion) -> Iterator[Fault]:
    limits = {
        "text": LONGEST_QUESTION, "hint": LONGEST_WORDS, "words": LONGEST_WORDS, "clause": LONGEST_CLAUSE,
        "remedy": LONGEST_WORDS,
    }  # fmt: skip
    yield from _text_faults(asked, limits, needed=("text", "words"))
    if asked.wants not in RULES:
        yield Fault("wants", N_("There is no such answer"))
    elif asked.is_number and number_of(asked.bound) is None:
        yield Fault("bound", N_("Enter a number"))


def _text_faults(of: Any, limits: Mapping[str, int], needed: Sequence[str] = ()) -> Iterator[Fault]:
    for name in needed:
        if not getattr(of, name).strip():
            yield Fault(name, N_("Fill this in"))
    for name, limit in limits.items():
        if len(getattr(of, name)) > limit:
            yield Fault(name, N_("No more than %(limit)s characters"), {"limit": limit})


def _within(path: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault(f"{path}.{fault.path}", fault.message, fault.params)


def number_of(text: str) -> Decimal | None:
    """Return the number that a person typed, with a comma or a point and any spaces; None where it is none."""
    plain = "".join(text.split()).replace(",", ".").removesuffix("%")
    if len(plain) > LONGEST_NUMBER:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) <= GREATEST else None


@dataclass(frozen=True)
class SelfCheck:
    """What comes of the answers: the questions that stop, and the places of those without a legible answer."""

    stops: tuple[CheckQuestion, ...]
    unanswered: tuple[int, ...]

    @property
    def may_apply(self) -> bool:
        """Whether every question is answered and none stops."""
        return not self.stops and not self.unanswered


def self_checked(questions: Sequence[CheckQuestion], answers: Sequence[str]) -> SelfCheck:
    """Look through the answers, one for each question: ``yes``, ``no`` or the text of a number."""
    stops, unanswered = [], []
    for place, (asked, answer) in enumerate(zip(questions, answers, strict=True)):
        fits = _fits(asked, answer)
        if fits is None:
            unanswered.append(place)
        elif not fits:
            stops.append(asked)
    return SelfCheck(tuple(stops), tuple(unanswered))


def _fits(asked: CheckQuestion, answer: str) -> bool | None:
    """Whether the answer lets on; None where it is none."""
    if not asked.is_number:
        return answer == asked.wants if answer in (YES, NO) else None
    number, bound = number_of(answer), number_of(asked.bound)
    if number is None or bound is None:
        return None
    return number >= bound if asked.wants == AT_LEAST else number <= bound
