"""The plain comparison of an expert with the others on the same projects."""

from judging.queries.firmness.comparing import Beside, beside_others
from judging.queries.firmness.marks import Row, lay_out


def test_only_projects_that_others_judged_are_compared_and_each_counts_once():
    marks = lay_out(
        [
            Row("1", "a", 60.0), Row("1", "b", 70.0), Row("1", "c", 80.0),
            Row("2", "a", 50.0), Row("2", "b", 40.0),
            Row("3", "a", 99.0),
            Row("4", "d", 10.0),
        ]
    )  # fmt: skip
    assert beside_others(marks) == {
        "a": Beside(55.0, 57.5),
        "b": Beside(55.0, 60.0),
        "c": Beside(80.0, 65.0),
        "d": Beside(None, None),
    }
