"""An archive beyond the bounds is refused in words, and no refusal is longer than anybody can read."""

import json

import pytest

from judging.adapters.archive import read_archive
from judging.adapters.strict_json.bounds import LONGEST_SHOWN, MOST_FAULTS
from judging.domain.errors import Refused
from tests.hostile.archives import CASES, GOLDEN, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_hostile_archives_are_refused_in_words(case: Case) -> None:
    with pytest.raises(Refused) as refusal:
        read_archive(case.make())
    assert case.words in str(refusal.value)
    assert len(str(refusal.value)) < MOST_FAULTS * (2 * LONGEST_SHOWN + 100)


def test_a_fault_repeats_no_more_of_the_file_than_can_be_read() -> None:
    document = json.loads(GOLDEN.read_text("utf-8"))
    document["reviews"][0]["expert"] = "x" * 100_000
    with pytest.raises(Refused) as refusal:
        read_archive(json.dumps(document).encode())
    assert all(
        len(str(value)) <= LONGEST_SHOWN + 1 for fault in refusal.value.faults for value in fault.params.values()
    )


def test_every_fault_is_told_up_to_the_bound() -> None:
    document = json.loads(GOLDEN.read_text("utf-8"))
    document["conflicts"] = [{}] * 1000
    with pytest.raises(Refused) as refusal:
        read_archive(json.dumps(document).encode())
    assert len(refusal.value.faults) == MOST_FAULTS + 1
    assert str(refusal.value.faults[-1]).startswith("and ")
