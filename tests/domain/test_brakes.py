from hypothesis import given
from hypothesis import strategies as st

from judging.domain.brakes import SIGN_IN_PAIR, Brake

BRAKES = st.builds(
    Brake, name=st.just("x"), free=st.integers(0, 100), longest=st.integers(1, 3600), memory=st.integers(60, 7200)
)


def test_ten_are_free_then_pauses_double_up_to_a_quarter_of_an_hour():
    pauses = [SIGN_IN_PAIR.pause(n) for n in (0, 9, 10, 11, 12, 13, 17, 18, 19, 20, 1000)]
    assert pauses == [0, 0, 2, 4, 8, 16, 256, 512, 900, 900, 900]


@given(BRAKES, st.integers(0, 10**6))
def test_pauses_never_shrink_and_always_end(brake, failures):
    pause = brake.pause(failures)
    assert (failures >= brake.free) == (pause > 0)
    assert pause <= brake.pause(failures + 1) <= brake.longest
