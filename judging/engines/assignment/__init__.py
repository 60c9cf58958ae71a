"""Who judges what: the plan that is best under the hard rules, its certificate, its explanation, or its diagnosis.

:func:`solve` is the plain question over arrays; :func:`plan` knows group rules, earlier plans and certificates.
Importing the package compiles it, some fifteen seconds the first time on a machine and half a second afterwards.
"""

from judging.engines.assignment.answer import (
    ENGINE_VERSION,
    Certificate,
    Changes,
    Diagnosis,
    Infeasible,
    Plan,
    Relaxation,
)
from judging.engines.assignment.diagnosis import diagnose
from judging.engines.assignment.explaining import Gain, Obstacle, value_of_expert, why_not, why_not_all
from judging.engines.assignment.instance import digest
from judging.engines.assignment.planning import plan, solve
from judging.engines.assignment.problem import GOALS, Goal, GroupRule, InputFault, Pair, Problem
from judging.engines.assignment.warming import warm_up

__all__ = [
    "ENGINE_VERSION", "GOALS", "Certificate", "Changes", "Diagnosis", "Gain", "Goal", "GroupRule", "Infeasible",
    "InputFault", "Obstacle", "Pair", "Plan", "Problem", "Relaxation", "diagnose", "digest", "plan", "solve",
    "value_of_expert", "why_not", "why_not_all",
]  # fmt: skip

warm_up()
