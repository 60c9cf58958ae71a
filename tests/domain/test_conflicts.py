import pytest

from judging.domain.conflicts import (
    DECLARED,
    DETECTED,
    REASON_LABELS,
    Reason,
    blocked,
    detect,
    pairs,
    reason_code,
    reason_message,
    reason_words,
    stored_reason,
)
from judging.domain.record import Cluster, Conflict, Expert, Partner
from tests.domain.records import application

INITIATOR, PARTNER, MANAGING, STRANGER = "0000001004", "0000001050", "0000001068", "0000001075"
CLUSTER = Cluster("K", "Cluster", "16", "Machinery", MANAGING, (INITIATOR, PARTNER))
PROJECT = application("001", initiator=INITIATOR, partners=(Partner(PARTNER, "supplier"),))


def expert(name, organisation):
    return Expert(f"{name}@example.org", name, organisation, "16", (), 10)


@pytest.mark.parametrize(
    ("employer", "reason"),
    [(INITIATOR, "employer_initiator"), (PARTNER, "employer_partner"), (MANAGING, "employer_managing")],
)
def test_employer_with_an_interest_is_a_conflict(employer, reason):
    found = detect([PROJECT], [CLUSTER], [expert("petrov", employer)])
    assert found == (Conflict("petrov@example.org", "001", f"{reason}:{employer}"),)


@pytest.mark.parametrize("employer", [STRANGER, None, ""])
def test_employer_without_an_interest_is_none(employer):
    assert detect([PROJECT], [CLUSTER], [expert("petrov", employer)]) == ()


def test_membership_in_the_cluster_alone_is_no_conflict():
    other = application("002", initiator=STRANGER)
    assert detect([other], [CLUSTER], [expert("petrov", PARTNER)]) == ()


def test_pair_is_found_once_with_the_weightiest_reason():
    cluster = Cluster("K", "Cluster", "16", "Machinery", INITIATOR, ())
    project = application("001", initiator=INITIATOR, partners=(Partner(INITIATOR, "supplier"),))
    assert detect([project], [cluster], [expert("petrov", INITIATOR)]) == (
        Conflict("petrov@example.org", "001", f"employer_initiator:{INITIATOR}"),
    )


def test_conflicts_come_by_application_then_by_expert():
    other = application("002", initiator=PARTNER)
    experts = [expert("b", PARTNER), expert("a", PARTNER)]
    found = [(item.expert, item.application) for item in detect([PROJECT, other], [CLUSTER], experts)]
    assert found == [
        ("b@example.org", "001"),
        ("a@example.org", "001"),
        ("b@example.org", "002"),
        ("a@example.org", "002"),
    ]


def test_unknown_cluster_has_no_managing_organisation():
    assert detect([PROJECT], [], [expert("petrov", MANAGING)]) == ()


def test_pair_in_the_list_is_blocked_and_no_other():
    barred = pairs([Conflict("a@example.org", "001", "other")])
    assert blocked(barred, "a@example.org", "001")
    assert not blocked(barred, "a@example.org", "002")
    assert not blocked(barred, "b@example.org", "001")


def test_every_reason_has_its_label_and_is_found_or_declared():
    assert list(REASON_LABELS) == list(Reason)
    assert (*DETECTED, *DECLARED) == tuple(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_stored_reason_is_read_back(reason):
    assert reason_code(stored_reason(reason)) is reason
    assert reason_code(stored_reason(reason, INITIATOR)) is reason
    assert reason_message(stored_reason(reason)) == (REASON_LABELS[reason], {})


def test_detected_reason_names_the_organisation():
    message, values = reason_message(f"employer_partner:{PARTNER}")
    assert message % values == f"The expert works at a partner of the project (INN {PARTNER})"


def test_reason_in_words_stands_for_itself():
    message, values = reason_message("Работает у заявителя: 100 %")
    assert (reason_code("Работает у заявителя: 100 %"), message % values) == (None, "Работает у заявителя: 100 %")


def test_the_words_added_to_a_declared_reason_are_kept() -> None:
    stored = stored_reason(Reason.RELATIVE, "брат: главный инженер")
    assert (stored, reason_words(stored), reason_code(stored)) == (
        "relative:брат: главный инженер",
        "брат: главный инженер",
        Reason.RELATIVE,
    )
    assert reason_words(stored_reason(Reason.EMPLOYER_PARTNER, "0000001004")) == ""
    assert reason_words("Своими словами: так") == ""
