"""The form of a contest asks what its pages ask: the same questions, and the same stops for the same answers."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object, read_form_object
from judging.domain.forms.compiling import compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import form_findings
from judging.domain.forms.looking import look
from judging.queries.checks import check_application
from judging.queries.forms import form_of
from tests import factories
from tests.factories import MOMENT

DATABASES = ("sqlite",)
TODAY = date(2026, 3, 15)


def test_a_whole_draft_is_whole_for_the_form_too(session: Session) -> None:
    contest = factories.contest(session)
    application = factories.application(session, contest, status="draft", summary="О" * 200)
    for slot in contest.document_slots:
        if slot["required"]:
            factories.document(session, application, slot=slot["code"])
    check = check_application(session, application, MOMENT)
    assert check.findings == ()
    assert check.seen.computed("private_share") == Decimal(application.indicators["private_share"])


def test_the_form_of_a_contest_asks_for_its_own_indicators_documents_and_roles(session: Session) -> None:
    contest = factories.contest(session)
    form = form_of(contest)
    assert [section.code for section in form.sections] == [
        "passport", "participants", "finance", "indicators", "documents", "consents",
    ]  # fmt: skip
    assert [one.code for one in form.sections[3].fields] == [one["code"] for one in contest.indicators]
    assert [one.code for one in form.sections[4].fields] == [one["code"] for one in contest.document_slots]
    partners = form.field("partners")
    role = partners and partners.column("role")
    assert role is not None
    assert [one.code for one in role.options] == [one["code"] for one in contest.partner_roles]
    assert read_form_object(form_object(form)) == form


@pytest.mark.parametrize("key", ["min", "max"])
def test_bounds_of_the_computed_share_are_checks(session: Session, key: str) -> None:
    contest = factories.contest(session)
    bounds = {"min": "60", "max": None} if key == "min" else {"min": None, "max": "40"}
    contest.indicators = [
        one | bounds if one["code"] == "private_share" else one for one in contest.indicators
    ]  # fmt: skip
    compiled = compile_form(form_of(contest))
    seen = look(compiled, {"own_funds": 50, "loans": 0, "total_cost": 100}, Circumstances(TODAY))
    told = [one for one in form_findings(compiled, seen) if one.path == "private_share"]
    assert [one.check for one in told] == [f"private_share_{key}"]
