"""Severity of the experts, quality of the projects, and how sure both are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from judging.engines.calibration.fixed import FixedEffects, solve_fixed
from judging.engines.calibration.misfit import with_alarm
from judging.engines.calibration.model import Model, estimate
from judging.engines.calibration.noise import expected
from judging.engines.calibration.scores import Floats, InputFault, Limit, read_scores


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the scores say of I projects and J experts; everything on the scale of the scores.

    ``quality`` (I,) is the mean and the project's effect, ``severity`` (J,) the expert's effect: above zero is more
    generous than the average expert. ``quality_se`` and ``severity_se`` are standard deviations of the prediction error
    (that of the quality includes the mean's). ``noise`` (J,) is the standard deviation of what an expert's scores hold
    beside both effects, ``noise_degrees`` (J,) the degrees of freedom behind an expert's own share of it.
    ``variances`` has ``item``, ``rater`` and ``residual`` (its mean over the scores where experts are noisy each in
    their own way). ``expected`` (n,) is what each score would be without that noise. ``reml_crit`` is minus twice the
    REML log likelihood; of fixed effects it is not a number. ``limits`` say what is not known.
    """

    quality: Floats
    quality_se: Floats
    severity: Floats
    severity_se: Floats
    noise: Floats
    noise_degrees: Floats
    variances: Mapping[str, float]
    mu: float
    mu_se: float
    reml_crit: float
    expected: Floats
    limits: tuple[Limit, ...]


def calibrate(
    rater: ArrayLike,
    item: ArrayLike,
    score: ArrayLike,
    *,
    expert_noise: bool = False,
    effects: Literal["random", "fixed"] = "random",
) -> Calibration:
    """Fit score = mu + quality + severity + noise by REML (Henderson 1975; Patterson & Thompson 1971).

    With ``expert_noise`` each expert has a residual variance of his own, shrunk towards the others'. ``effects`` fixed
    is plain least squares: for contests where strict experts sat on strong projects; what is not linked by scores is
    then comparable in no way, and each component's severities have the mean 0.
    Raises :class:`InputFault` where the arrays are no scores.
    """
    scores = read_scores(rater, item, score)
    if effects == "fixed":
        return _of_fixed(solve_fixed(scores))
    if effects != "random":
        raise InputFault(f"effects must be random or fixed, not {effects!r}")
    return of_model(estimate(scores, expert_noise=expert_noise))


def of_model(model: Model) -> Calibration:
    """Read the calibration off a fitted model."""
    system, design = model.system, model.design
    sigma2 = 0.0 if model.identical else system.scale
    found = system.effects
    variances = [np.maximum(each, 0.0) * sigma2 for each in system.prediction_variances()]
    items, raters = design.sides(
        (system.many * found.many, variances[0], variances[2]),
        (system.few * found.few, variances[1], variances[3]),
    )
    ratios = design.sides(system.many, system.few)
    mu = system.weighted.centre + found.mean
    unknown = [_unknown(model, limits) * sigma2 for limits in (_NO_QUALITY, _NO_SEVERITY)]
    return Calibration(
        quality=mu + items[0],
        quality_se=np.sqrt(items[2] + unknown[0]),
        severity=raters[0],
        severity_se=np.sqrt(raters[1] + unknown[1]),
        noise=np.sqrt(model.noise.ratios * sigma2),
        noise_degrees=model.noise.degrees,
        variances={"item": ratios[0] * sigma2, "rater": ratios[1] * sigma2, "residual": sigma2},
        mu=mu,
        mu_se=float(np.sqrt(sigma2 / system.mean_information)),
        reml_crit=float("nan") if model.identical else system.criterion,
        expected=expected(system),
        limits=with_alarm(model),
    )


_NO_QUALITY = {Limit.ONE_PROJECT, Limit.PROJECTS_SEEN_ONCE}
_NO_SEVERITY = {Limit.ONE_EXPERT, Limit.EXPERTS_HEARD_ONCE}


def _unknown(model: Model, limits: set[Limit]) -> float:
    """1 where an effect cannot be told from the residual: then the residual may all be that effect."""
    return 1.0 if limits & set(model.limits) else 0.0


def _of_fixed(found: FixedEffects) -> Calibration:
    return Calibration(
        quality=found.quality,
        quality_se=found.quality_se,
        severity=found.severity,
        severity_se=found.severity_se,
        noise=np.full(len(found.severity), np.sqrt(found.residual)),
        noise_degrees=np.zeros(len(found.severity)),
        variances={
            "item": float(found.quality[found.judged].var(ddof=1)) if found.judged.sum() > 1 else 0.0,
            "rater": float(found.severity.var(ddof=1)) if len(found.severity) > 1 else 0.0,
            "residual": found.residual,
        },
        mu=float(found.quality[found.judged].mean()),
        mu_se=float("nan"),
        reml_crit=float("nan"),
        expected=found.expected,
        limits=found.limits,
    )
