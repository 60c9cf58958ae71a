"""Whose signature it is, and what it is worth beside a document."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.signatures import (
    WORTH,
    Facts,
    Party,
    Signer,
    Verdict,
    Whose,
    counts,
    plain_inn,
    same_person,
    whose,
)

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
OWN, PARTNER = Party("7701234567", "1027700132195"), Party("7702345678")
SIGNER = Signer("Лисицына Ольга Петровна", organisation="ООО «Литейный дом»", organisation_inn=OWN.inn)
SIGNER = replace(SIGNER, valid_from=BEGIN.isoformat(), valid_till=END.isoformat(), signed_at=BEGIN.isoformat())


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (SIGNER, Whose.INITIATOR),
        (replace(SIGNER, organisation_inn="", inn="007701234567"), Whose.INITIATOR),
        (replace(SIGNER, organisation_inn="", ogrn="1027700132195"), Whose.INITIATOR),
        (replace(SIGNER, organisation_inn="7702345678"), Whose.PARTICIPANT),
        (Signer("Лисицына Ольга Петровна", inn="770000000008"), Whose.PERSON),
        (replace(SIGNER, organisation_inn="7709999990"), Whose.OTHER),
    ],
)
def test_whose_it_is_says_the_inn_or_the_ogrn(signer: Signer, expected: Whose) -> None:
    assert whose(signer, OWN, [PARTNER]) is expected
    assert whose(signer, None, []) is Whose.UNKNOWN


def test_a_signature_of_another_organisation_is_worth_nothing_and_one_of_a_person_raises_a_question() -> None:
    other, person = replace(SIGNER, organisation_inn="7709999990"), Signer("Лисицына О. П.", inn="770000000008")
    cases = [(SIGNER,), (other,), (person,), (SIGNER, other)]
    assert [counts(Verdict.VALID, Facts(signers), OWN, [PARTNER]) for signers in cases] == [3, 0, 2, 3]
    assert counts(Verdict.VALID, Facts((SIGNER,), covers=False), OWN, []) == 2
    assert counts(Verdict.VALID, Facts((SIGNER,)), None, []) == 2


@given(st.sampled_from(Verdict), st.booleans())
def test_a_signature_is_never_worth_more_than_its_verdict(verdict: Verdict, known: bool) -> None:
    assert counts(verdict, Facts((SIGNER,)), OWN if known else None, []) <= WORTH[verdict]


def test_a_certificate_has_to_be_in_force_when_the_signature_came_and_when_it_was_made() -> None:
    day = timedelta(days=1)
    instants = (BEGIN - day, BEGIN, BEGIN + day, END, END + day)
    assert [SIGNER.valid_at(one) for one in instants] == [False, True, True, True, False]
    early = replace(SIGNER, signed_at=(BEGIN - day).isoformat())
    assert (early.valid_at(BEGIN + day), replace(SIGNER, signed_at="").valid_at(BEGIN)) == (False, True)


def test_a_name_and_its_initials_are_one_person() -> None:
    name = "Лисицына Ольга Петровна"
    same = ("Лисицына О. П.", "лисицына о.п.", "Лисицына Ольга", name)
    others = ("Лисицына А. П.", "Орлова Ольга Петровна", "")
    assert [same_person(name, one) for one in (*same, *others)] == [True] * 4 + [False] * 3
    assert same_person("Фёдоров Пётр", "Федоров Петр")


def test_facts_are_read_as_they_were_stored() -> None:
    facts = Facts((SIGNER, replace(SIGNER, qualified=True)), matched=True, trusted=None, revocation=False)
    assert Facts.read(facts.stored()) == facts
    assert [plain_inn(one) for one in ("007701234567", "770000000008", "7701234567")] == [
        "7701234567", "770000000008", "7701234567",
    ]  # fmt: skip
