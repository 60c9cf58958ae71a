import pytest

from judging.domain.errors import N_, Fault, Refused, RuleViolation


def test_marking_a_message_leaves_it_as_it_is():
    assert N_("The weight is %(weight)s") == "The weight is %(weight)s"


def test_refusal_fills_in_its_values():
    refusal = RuleViolation("No %(what)s before %(when)s", what="marks", when="noon")
    assert str(refusal) == "No marks before noon"
    assert (refusal.message, refusal.params) == ("No %(what)s before %(when)s", {"what": "marks", "when": "noon"})


def test_message_without_values_may_hold_a_percent_sign():
    assert str(RuleViolation("At most 100 %")) == "At most 100 %"
    assert str(Fault("share", "At most 100 %")) == "share: At most 100 %"


@pytest.mark.parametrize(("path", "text"), [("criteria[1].code", "criteria[1].code: Twice: C1"), ("", "Twice: C1")])
def test_fault_says_where_it_is(path, text):
    assert str(Fault(path, "Twice: %(code)s", {"code": "C1"})) == text


def test_refusal_lists_every_fault():
    refused = Refused(iter((Fault("a", "One"), Fault("b", "Two"))))
    assert refused.faults == (Fault("a", "One"), Fault("b", "Two"))
    assert str(refused) == "a: One\nb: Two"
    assert str(Refused(())) == "The data have faults"
