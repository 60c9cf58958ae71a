"""The shape of a file of settings; criteria, nominations, rules are the archive's, the form is an ``application-form``.

``nominations``, ``sheet``, ``milestones``, ``agreements``, ``public``, ``visibility`` and ``discussion`` are there only
where they say something. A part that a later version adds is one key of the envelope and one model; a reader of this
version refuses it by name.
"""

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from judging.adapters.strict_json.fields import ArchiveObject, Enumerated, Instant, Money, Number, Timezone, Title
from judging.domain.agreements import LONGEST_AGREEMENT, Agreement
from judging.domain.certification import Certification
from judging.domain.discussion import Circle, DiscussionRules
from judging.domain.distribution import AdditionalCall, DistributionRules, Goal, QueueOrder
from judging.domain.errors import N_, Unfit
from judging.domain.fields.bounds import LONGEST_CODE, LONGEST_TITLE
from judging.domain.fields.texts import line, paragraphs
from judging.domain.guidance import LAST_PAGE, MOST_PLACES
from judging.domain.public_page import (
    LONGEST_ANSWER,
    LONGEST_CLAUSE,
    LONGEST_CONTACTS,
    LONGEST_NUMBER,
    LONGEST_ORGANISER,
    LONGEST_POLICY,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    AnsweredQuestion,
    CheckQuestion,
    PublicPage,
)
from judging.domain.settings.values import Terms
from judging.domain.visibility import FOR_EXPERTS, FOR_STAFF, PLAIN, Opens, Visibility

FORMAT, VERSION = "contest-settings", 1
LONGEST_TEXT, LONGEST_GUIDANCE = 4000, 4000
_GREATEST = 2**31 - 1


def _known_version(number: int) -> int:
    if number != VERSION:
        raise Unfit(N_("only version %(known)s of the format can be read"), known=VERSION)
    return number


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Places = Annotated[list[Annotated[str, Field(max_length=LONGEST_CODE)]], Field(max_length=MOST_PLACES)]
Whole = Annotated[int, Field(ge=0, le=_GREATEST)]


class EnvelopeModel(ArchiveObject):
    """The top level; its parts are read one by one."""

    format: Literal["contest-settings"]
    version: Annotated[int, AfterValidator(_known_version)]
    terms: dict[str, Any]
    criteria: list[Any]
    nominations: list[Any] = Field(default_factory=list)
    rules: dict[str, Any]
    sheet: dict[str, Any] = Field(default_factory=dict)
    form: dict[str, Any]
    assignment: dict[str, Any]
    milestones: list[Any] = Field(default_factory=list)
    agreements: list[Any] = Field(default_factory=list)
    public: dict[str, Any] = Field(default_factory=dict)
    visibility: dict[str, Any] = Field(default_factory=dict)
    discussion: dict[str, Any] = Field(default_factory=dict)


class TermsModel(ArchiveObject):
    """``terms``."""

    title: Title
    summary: Text = ""
    label: Text = ""
    label_en: Text = ""
    timezone: Timezone
    applications_open: Instant
    applications_close: Instant
    review_close: Instant
    budget: Money | None
    certification: Annotated[Certification, Enumerated] = Certification.NONE

    def value(self) -> Terms:
        """Return the terms."""
        return Terms(**self.model_dump())


class GuidanceModel(ArchiveObject):
    """``guidance`` of a criterion."""

    text: Annotated[str, Field(max_length=LONGEST_GUIDANCE)] = ""
    text_en: Annotated[str, Field(max_length=LONGEST_GUIDANCE)] = ""
    sections: Places = Field(default_factory=list)
    slots: Places = Field(default_factory=list)
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] | None = None


class LevelModel(ArchiveObject):
    """One of the ``descriptors``."""

    start: Number = Field(alias="from")
    end: Number = Field(alias="to")
    text: Text
    text_en: Text = ""


class WordsModel(ArchiveObject):
    """What a criterion has beside the archive's object."""

    title_en: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    guidance: GuidanceModel | None = None
    descriptors: list[LevelModel] = Field(default_factory=list)


class AssignmentModel(ArchiveObject):
    """``assignment``: the rules by which experts are assigned."""

    goal: Annotated[Goal, Enumerated]
    own_region_barred: bool
    other_region_at_least: Whole
    one_per_organisation: bool
    methodologists_at_least: Whole
    min_load: Whole
    seed: Whole
    queue: Annotated[QueueOrder, Enumerated] = QueueOrder.FIXED
    additional: Annotated[AdditionalCall, Enumerated] = AdditionalCall.PROPOSE

    def value(self) -> DistributionRules:
        """Return the rules."""
        return DistributionRules(**self.model_dump())


