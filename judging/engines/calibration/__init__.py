"""How firm the ranking is: severity of experts, quality of projects, and how far the scores carry.

Experts' scores are codes and numbers: ``rater`` and ``item`` (n,) of whole numbers 0..J-1 and 0..I-1, ``score`` (n,).
The model is score = mu + quality of the project + severity of the expert + noise, by REML. It is advice beside the
official total, which stays plain arithmetic.
"""

from judging.engines.calibration.advising import NextReview, next_expert
from judging.engines.calibration.agreement import Agreement, agreement
from judging.engines.calibration.calibrating import Calibration, calibrate
from judging.engines.calibration.components import Components, components
from judging.engines.calibration.misfit import ENOUGH, Informative, Misfit, expert_misfit, informative
from judging.engines.calibration.ranking import Ranks, ranks
from judging.engines.calibration.scores import InputFault, Limit

ENGINE_VERSION = "calibration-3"
"""Changes whenever the same scores may give other figures."""

__all__ = [
    "ENGINE_VERSION", "ENOUGH", "Agreement", "Calibration", "Components", "Informative", "InputFault", "Limit",
    "Misfit", "NextReview", "Ranks", "agreement", "calibrate", "components", "expert_misfit", "informative",
    "next_expert", "ranks",
]  # fmt: skip
