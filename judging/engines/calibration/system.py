"""The mixed-model equations at given variance ratios (Henderson), the larger side eliminated.

With weights w of the scores (one over their residual variances, as a ratio to σ²) and ratios γ = (γ_many, γ_few) of the
variances of the effects to σ², V = σ² V₀, V₀ = diag(1/w) + γ_many Z_m Z_m' + γ_few Z_f Z_f'. With
e = 1 / (1 + γ_many N_m) the Schur complement over the few is H = diag(N_f) - γ_many W' diag(e) W and T = I + γ_few H.
Everything stays finite at γ = 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array

from judging.engines.calibration.design import Batch, Design
from judging.engines.calibration.factor import Factor
from judging.engines.calibration.scores import Floats, tally

REFINEMENTS = 8
REFINED = 1e-13


@dataclass(frozen=True, eq=False)
class Sums:
    """Weighted sums of something that each score has: over each of the many, each of the few, and all."""

    many: Floats
    few: Floats
    all: float


@dataclass(frozen=True, eq=False)
class Weighted:
    """A design with a weight for each score; scores are taken from ``centre``, their weighted mean."""

    design: Design
    weights: Floats
    cells: Floats
    matrix: csr_array
    many: Floats
    few: Floats
    centre: float
    sums: Sums
    square: float
    log_weights: float

    @property
    def degrees(self) -> int:
        """Scores less one for the mean."""
        return len(self.weights) - 1

    @cached_property
    def transposed(self) -> csc_array:
        """W', (few, many)."""
        return csc_array(self.matrix.T)


def weigh(design: Design, weights: Floats) -> Weighted:
    """Sum up a design under ``weights`` (n,)."""
    cell = tally(design.cells.of_score, weights, len(design.cells.few))
    matrix = design.matrix(cell)
    score = design.scores.score
    centre = float(weights @ score / weights.sum())
    off = weights * (score - centre)
    sums = Sums(
        tally(design.many_of_score, off, design.n_many),
        tally(design.few_of_score, off, design.n_few),
        float(off.sum()),
    )
    return Weighted(
        design=design,
        weights=weights,
        cells=cell,
        matrix=matrix,
        many=tally(design.cells.many, cell, design.n_many),
        few=tally(design.cells.few, cell, design.n_few),
        centre=centre,
        sums=sums,
        square=float(off @ (score - centre)),
        log_weights=float(np.log(weights).sum()),
    )


@dataclass(frozen=True, eq=False)
class Effects:
    """A solution: the mean, and Z'P₀y of each side (the effects are γ times that)."""

    mean: float
    many: Floats
    few: Floats


