"""Why an application is short of experts."""

import pytest

from judging.domain.staffing import SHORTAGE_LABELS, Shortage, why_short


@pytest.mark.parametrize(
    ("missing", "eligible", "free", "reason"),
    [
        (0, 0, 0, None),
        (-1, 5, 5, None),
        (1, 0, 0, Shortage.NO_EXPERTS),
        (2, 1, 1, Shortage.CONFLICTS),
        (2, 1, 0, Shortage.CONFLICTS),
        (2, 3, 1, Shortage.LOAD),
        (1, 3, 0, Shortage.LOAD),
        (2, 3, 2, Shortage.NOT_PLANNED),
    ],
)
def test_the_weightiest_cause_of_a_shortage_is_named(
    missing: int, eligible: int, free: int, reason: Shortage | None
) -> None:
    assert why_short(missing, eligible=eligible, free=free) == reason


def test_every_cause_has_a_label() -> None:
    assert set(SHORTAGE_LABELS) == set(Shortage)
