"""The mixed model by plain matrix algebra: V written out, inverted, maximised by a general optimiser.

Knows nothing of the engine; meant for some tens of scores, and good for a few thousand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize
from scipy.special import digamma, polygamma

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Variances:
    """Of projects, of experts, and of every score's residual (n,)."""

    item: float
    rater: float
    residual: Floats


@dataclass(frozen=True)
class Solution:
    """What the plain algebra says at given variances; errors are those of predictions, the mean's in quality's."""

    mu: float
    mu_se: float
    quality: Floats
    quality_se: Floats
    severity: Floats
    severity_se: Floats
    fitted: Floats
    covariance: Floats
    """Of the errors of the quality, (I, I)."""
    left: Floats
    """One less the leverage of each score, (n,): the share of its residual variance that its residual shows."""


@dataclass(frozen=True)
class Plain:
    """Scores with incidence matrices written out."""

    rater: NDArray[np.int64]
    item: NDArray[np.int64]
    score: Floats

    @classmethod
    def of(cls, rater: ArrayLike, item: ArrayLike, score: ArrayLike) -> "Plain":
        """Take anything that looks like rows."""
        return cls(np.asarray(rater, np.int64), np.asarray(item, np.int64), np.asarray(score, np.float64))

    def incidence(self) -> tuple[Floats, Floats]:
        """Scores × projects and scores × experts."""
        return np.eye(self.item.max() + 1)[self.item], np.eye(self.rater.max() + 1)[self.rater]

    def residual(self, variance: float) -> Floats:
        """The same residual variance for every score."""
        return np.full(len(self.score), variance)

    def covariance(self, variances: Variances) -> Floats:
        """V."""
        items, raters = self.incidence()
        return np.asarray(
            variances.item * items @ items.T + variances.rater * raters @ raters.T + np.diag(variances.residual)
        )

    def criterion(self, variances: Variances) -> float:
        """Minus twice the REML log likelihood: (n-1) log 2π + log|V| + log 1'V⁻¹1 + (y-µ)'V⁻¹(y-µ)."""
        inverse = np.linalg.inv(self.covariance(variances))
        information = inverse.sum()
        off = self.score - inverse.sum(axis=0) @ self.score / information
        logdet = np.linalg.slogdet(self.covariance(variances))[1]
        return float((len(off) - 1) * np.log(2 * np.pi) + logdet + np.log(information) + off @ inverse @ off)

    def solve(self, variances: Variances) -> Solution:
        """The mean by generalised least squares, the effects by regression on what is left, their prediction errors."""
        items, raters = self.incidence()
        inverse = np.linalg.inv(self.covariance(variances))
        ones = np.ones(len(self.score))
        of_mean = 1.0 / (ones @ inverse @ ones)
        mean = of_mean * (ones @ inverse @ self.score)
        projection = inverse - of_mean * np.outer(inverse @ ones, ones @ inverse)
        lean = variances.item * items.T
        quality = mean + lean @ inverse @ (self.score - mean)
        towards = of_mean * (lean @ inverse @ ones)
        covariance = variances.item * np.eye(items.shape[1]) - lean @ projection @ lean.T
        covariance = covariance + of_mean - towards[:, None] - towards[None, :]
        of_raters = variances.rater * raters.T
        severity = of_raters @ inverse @ (self.score - mean)
        of_severity = variances.rater * np.eye(raters.shape[1]) - of_raters @ projection @ of_raters.T
        return Solution(
            mu=float(mean),
            mu_se=float(np.sqrt(of_mean)),
            quality=quality,
            quality_se=np.sqrt(np.diag(covariance).clip(0)),
            severity=severity,
            severity_se=np.sqrt(np.diag(of_severity).clip(0)),
            fitted=items @ quality + raters @ severity,
            covariance=covariance,
            left=variances.residual * np.diag(projection),
        )

    def last_predicted(self, variances: Variances) -> tuple[float, float]:
        """What the other scores make of the last one: its expectation and standard deviation, the mean estimated."""
        inverse = np.linalg.inv(self.covariance(variances))
        lean = inverse.sum(axis=0)
        row = inverse[-1] - lean[-1] * lean / lean.sum()
        return float(self.score[-1] - row @ self.score / row[-1]), float(1 / np.sqrt(row[-1]))

    def profiled(self, ratios: ArrayLike) -> tuple[float, Variances]:
        """The criterion at the best residual variance for standard deviations as ratios to the residual's."""
        of_item, of_rater = np.asarray(ratios, np.float64) ** 2
        shape = Variances(float(of_item), float(of_rater), self.residual(1.0))
        inverse = np.linalg.inv(self.covariance(shape))
        off = self.score - inverse.sum(axis=0) @ self.score / inverse.sum()
        best = float(off @ inverse @ off) / (len(off) - 1)
        variances = Variances(best * of_item, best * of_rater, self.residual(best))
        return self.criterion(variances), variances

    def best(self) -> tuple[float, Variances]:
        """The least criterion that a general optimiser finds from ratios of one, where lme4 starts too.

        Of few scores the likelihood may have a higher peak elsewhere, of next to no residual.
        """
        made = minimize(
            lambda ratios: self.profiled(ratios)[0],
            (1.0, 1.0),
            method="L-BFGS-B",
            bounds=[(0.0, 1e3)] * 2,
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        return self.profiled(made.x)


def squeezed(variances: Floats, degrees: Floats) -> Floats:
    """Variances shrunk towards their common value as limma does (Smyth 2004, section 6.2), the prior by its moments."""
    half = degrees / 2
    logs = np.log(variances) - digamma(half) + np.log(half)
    excess = logs.var(ddof=1) - polygamma(1, half).mean()
    if excess <= 0:
        return np.full(len(variances), degrees @ variances / degrees.sum())
    prior = 2 * brentq(lambda value: polygamma(1, value) - excess, 1e-6, 1e9, xtol=1e-12)
    common = np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2))
    return np.asarray((prior * common + degrees * variances) / (prior + degrees), np.float64)
