"""What every export is made from: one contest, its ranking, and where the copy comes from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from itertools import chain

from judging.domain.collation import sort_key
from judging.domain.explanation import NotCounted, Part, parts_of
from judging.domain.firmness import Report
from judging.domain.nominations import Nomination
from judging.domain.parts import Part as ContestPart
from judging.domain.parts import split
from judging.domain.ranking import Placing, Ranking
from judging.domain.record import (
    AgreedReview,
    Application,
    Cluster,
    ContestRecord,
    Decision,
    Organisation,
    PanelVerdict,
    Review,
    ReviewState,
)
from judging.domain.scoring import Score, score_record
from judging.domain.sheet_rules import Asked, Audience, Confidence, group_place
from judging.domain.trials import FILE_MARK, is_trial_code

MOSCOW = timezone(timedelta(hours=3), "МСК")
"""Moscow time has had no changes of the clock since October 2014."""

OUTCOME_WORDS = {
    "winner": "победитель",
    "reserve": "резерв",
    "below_threshold": "ниже порога",
    "incomplete": "не завершена",
}
PREVIOUS_TOTAL = "Итог предыдущего этапа"
"""The column of a contest that is the next stage of another one."""
STATUS_WORDS = {
    "draft": "черновик",
    "published": "опубликован",
    "ranking_frozen": "рейтинг зафиксирован",
    "approved": "рейтинг утверждён",
    "results_published": "итоги опубликованы",
    "cancelled": "отменён",
}
NOT_COUNTED = {
    NotCounted.NOT_SUBMITTED: "Не сдана",
    NotCounted.RECUSED: "Самоотвод",
    NotCounted.CONFLICT: "Конфликт интересов",
    NotCounted.SET_ASIDE: "Не учтена по правилу о расхождении оценок",
    NotCounted.NOT_RANKED: "Заявка не участвует в рейтинге",
    NotCounted.STAFF_SET_ASIDE: "Исключена организатором",
    NotCounted.OUT_OF_SCOPE: "Не по профилю конкурса",
    NotCounted.AGREED: "Учтена согласованная оценка",
}
AGREED = "согласованная оценка"
"""What stands behind the e-mail of whoever put an agreed score down."""
ONLY_BESIDE = "По правилам конкурса стоит рядом с экспертизами и не учитывается"
CONFIDENCE_WORDS = {Confidence.LOW: "низкая", Confidence.MEDIUM: "средняя", Confidence.HIGH: "высокая"}
YES, NO, NOTHING = "да", "нет", "—"
PANEL_WORD = "комиссия"
"""In place of «да» or «нет» where a threshold is missed that leads to the panel, and the panel has not decided."""
PANEL_WORDS = {PanelVerdict.PASS: "допустить", PanelVerdict.REJECT: "отклонить"}


def yes_no(fact: bool) -> str:
    """Write a fact as «да» or «нет»."""
    return YES if fact else NO


def moscow(instant: datetime) -> datetime:
    """Return the same instant by the Moscow clock, aware."""
    return instant.astimezone(MOSCOW)


def marked(code: str, text: str) -> str:
    """Return a heading, after the words that all is invented where the contest ``code`` is a trial."""
    return f"{FILE_MARK}. {text}" if is_trial_code(code) else text


def file_name(pattern: str, code: str, made_at: datetime) -> str:
    """Fill the fields ``code`` and ``stamp`` of a file name: letters, digits, hyphens and dots only, whatever the code.

    ``made_at`` is an aware instant; the stamp is the Moscow time.
    """
    plain = "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in code)
    return pattern.format(code=plain, stamp=f"{moscow(made_at):%Y-%m-%d-%H%M}")


@dataclass(frozen=True)
class Ineligible:
    """An application that is not ranked: rejected or withdrawn; ``clause`` is the paragraph of the rules."""

    number: str
    title: str
    status: str
    reason: str
    clause: str
    date: date | None


@dataclass(frozen=True)
class RankedApplication:
    """One row of the ranking with everything that is known of the application."""

    placing: Placing
    application: Application
    score: Score
    cluster: Cluster
    initiator: Organisation


@dataclass(frozen=True)
class ReviewFact:
    """A review and its part in the ranking; ``reason`` says why it is not counted, empty where it is.

    ``agreed``: it is no expert's review but the agreed score, beside them or in their place.
    """

    review: Review
    counted: bool
    reason: str
    agreed: bool = False


@dataclass(frozen=True)
class RankingExport:
    """A ranking to be written out.

    ``made_at`` is an aware instant; ``contest_status`` a status of the contest's lifecycle; ``snapshot_number`` and
    ``snapshot_sha256`` are None where the ranking is computed from the present state and not taken from a snapshot;
    ``previous_totals`` are the totals of the stage before by number, None where the contest is a first stage: they
    stand beside the ranking, never in it.
    ``firmness`` is the report on this very record, None where there is none yet. Of a contest with nominations each of
    its ``parts`` is an export by itself, with its ``nomination`` and its report out of ``reports`` (by code).
    """

    record: ContestRecord
    ranking: Ranking
    made_at: datetime
    made_by: str
    contest_status: str = ""
    snapshot_number: int | None = None
    snapshot_sha256: str | None = None
    filter: str = ""
    ineligible: tuple[Ineligible, ...] = ()
    firmness: Report | None = None
    previous_totals: Mapping[str, Decimal] | None = None
    nomination: Nomination | None = None
    reports: Mapping[str, Report] = field(default_factory=dict)

    @cached_property
    def parts(self) -> tuple["RankingExport", ...]:
        """The exports of the nominations in their order; of a contest without any, the export itself."""
        if not self.record.contest.nominations:
            return (self,)
        return tuple(self._part(part) for part in split(self.record))

    def _part(self, part: ContestPart) -> "RankingExport":
        code = part.code or ""
        numbers = {item.number for item in part.record.applications}
        return replace(
            self,
            record=part.record,
            ranking=self.ranking.within(code),
            nomination=part.nomination,
            firmness=self.reports.get(code),
            ineligible=tuple(item for item in self.ineligible if item.number in numbers),
        )

    @cached_property
    def nominated(self) -> Mapping[str, str]:
        """The title of the nomination by application number; empty in a contest without nominations."""
        titles = {item.code: item.title for item in self.record.contest.nominations}
        return {item.number: titles[item.nomination] for item in self.record.applications if item.nomination in titles}

    @cached_property
    def rows(self) -> tuple[RankedApplication, ...]:
        """The ranked applications, in order."""
        if self.record.contest.nominations:
            return tuple(chain.from_iterable(part.rows for part in self.parts))
        record = self.record
        known = {item.number: item for item in record.applications}
        clusters = {item.code: item for item in record.clusters}
        legal = {item.inn: item for item in record.organisations}
        by_number = {score.application: score for score in score_record(record)}
        rows = [(row, known[row.number]) for row in self.ranking.rows]
        return tuple(
            RankedApplication(row, item, by_number[row.number], clusters[item.cluster], legal[item.initiator])
            for row, item in rows
        )

    @cached_property
    def reviews(self) -> Mapping[str, tuple[ReviewFact, ...]]:
        """Every review by application number: the ranked ones in their order, then the others; by e-mail within."""
        counted = {row.number: frozenset(row.counted) for row in self.ranking.rows}
        settled = {row.number for row in self.ranking.rows if row.agreed is not None}
        barring = defaultdict(list)
        for conflict in self.record.conflicts:
            barring[conflict.application].append(conflict)
        numbers = [
            *counted,
            *sorted((a.number for a in self.record.applications if a.number not in counted), key=sort_key),
        ]
        grouped: dict[str, list[Review]] = {number: [] for number in numbers}
        for review in sorted(self.record.reviews, key=lambda item: (item.additional, item.expert)):
            grouped[review.application].append(review)
        agreed = {item.application: item for item in self.record.agreed}
        return {
            number: (
                *(
                    ReviewFact(part.review, part.counted, _words(part))
                    for part in parts_of(own, counted.get(number), barring[number], agreed=number in settled)
                ),
                *((_agreed_fact(agreed[number], counts=number in settled),) if number in agreed else ()),
            )
            for number, own in grouped.items()
        }

    @cached_property
    def tells_applicant(self) -> bool:
        """Whether reviews have words for the applicant, or are asked for some."""
        asked = Audience.APPLICANT in self.record.contest.sheet.audiences
        return asked or any(item.to_applicant for item in self.record.reviews)

    @cached_property
    def tells_confidence(self) -> bool:
        """Whether reviews say how sure their experts are, or are asked to."""
        asked = self.record.contest.sheet.confidence is not Asked.NO
        return asked or any(item.confidence for item in self.record.reviews)

    def of_groups(self) -> Iterator[tuple[ReviewFact, str, str, str]]:
        """Yield the comments on groups of criteria: the review, the group, the words to the commission and the others'.

        The latter are to the applicant; either may be empty.
        """
        titles = dict.fromkeys(item.group for item in self.record.contest.criteria if item.group)
        for fact in self.facts():
            for title in titles:
                told = [words.get(group_place(title), "") for words in (fact.review.comments, fact.review.to_applicant)]
                if any(told):
                    yield fact, title, told[0], told[1]

    @property
    def not_admitted(self) -> tuple[Ineligible, ...]:
        """The applications outside the ranking: as given, else as far as the record tells."""
        if self.ineligible:
            return self.ineligible
        words = {Decision.REJECTED: "не допущена", Decision.WITHDRAWN: "отозвана"}
        return tuple(
            Ineligible(item.number, item.title, words[item.status], "", "", None)
            for item in sorted(self.record.applications, key=lambda item: sort_key(item.number))
            if item.status in words
        )

    def facts(self) -> Iterator[ReviewFact]:
        """Yield every review, grouped by application."""
        for group in self.reviews.values():
            yield from group


def _agreed_fact(item: AgreedReview, *, counts: bool) -> ReviewFact:
    """The agreed score as a review among the others; the rationale stands in its own place."""
    review = Review(
        expert=f"{item.expert} ({AGREED})",
        application=item.application,
        state=ReviewState.SUBMITTED,
        submitted_at=item.submitted_at,
        scores=item.scores,
        reason=item.rationale,
    )
    return ReviewFact(review, counts, item.rationale if counts else f"{ONLY_BESIDE}. {item.rationale}", agreed=True)


def passed_word(placing: Placing) -> str:
    """Write whether the thresholds are reached; where the panel has to say so and has not, that."""
    return PANEL_WORD if placing.awaits_panel else yes_no(placing.passed)


def _words(part: Part) -> str:
    if part.why_not is NotCounted.RECUSED and part.review.reason:
        return f"Самоотвод: {part.review.reason}"
    if part.why_not is NotCounted.CONFLICT and part.conflict:
        return f"Конфликт интересов: {part.conflict}"
    said = {NotCounted.STAFF_SET_ASIDE: part.review.set_aside, NotCounted.OUT_OF_SCOPE: part.review.scope_reason}
    if part.why_not and said.get(part.why_not):
        return f"{NOT_COUNTED[part.why_not]}: {said[part.why_not]}"
    return NOT_COUNTED[part.why_not] if part.why_not else ""
