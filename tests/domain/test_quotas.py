"""A file fits, or the sentence says what is used up and what to do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.quotas import (
    CONTEST_FULL,
    MB,
    TEAM_FULL,
    TOO_OFTEN,
    OverQuota,
    UploadRules,
    Usage,
    megabytes,
    require_room,
)

RULES = UploadRules(
    team_bytes=500 * MB, contest_bytes=900 * MB, hourly_files=3, hourly_bytes=100 * MB, keep_days=30, reserve=0
)
NOTHING = Usage(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("usage", "size", "message", "params"),
    [
        (Usage(480 * MB, 0, 0, 0), 21 * MB, TEAM_FULL, {"size": "21", "used": "480", "limit": "500", "days": 30}),
        (Usage(0, 899 * MB, 0, 0), 2 * MB, CONTEST_FULL, {"size": "2", "used": "899", "limit": "900"}),
        (Usage(0, 0, 3, 0), 1, TOO_OFTEN, {"size": "0,1", "files": 3, "limit": "100"}),
        (Usage(0, 0, 0, 100 * MB), 1, TOO_OFTEN, {"size": "0,1", "files": 3, "limit": "100"}),
    ],
)
def test_what_does_not_fit_is_told_with_its_figures(usage: Usage, size: int, message: str, params: dict) -> None:
    with pytest.raises(OverQuota) as refused:
        require_room(usage, RULES, name="План.pdf", size=size)
    assert (refused.value.message, refused.value.params) == (message, {"name": "План.pdf", **params})


@given(
    st.integers(0, 600 * MB), st.integers(0, 1000 * MB), st.integers(0, 5), st.integers(0, 200 * MB), st.integers(0, MB)
)
def test_a_file_is_taken_exactly_where_every_limit_holds_with_it(
    team: int, contest: int, files: int, hourly: int, size: int
) -> None:
    usage = Usage(team, contest, files, hourly)
    then = usage.with_file(size)
    fits = (
        then.team <= RULES.team_bytes
        and then.contest <= RULES.contest_bytes
        and then.hour_files <= RULES.hourly_files
        and then.hour_bytes <= RULES.hourly_bytes
    )
    try:
        require_room(usage, RULES, name="x", size=size)
        taken = True
    except OverQuota:
        taken = False
    assert taken is fits


def test_a_limit_may_be_filled_to_the_byte() -> None:
    exact = replace(RULES, hourly_bytes=500 * MB)
    require_room(NOTHING, exact, name="x", size=500 * MB)
    with pytest.raises(OverQuota):
        require_room(NOTHING, exact, name="x", size=500 * MB + 1)


def test_megabytes_are_short_and_something_is_never_nothing() -> None:
    sizes = (0, 1, MB // 2, MB, 3 * MB // 2, 9 * MB, 10 * MB, 10 * MB + MB // 2, 500 * MB)
    assert [megabytes(size) for size in sizes] == ["0", "0,1", "0,5", "1", "1,5", "9", "10", "10", "500"]
