"""Nothing that a form, an answer, a file's name, a remark or a reason says becomes markup, on any page of anybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from judging.domain.forms.checklist import Verdict
from judging.domain.forms.readers import compile_given
from judging.models import Application
from judging.queries.forms import form_of
from judging.services.applications.receipts import keep_submission, receipt_data
from judging.services.applications.returns import return_application
from judging.services.checklist import MarkDraft, mark_points
from judging.services.forms.form_store import publish_form
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.forms import read
from tests.pp41 import BY, document, draft, fill, with_form
from tests.returned import by
from tests.web.test_access_matrix import ARGUMENTS, rules

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
EVIL = "<xss> onload='1'>\"></textarea></script><!--"
WORDS = {"title", "title_en", "lead", "lead_en", "label", "label_en", "hint", "hint_en", "text", "text_en", "message",
         "message_en", "note", "note_en", "unit", "unit_en", "group", "group_en", "clause"}  # fmt: skip
SHORT = {"unit", "unit_en"}


def spoilt(raw: Any) -> Any:
    """A form of which every text that people read has markup in it."""
    if isinstance(raw, list):
        return [spoilt(one) for one in raw]
    if not isinstance(raw, dict):
        return raw
    return {key: worded(key, value) if isinstance(value, str) else spoilt(value) for key, value in raw.items()}


def worded(key: str, value: str) -> str:
    """A value of a form's file; a text that people read with markup in it, a short one cut."""
    if key in SHORT:
        return f"{value[:20]}{EVIL[:5]}"
    return f"{value}{EVIL}" if key in WORDS else value


def spoil_answers(application: Application) -> None:
    """Markup in what the team wrote, and in the names of its files."""
    for name in ("title", "goal", "summary", "functional_map_position", "place", "contact_name"):
        setattr(application, name, f"{getattr(application, name)}{EVIL}")
    application.cluster.name += EVIL
    for member in application.cluster.members:
        member.organisation.name += EVIL
    for partner in application.partners:
        partner.contribution += EVIL


def world(store: Store) -> tuple[dict[str, str | int], dict[str, int]]:
    """The arguments of the routes, and the people: an application that is given back, its team, staff, an expert."""
    days = timedelta(days=10)
    with store() as session:
        contest = factories.contest(
            session, applications_open=MOMENT - days, applications_close=MOMENT + days, review_close=MOMENT + 4 * days
        )
        with_form(session, contest, compile_given(read(spoilt(document()))))
        publish_form(session, contest, by=BY)
        application = draft(session, contest)
        fill(session, application)
        spoil_answers(application)
        application.number, application.status, application.submitted_at = "001", "submitted", BY.now
        slots = [field.code for field in form_of(contest).fields() if field.kind.value == "file"]
        file = factories.document(session, application, slot=slots[0], filename=f"{EVIL}.pdf")
        session.flush()
        session.refresh(application)
        receipt = receipt_data(application)
        receipt["answers"] |= {"goal": f"Цель{EVIL}", "summary": f"**a** {EVIL}\n\n- {EVIL}"}
        for number in range(2):
            answers = receipt["answers"] | {"place": f"Место {number}{EVIL}"}
            kept = receipt | {"answers": answers}
            keep_submission(session, application.id, kept, sha256="0" * 64, at=BY.now, by_id=None)
        point = form_of(contest).checklist[0].code
        drafts = {point: MarkDraft(Verdict.REMARK, EVIL, file.id)}
        mark_points(session, application.id, drafts, by=by(application))
        remarks = {section.code: EVIL for section in form_of(contest).sections}
        return_application(
            session, application.id, remarks, MOMENT + days / 2, version=application.version, by=by(application)
        )
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, application, "accepted")
        assert application.team is not None
        people = {
            "team": application.team.members[0].user_id, "expert": expert.user_id or 0,
            "secretary": factories.user(session, "secretary", contest).id,
        }  # fmt: skip
        form = form_of(contest)
        known: dict[str, str | int] = {
            **ARGUMENTS, "code": contest.code, "application_id": application.id, "document_id": file.id,
            "review_id": review.id, "expert_id": expert.id, "revision": 0, "number": 1,
            "check": form.checks[0].code, "point": point,
        }  # fmt: skip
        return known, people


PLACES = ("applications.", "register.", "form_editor.", "scoring.")
ASKED = ("goal", "topics", "readiness_level", "partners", "private_share", "consent_truth")
"""Fields of the kinds whose pages differ, seen in the editor."""


def pages_of(app: Flask, known: dict[str, str | int]) -> list[str]:
    """The pages that texts of a form stand on; those of one field for some fields, those of a section for all."""
    form, paths = read(document()), set()
    asked = [form.field(code) for code in ASKED]
    of_fields = [{"field": one.code, "column": "organisation"} for one in asked if one is not None]
    of_sections = [{"section": one.code} for one in form.sections]
    for rule in rules(app):
        if "GET" not in rule.methods or not rule.endpoint.startswith(PLACES) or not rule.arguments <= known.keys():
            continue
        wanted = [{}] if "section" not in rule.arguments else of_sections
        for more in of_fields if "field" in rule.arguments else wanted:
            paths.add(str(rule.build({name: (known | more)[name] for name in rule.arguments})[1]))
    return sorted(paths)


@pytest.mark.parametrize("person", ["team", "expert", "secretary"])
def test_no_text_of_a_form_becomes_markup(app: Flask, store: Store, sign_in: SignIn, person: str) -> None:
    known, people = world(store)
    told, seen = [], 0
    with time_machine.travel(MOMENT, tick=False):
        client = sign_in(people[person])
        for path in pages_of(app, known):
            given = client.get(path, buffered=True)
            drawn = b"<xss" in given.data and given.mimetype == "text/html"
            told += [path] if drawn or given.status_code >= 500 else []
            seen += b"xss" in given.data
    assert (told, seen >= {"team": 10, "expert": 2, "secretary": 40}[person]) == ([], True)
