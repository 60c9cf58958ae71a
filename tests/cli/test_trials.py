"""``flask contest trial | trial-wipe``: a trial of another rubric than the preset's, from the shell."""

from sqlalchemy import select

from judging.domain.rehearsals import STEP_LABELS
from judging.models import Contest
from tests.trials import filled_with_few

DATABASES = ["sqlite"]
"""The commands; tests/services/test_trials.py walks trials on every database."""


def outcome(result):
    return result.exit_code, result.stdout, result.stderr


def codes(store):
    with store() as session:
        return session.scalars(select(Contest.code).order_by(Contest.id)).all()


def test_a_trial_is_made_walked_and_wiped(run, store, loaded, monkeypatch):
    filled_with_few(monkeypatch)
    assert outcome(run("trial", "GOLDEN-1")) == (0, "Trial contest: PROBA-GOLDEN-1\n", "")
    steps = "".join(f"{words}\n" for words in STEP_LABELS.values())
    assert outcome(run("trial", "PROBA-GOLDEN-1", "--fill")) == (0, f"{steps}Trial contest: PROBA-GOLDEN-1\n", "")
    ranking = run("ranking", "PROBA-GOLDEN-1", "--format", "json")
    assert (ranking.exit_code, "PROBA-GOLDEN-1-0001" in ranking.stdout) == (0, True)
    wiped = run("trial-wipe", "PROBA-GOLDEN-1")
    assert (wiped.exit_code, wiped.stdout[:46]) == (0, "Wiped PROBA-GOLDEN-1: 3 applications, 6 expert")
    assert codes(store) == ["GOLDEN-1"]


def test_a_real_contest_is_not_wiped_and_an_unknown_one_is_said_so(run, store, loaded):
    assert outcome(run("trial-wipe", "GOLDEN-1")) == (2, "", "This is a real contest, not a trial.\n")
    for command in ("trial", "trial-wipe"):
        assert outcome(run(command, "NONE")) == (2, "", "There is no contest with the code NONE.\n")
    assert codes(store) == ["GOLDEN-1"]
