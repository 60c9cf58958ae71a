"""The form of the formal check: of every point a mark, a remark, and the file that shows it. No hint is filled in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext
from wtforms import HiddenField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from judging.domain.forms.checklist import Verdict
from judging.models import Document
from judging.queries.checklists import CheckedPoint, Mark
from judging.services.checklist import LONGEST_REMARK, OVERTAKEN, MarkDraft, Seen, mark_print
from judging.web.forms import Form, SelectChoice
from judging.web.questionnaire.phrases import said
from judging.web.register.forms import is_number
from judging.web.templating import label, translate

VERDICT, REMARK, FILE, SEEN = "verdict-", "remark-", "document-", "seen-"


@dataclass(frozen=True)
class PointFields:
    """The fields of one point."""

    code: str
    verdict: Any
    remark: Any
    document: Any
    seen: Any

    def draft(self) -> MarkDraft:
        """What is said of the point."""
        verdict, document = self.verdict.data or "", self.document.data or ""
        return MarkDraft(
            Verdict(verdict) if verdict in set(Verdict) else None,
            self.remark.data or "",
            int(document) if is_number(document) else None,
        )


class MarksForm(Form):
    """The marks of all points. ``seen-…`` tells what the page showed of each."""

    codes: tuple[str, ...] = ()
    PLACES: ClassVar[Mapping[str, str]] = {}

    submission = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def points(self) -> Iterator[PointFields]:
        """The fields of every point, in the form's order."""
        for code in self.codes:
            yield PointFields(code, *(self[name + code] for name in (VERDICT, REMARK, FILE, SEEN)))

    def drafts(self) -> dict[str, MarkDraft]:
        """What is said of every point."""
        return {one.code: one.draft() for one in self.points()}

    def was_seen(self) -> Seen:
        """What the page showed."""
        number = -1 if self.submission.data is None else self.submission.data
        return Seen(number, {one.code: one.seen.data or "" for one in self.points()})

    def renew(self, stored: Mapping[str, Mark | None]) -> None:
        """Name what somebody else marked meanwhile and is typed otherwise; sent again it takes the other's place."""
        for one in self.points():
            now, typed, seen = mark_print(stored.get(one.code)), mark_print(one.draft()), one.seen.data or ""
            if typed != seen and now not in (seen, typed):
                words = translate(OVERTAKEN)
                one.verdict.errors = [*one.verdict.errors, *([] if words in one.verdict.errors else [words])]
                show(one.seen, now)

    def begin_anew(self, submission: int) -> None:
        """Let all that is typed count for another submission, of which nothing was seen yet."""
        show(self.submission, submission)
        for one in self.points():
            show(one.seen, "")


def show(field: Any, value: Any) -> None:
    """Put a value into a field whatever the request brought."""
    field.data, field.raw_data = value, None


def marks_form(points: Iterable[CheckedPoint], files: Iterable[Document], submission: int, **values: Any) -> MarksForm:
    """The form over the points with their marks, in the language of the page."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"submission": submission}
    codes = []
    verdicts = [SelectChoice("", gettext("Not marked")), *(SelectChoice(one.value, label(one)) for one in Verdict)]
    choices = [SelectChoice("", gettext("No document"))]
    choices += [SelectChoice(str(file.id), file.filename) for file in files]
    for checked in points:
        point, mark = checked.hint.point, checked.mark
        codes.append(point.code)
        fields |= {
            VERDICT + point.code: RadioField(f"{point.code}. {said(point, 'title')}", choices=verdicts),
            REMARK + point.code: TextAreaField(
                gettext("Remark on point %(code)s", code=point.code),
                validators=[Optional(), Length(max=LONGEST_REMARK)],
            ),
            FILE + point.code: SelectField(
                gettext("Document that shows point %(code)s", code=point.code), choices=choices
            ),
            SEEN + point.code: HiddenField(),
        }
        data |= {
            VERDICT + point.code: mark.verdict.value if mark else "",
            REMARK + point.code: mark.remark if mark else "",
            FILE + point.code: str(mark.document_id or "") if mark else "",
            SEEN + point.code: mark_print(mark),
        }
    places = {code: VERDICT + code for code in codes}
    made = type("MarksForm", (MarksForm,), {**fields, "codes": tuple(codes), "PLACES": places})
    return made(data=data, **values)  # type: ignore[no-any-return]  # a class made by type() has no known one