class System:
    """The equations at one pair of ratios (``many``, ``few``); what is asked for is computed once."""

    def __init__(self, weighted: Weighted, ratios: tuple[float, float]) -> None:
        self.weighted = weighted
        self.many, self.few = ratios
        self.e = 1.0 / (1.0 + self.many * weighted.many)
        shares = self.many * self.e
        self.cross_mean = weighted.transposed @ self.e
        self.shares = shares

    @property
    def batches(self) -> tuple[Batch, ...]:
        """The components of the design, in stacks."""
        return self.weighted.design.batches

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """T of each stack of components."""
        return tuple(self._factor(batch) for batch in self.batches)

    def _factor(self, batch: Batch) -> Factor:
        core = batch.gram(self.weighted.cells, self.shares)
        np.negative(core, out=core)
        diagonal = np.arange(core.shape[1])
        core[:, diagonal, diagonal] += np.append(self.weighted.few, 0.0)[batch.few]
        return Factor(core, self.few)

    def apply(self, right: Floats) -> Floats:
        """T⁻¹ ``right`` for right sides (few, c); what single precision leaves is repaired in double."""
        found = self._blockwise(Factor.solve, right)
        if any(factor.single for factor in self.factors):
            for _ in range(REFINEMENTS):
                off = right - self._times(found)
                if np.abs(off).max() <= REFINED * np.abs(right).max():
                    break
                found += self._blockwise(Factor.solve, off)
        return found

    def half(self, noise: Floats) -> Floats:
        """Draws of covariance T⁻¹ from white ``noise`` (few, c)."""
        return self._blockwise(Factor.half, noise)

    def _blockwise(self, act: Callable[[Factor, Floats], Floats], right: Floats) -> Floats:
        """Act on each stack of components; the few without a score have T = I."""
        padded = np.vstack([right, np.zeros((1, right.shape[1]))])
        found = padded.copy()
        for batch, factor in zip(self.batches, self.factors, strict=True):
            found[batch.few] = act(factor, padded[batch.few])
        return found[:-1]

    def _times(self, right: Floats) -> Floats:
        """T ``right``."""
        weighted = self.weighted
        inner = weighted.few[:, None] * right - weighted.transposed @ (self.shares[:, None] * (weighted.matrix @ right))
        found: Floats = right + self.few * inner
        return found

    @cached_property
    def tilt(self) -> Floats:
        """The vector h = Z_f'V₀⁻¹1: how each of the few leans on the mean, (few,)."""
        return self.apply(self.cross_mean[:, None])[:, 0]

    @cached_property
    def mean_information(self) -> float:
        """1'V₀⁻¹1: each score is of one of the few, and a sum of what is above zero loses no digits."""
        return float(self.tilt.sum())

    @cached_property
    def many_tilt(self) -> Floats:
        """Z_m'V₀⁻¹1, (many,)."""
        found: Floats = self.e * (self.weighted.many - self.few * (self.weighted.matrix @ self.tilt))
        return found

    def solve(self, *right: Sums) -> list[Effects]:
        """Z'P₀f and the means of data f, given by their sums."""
        folded = np.stack([item.few - self.weighted.transposed @ (self.shares * item.many) for item in right], axis=1)
        lean = self.apply(folded)
        return [self._effects(item, lean[:, i]) for i, item in enumerate(right)]

    def _effects(self, sums: Sums, lean: Floats) -> Effects:
        mean = float(lean.sum()) / self.mean_information
        few = lean - mean * self.tilt
        many = self.e * (sums.many - self.weighted.many * mean - self.few * (self.weighted.matrix @ few))
        return Effects(mean, many, few)

    @cached_property
    def effects(self) -> Effects:
        """The solution for the scores; ``mean`` is from their centre."""
        return self.solve(self.weighted.sums)[0]

    @cached_property
    def quadratic(self) -> float:
        """y'P₀y."""
        sums, found = self.weighted.sums, self.effects
        explained = found.mean * sums.all + self.many * (found.many @ sums.many) + self.few * (found.few @ sums.few)
        return max(self.weighted.square - float(explained), 0.0)

    def product(self, sums: Sums, inner: float, effects: Effects) -> float:
        """f'P₀g, from the sums of f, f'Wg = ``inner`` and the solution of g."""
        explained = effects.mean * sums.all + self.many * (effects.many @ sums.many)
        return inner - float(explained) - self.few * float(effects.few @ sums.few)

    @cached_property
    def few_diagonal(self) -> Floats:
        """The diagonal of T⁻¹, (few,)."""
        found = np.ones(len(self.weighted.few) + 1)
        for batch, factor in zip(self.batches, self.factors, strict=True):
            found[batch.few] = factor.diagonal()
        return found[:-1]

    @cached_property
    def spread_cells(self) -> Floats:
        """W T⁻¹ at each cell, (cells,)."""
        found = np.zeros(len(self.weighted.cells))
        for batch, factor in zip(self.batches, self.factors, strict=True):
            here, values = batch.spread(self.weighted.cells, factor.inverse)
            found[here] = values
        return found

    @cached_property
    def spread(self) -> Floats:
        """The diagonal of W T⁻¹ W', (many,)."""
        cells = self.weighted.design.cells
        return tally(cells.many, self.weighted.cells * self.spread_cells, len(self.weighted.many))

    @cached_property
    def traces(self) -> tuple[float, float]:
        """tr(P₀ZZ') of the many and of the few."""
        weighted, e = self.weighted, self.e
        few = float(weighted.few @ self.few_diagonal - self.shares @ self.spread)
        few -= float(self.tilt @ self.tilt) / self.mean_information
        many = float(weighted.many @ e - self.few * (e**2 @ self.spread))
        many -= float(self.many_tilt @ self.many_tilt) / self.mean_information
        return many, few

    @cached_property
    def logdet(self) -> float:
        """log|V₀| + log 1'V₀⁻¹1."""
        inner = sum(factor.logdet() for factor in self.factors)
        return inner - self.weighted.log_weights - float(np.log(self.e).sum()) + float(np.log(self.mean_information))

    @property
    def scale(self) -> float:
        """The σ² that is best for these ratios."""
        return self.quadratic / max(self.weighted.degrees, 1)

    @property
    def criterion(self) -> float:
        """Minus twice the REML log likelihood at the best σ², as lme4 counts it."""
        degrees = self.weighted.degrees
        if not degrees:
            return 0.0
        return degrees * float(1.0 + np.log(2.0 * np.pi * max(self.scale, 1e-300))) + self.logdet

    def prediction_variances(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Of many, few, mean + many, mean + few: variances of what is predicted less what is true, over σ²."""
        many_lean = self.shares * (self.weighted.many - self.few * (self.weighted.matrix @ self.tilt))
        many = self.shares + self.shares**2 * self.few * self.spread
        few = self.few * self.few_diagonal
        few_lean = self.few * self.tilt
        information = self.mean_information
        return (
            many + many_lean**2 / information,
            few + few_lean**2 / information,
            many + (1.0 - many_lean) ** 2 / information,
            few + (1.0 - few_lean) ** 2 / information,
        )
