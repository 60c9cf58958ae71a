"""The form of a contest asks what its pages ask: the same questions, and the same stops for the same answers."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object, read_form_object
from judging.domain.completeness import Dossier, Section, findings, private_share, stops
from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.domain.forms.environment import Circumstances
from judging.domain.forms.findings import form_findings
from judging.domain.forms.looking import look
from judging.queries.answers import answers_of, circumstances_of
from judging.queries.dossiers import dossier_of, requirements_of
from judging.queries.forms import form_of
from tests import factories
from tests.domain.test_completeness import WHOLE

DATABASES = ("sqlite",)
TODAY = date(2026, 3, 15)
PLAIN = [one.name for one in fields(Dossier)][3:-4]


def answers(dossier: Dossier, own: set[str]) -> dict[str, Any]:
    """The answers to the form that say what the dossier says."""
    given = {name: getattr(dossier, name) for name in PLAIN if name not in ("partners", "readiness_level")}
    given |= {name: getattr(dossier, name) for name in ("consent_truth", "consent_personal_data")}
    return {
        **given,
        "consent_no_double_funding": dossier.consent_no_double_funding,
        "readiness_level": dossier.readiness_level and f"t{dossier.readiness_level}",
        "partners": tuple({"organisation": inn, "role": role} for inn, role in dossier.partners),
        **{code: value for code, value in dossier.indicators.items() if code in own},
        **{slot: tuple(str(n) for n in range(count)) for slot, count in dossier.documents.items()},
    }


MONEY = st.none() | st.sampled_from([0, 50, 100, 200, 15_000_000_001])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(["", "Слова"]) for name in (
            "title", "goal", "functional_map_position", "place", "contact_name", "contact_phone", "contact_email")},
        "summary": st.sampled_from(["", "S" * 5, "S" * 200]),
        "topics": st.sampled_from([(), ("28.41",)]),
        "readiness_level": st.sampled_from([None, 9]),
        "starts_on": st.sampled_from([None, date(2026, 6, 1), date(2029, 1, 1)]),
        "ends_on": st.sampled_from([None, date(2026, 6, 1), date(2028, 6, 1)]),
        "initiator": st.sampled_from([None, "1", "2", "7"]),
        "partners": st.lists(st.tuples(st.sampled_from(["1", "2", "3", "7"]), st.sampled_from(["", "supplier"])),
                             max_size=3).map(tuple),
        "total_cost": MONEY, "own_funds": MONEY, "loans": MONEY, "other_budget": MONEY, "requested": MONEY,
        "consent_truth": st.booleans(), "consent_personal_data": st.booleans(),
        "consent_no_double_funding": st.booleans(),
        "jobs": st.sampled_from([None, Decimal(-1), Decimal("1.5"), Decimal(100_001)]),
        "passport": st.sampled_from([0, 1, 2]),
    },
)  # fmt: skip


def test_the_form_has_the_same_stops_as_the_pages(session: Session) -> None:
    contest = factories.contest(session)
    needs = requirements_of(contest)
    compiled = compile_form(form_of(contest))
    own = {rule.code for rule in needs.indicators if rule.code != "private_share"}
    enough = {rule.code: max(rule.least or Decimal(1), Decimal(1)) for rule in needs.indicators}
    whole = replace(WHOLE, members=frozenset({"1", "2", "3"}), indicators=enough,
                    documents=dict.fromkeys(needs.required_slots, 1))  # fmt: skip

    @given(CHANGES)
    def same_stops(changed: dict[str, Any]) -> None:
        jobs, passport = changed.pop("jobs", Decimal(5)), changed.pop("passport", 1)
        dossier = replace(whole, **changed)
        share = private_share(dossier.own_funds, dossier.loans, dossier.total_cost)
        typed = {code: value for code, value in {**enough, "jobs": jobs, "private_share": share}.items()
                 if value is not None}  # fmt: skip
        dossier = replace(dossier, indicators=typed, documents={**whole.documents, "passport": passport})
        assert new_stops(compiled, dossier, own, needs.cap) == old_stops(dossier, needs)

    same_stops()


def old_stops(dossier: Dossier, needs: Any) -> dict[str, bool]:
    """Which sections the pages' rules stop at, the share of private funds aside, which the finance section decides."""
    found = stops(findings(dossier, needs, TODAY))
    here = {one.section.value for one in found if one.name != "private_share"}
    sections = [section for section in Section if section not in (Section.CLUSTER, Section.NOMINATION)]
    return {section.value: section.value in here for section in sections}


def new_stops(compiled: CompiledForm, dossier: Dossier, own: set[str], cap: int | None) -> dict[str, bool]:
    here = Circumstances(TODAY, cap=cap, cluster=dossier.members)
    found = form_findings(compiled, look(compiled, answers(dossier, own), here))
    stopped = {one.section for one in found if one.stop and one.path != "private_share"}
    return {part.section.code: part.section.code in stopped for part in compiled.sections}


def test_a_whole_draft_is_whole_for_the_form_too(session: Session) -> None:
    contest = factories.contest(session)
    application = factories.application(session, contest, status="draft", summary="О" * 200)
    for slot in contest.document_slots:
        if slot["required"]:
            factories.document(session, application, slot=slot["code"])
    needs = requirements_of(contest)
    compiled = compile_form(form_of(contest))
    seen = look(compiled, answers_of(application, compiled), circumstances_of(application, TODAY))
    old = [(one.section.value, one.name) for one in findings(dossier_of(application), needs, TODAY)]
    assert [(one.section, one.path) for one in form_findings(compiled, seen)] == old == []
    assert seen.computed("private_share") == Decimal(application.indicators["private_share"])


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
