"""One application as the staff see it: everything in it, the formal check, its reviews, conflicts and history."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Scope
from judging.domain.errors import N_
from judging.domain.forms.checklist import Verdict
from judging.domain.forms.form import Point
from judging.domain.lifecycle import Action, ApplicationStatus, ReviewStatus, Subject, actions
from judging.domain.rubric import ExpertCriterion
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, total
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import applications, contests, journal, register, scopes, stages
from judging.queries.checklists import checklist_of
from judging.queries.evidence import Evidence, asks_for_evidence, evidence_submitted
from judging.queries.forms import form_of
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.queries.submissions import last_submitted, returns_of, submitted_files, unkept_files
from judging.web.access import allowed, requires, sight_of
from judging.web.applications.at_hand import as_read
from judging.web.applications.proofs import proof_lines, short_words
from judging.web.applications.summaries import summary
from judging.web.check_points import point_row
from judging.web.clock import arrived
from judging.web.journal.sentences import event_label
from judging.web.offers import acts_in, acts_on_application
from judging.web.questionnaire.phrases import shown
from judging.web.register.blueprint import blueprint
from judging.web.register.deliberation import deliberation_of
from judging.web.sealed_words import sealed_words
from judging.web.status_tones import tone
from judging.web.templating import label, localized, translate

ACTS: Mapping[Action, str] = {
    Action.ADMIT: "admission",
    Action.REJECT: "rejection",
    Action.REINSTATE: "reinstatement",
    Action.WITHDRAW: "withdrawal",
}
"""The word of each decision in its address."""
COMPLETE = "documents_complete"
"""What a rule asks that is about all documents."""
VERDICT_TONES = {Verdict.YES: "success", Verdict.NO: "danger", Verdict.REMARK: "warning"}


@blueprint.get("/staff/contests/<code>/applications/<int:application_id>")
@requires(Permission.SEE_REGISTER, scopes.application_in_contest_scope)
def show(code: str, application_id: int) -> str:
    """Everything of one application."""
    application = applications.by_id(db.session, application_id)
    contest = contests.by_code(db.session, code)
    scope = Scope(contest_id=contest.id)
    evidence = evidence_of(application)
    return render_template(
        "register/show.html",
        contest=contest,
        application=application,
        application_status=ApplicationStatus(application.status),
        acts=acts_in(contest),
        sections=summary(as_read(application, arrived()), files=False),
        documents=document_rows(application),
        proofs={file.id: proof_lines(evidence, file.id) for file in application.documents},
        checks=check_rows(application, evidence),
        may=acts_on_application(application, scope),
        returns=return_rows(application),
        ways=ways(application),
        reviews=review_rows(contest, application) if allowed(Permission.SEE_ALL_REVIEWS, scope) else [],
        sealed=_sealed(contest, application),
        conflicts=register.conflicts_of(db.session, application_id),
        history=[history_event(record) for record in journal.history_of(db.session, application_id)],
        earlier=stages.earlier_of(db.session, application),
        deliberation=deliberation_of(application),
        decided_by=register.name_of(db.session, application.decided_by_id),
    )


def _sealed(contest: Contest, application: Application) -> str | None:
    """When the marks of the application open; None where they are open or nothing is submitted that is not shown."""
    seen = sight_of(contest)
    return None if seen.shows(application.id) else sealed_words(contest, seen, application.id)


OUTCOMES: Mapping[str, str] = {
    "resubmitted": N_("Corrected and submitted again"),
    "expired": N_("The time ran out; what was submitted stands"),
    "ended": N_("Ended before its time; what was submitted stands"),
}
"""How a return was closed."""


def return_rows(application: Application) -> list[dict[str, Any]]:
    """The returns for correction, the last one first, with their remarks by the title of their section."""
    form, moment = form_of(application.contest), arrived()
    titles = {section.code: shown(section, "title") for section in form.sections}
    return [
        {
            "row": row,
            "open": row.is_open(moment),
            "outcome": translate(OUTCOMES[row.outcome]) if row.outcome else gettext("The time is over"),
            "remarks": [(titles.get(code, code), row.remarks[code]) for code in row.sections if code in row.remarks],
        }
        for row in returns_of(db.session, application.id)
    ]


def ways(application: Application) -> list[dict[str, Any]]:
    """The decisions that this person can take now, the first one the most usual."""
    acts = acts_on_application(application, Scope(contest_id=application.contest_id))
    possible = actions(Subject.APPLICATION, ApplicationStatus(application.status))
    return [
        {
            "label": translate(row.label),
            "href": url_for(
                "register.decision",
                code=application.contest.code,
                application_id=application.id,
                act=ACTS[row.action],
            ),
            "tone": "primary" if place == 0 and row.action is not Action.WITHDRAW else "secondary",
        }
        for place, row in enumerate(row for row in possible if row.action in ACTS and row.action in acts)
    ]


def evidence_of(application: Application) -> Evidence:
    """What the files of the last submission prove."""
    last = last_submitted(db.session, application)
    files = submitted_files(db.session, application) if asks_for_evidence(last.form) else []
    return evidence_submitted(db.session, application, files, last)


def _shown_by(point: Point, application: Application, evidence: Evidence) -> list[dict[str, Any]]:
    """What is proved about a point: of all documents where it asks whether they are complete, or of those it names."""
    words = set(re.findall(r"\w+", point.rule or ""))
    return [
        {"file": file.filename, "words": list(short_words(evidence.of(file.id)))}
        for file in application.documents
        if (COMPLETE in words or file.slot in words) and evidence.of(file.id).says_something
    ]


def check_rows(application: Application, evidence: Evidence | None = None) -> list[dict[str, Any]]:
    """The points of the formal check in words, with what the staff marked; those to look at are marked."""
    files, evidence = {file.id: file for file in application.documents}, evidence or evidence_of(application)
    return [
        {
            **point_row(row.hint),
            "evidence": _shown_by(row.hint.point, application, evidence),
            "mark": row.mark,
            "document": files.get(row.mark.document_id or 0) if row.mark else None,
            "verdict": label(row.mark.verdict) if row.mark else "",
            "verdict_tone": VERDICT_TONES[row.mark.verdict] if row.mark else "",
        }
        for row in checklist_of(db.session, application)
    ]


def document_rows(application: Application) -> list[dict[str, Any]]:
    """Every slot of the contest with its files, those missing named; then files of slots the contest does not know."""
    files, unkept = submitted_files(db.session, application), unkept_files(db.session, application)
    known = {slot["code"] for slot in application.contest.document_slots}
    rows = [
        {
            "title": localized(slot, "title"),
            "required": bool(slot.get("required")),
            "files": [file for file in files if file.slot == slot["code"]],
            "unkept": [file for file in unkept if file.slot == slot["code"]],
        }
        for slot in application.contest.document_slots
    ]
    others = {
        "files": [file for file in files if file.slot not in known],
        "unkept": [file for file in unkept if file.slot not in known],
    }
    if any(others.values()):
        rows.append({"title": gettext("Documents of other kinds"), "required": False, **others})
    return rows


def review_rows(contest: Contest, application: Application) -> list[dict[str, Any]]:
    """The application's reviews; totals of submitted ones only, where marks are open, with the contest's decimals."""
    rules = rules_of(sheet_criteria(db.session, contest.id, application.nomination_id))
    rounding, shown = contests.rules_of(contest).rounding, sight_of(contest).shows(application.id)
    return [
        {
            "row": row,
            "status": label(row.status, "review"),
            "tone": "warning" if row.barred else tone(row.status, "review"),
            "outside": row.in_scope is False and row.status == ReviewStatus.SUBMITTED,
            "total": _total(rules, row, rounding) if shown else None,
        }
        for row in register.reviews_of(db.session, application.id)
    ]


def _total(rules: Sequence[ExpertCriterion], row: register.ReviewRow, rounding: int) -> Decimal | None:
    """The points of a submitted review; None where it gives none."""
    if row.status != ReviewStatus.SUBMITTED or row.in_scope is False:
        return None
    marks = {code: Decimal(text) for code, text in row.scores.items()}
    given = total(rules, Sheet(scores=marks, abstained=frozenset(row.abstained)))
    return None if given is None else round_half_up(given, rounding)


def history_event(record: journal.HistoryRow) -> dict[str, Any]:
    """A journal record as the timeline shows it: the event in words, who, and the reason where one was given."""
    details = record.details
    parts = [details.get("filename"), details.get("reason"), details.get("clause")]
    if record.event.startswith("conflict."):
        parts = [record.subject_label.partition(" / ")[0]]
    return {
        "at": record.at,
        "text": event_label(record.event),
        "who": record.actor_name,
        "detail": " · ".join(str(part) for part in parts if part),
        "tone": {"application.rejected": "danger", "application.admitted": "success"}.get(record.event),
    }