class AgreementModel(ArchiveObject):
    """One of the ``agreements`` that experts accept."""

    code: Annotated[str, Field(max_length=LONGEST_CODE)]
    title: Title
    title_en: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    text: Annotated[str, Field(max_length=LONGEST_AGREEMENT)]
    text_en: Annotated[str, Field(max_length=LONGEST_AGREEMENT)] = ""

    def value(self) -> Agreement:
        """Return the agreement, its texts as forms keep them."""
        return Agreement(
            line(self.code), line(self.title), paragraphs(self.text), line(self.title_en), paragraphs(self.text_en)
        )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unfit(N_("There is no such date or time")) from None


def _offered(choices: Collection[Opens], opens: Opens) -> Opens:
    if opens not in choices:
        raise Unfit(N_("marks do not open like this to these people"))
    return opens


class QuestionModel(ArchiveObject):
    """One question of ``public.self_check``."""

    text: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    wants: Annotated[str, Field(max_length=LONGEST_CODE)]
    words: Annotated[str, Field(max_length=LONGEST_WORDS)]
    clause: Annotated[str, Field(max_length=LONGEST_CLAUSE)] = ""
    hint: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    bound: Annotated[str, Field(max_length=LONGEST_NUMBER)] = ""
    remedy: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""

    def value(self) -> CheckQuestion:
        """Return the question, its texts as forms keep them."""
        long = {name: paragraphs(getattr(self, name)) for name in ("words", "hint", "remedy")}
        return CheckQuestion(line(self.text), self.wants, long["words"], line(self.clause), long["hint"],
                             line(self.bound), long["remedy"])  # fmt: skip


class AnsweredModel(ArchiveObject):
    """One of ``public.answered``."""

    question: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    answer: Annotated[str, Field(max_length=LONGEST_ANSWER)]
    on: Annotated[str, AfterValidator(_day)]

    def value(self) -> AnsweredQuestion:
        """Return the question with its answer."""
        return AnsweredQuestion(line(self.question), paragraphs(self.answer), self.on)


class PublicModel(ArchiveObject):
    """``public``: the texts of the contest's public page."""

    self_check: list[QuestionModel] = Field(default_factory=list)
    answered: list[AnsweredModel] = Field(default_factory=list)
    organiser: Annotated[str, Field(max_length=LONGEST_ORGANISER)] = ""
    contacts: Annotated[str, Field(max_length=LONGEST_CONTACTS)] = ""
    data_policy: Annotated[str, Field(max_length=LONGEST_POLICY)] = ""

    def value(self) -> PublicPage:
        """Return the texts."""
        return PublicPage(
            tuple(one.value() for one in self.self_check),
            tuple(one.value() for one in self.answered),
            line(self.organiser),
            paragraphs(self.contacts),
            paragraphs(self.data_policy),
        )


class VisibilityModel(ArchiveObject):
    """``visibility``: who sees whose marks and when."""

    experts: Annotated[Opens, Enumerated, AfterValidator(partial(_offered, FOR_EXPERTS))] = PLAIN.experts
    names: bool = PLAIN.names
    staff: Annotated[Opens, Enumerated, AfterValidator(partial(_offered, FOR_STAFF))] = PLAIN.staff
    chair: Annotated[Opens, Enumerated, AfterValidator(partial(_offered, FOR_STAFF))] = PLAIN.chair
    applicant_marks: bool = PLAIN.applicant_marks

    def value(self) -> Visibility:
        """Return the setting."""
        return Visibility(**self.model_dump())


class DiscussionModel(ArchiveObject):
    """``discussion``: who discusses applications, and how long one's own message may be changed."""

    circle: Annotated[Circle, Enumerated] = Circle.NOBODY
    edit_minutes: Whole = DiscussionRules().edit_minutes

    def value(self) -> DiscussionRules:
        """Return the rules."""
        return DiscussionRules(**self.model_dump())


AGREEMENT, PUBLIC = TypeAdapter(AgreementModel), TypeAdapter(PublicModel)
VISIBILITY, DISCUSSION = TypeAdapter(VisibilityModel), TypeAdapter(DiscussionModel)
ENVELOPE, TERMS, WORDS = TypeAdapter(EnvelopeModel), TypeAdapter(TermsModel), TypeAdapter(WordsModel)
ASSIGNMENT = TypeAdapter(AssignmentModel)
