"""Stacks of symmetric positive matrices: factors, solutions, inverses.

A stack of one is handed to LAPACK in place, lower triangle only; from :data:`SINGLE_FROM` rows on its inverse is taken
in single precision, which is twice as quick and leaves traces right to six digits; whoever solves with it refines.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from judging.engines.calibration.scores import Floats

SINGLE_FROM = 1500
STEEPEST = 1000.0
"""The greatest element, over the least eigenvalue of 1, that single precision is trusted with."""
LAPACK_FROM = 32


class NotPositive(ArithmeticError):
    """A matrix of the stack is not positive definite."""


@dataclass(frozen=True, eq=False)
class Factor:
    """I + scale · H for a stack ``core`` of H (B, s, s); the lower triangles are read."""

    core: Floats
    scale: float

    @property
    def matrix(self) -> Floats:
        """I + scale · H, made anew."""
        made = self.core * self.scale
        diagonal = np.arange(made.shape[1])
        made[:, diagonal, diagonal] += 1.0
        return made

    @cached_property
    def single(self) -> bool:
        """Whether the work is done in single precision: of great matrices that are well conditioned."""
        if len(self.core) > 1 or self.core.shape[1] < SINGLE_FROM:
            return False
        return self.scale * float(np.diagonal(self.core[0]).max()) <= STEEPEST

    @cached_property
    def _cholesky(self) -> NDArray[Any]:
        """The lower factors of the stack; of a stack of one handed to LAPACK, its transposed upper one."""
        if not self._by_lapack:
            try:
                return np.linalg.cholesky(self.matrix)
            except np.linalg.LinAlgError as fault:
                raise NotPositive from fault
        kind = np.float32 if self.single else np.float64
        return _lapack("potrf", self.matrix[0].astype(kind), "clean")

    @property
    def _by_lapack(self) -> bool:
        return len(self.core) == 1 and self.core.shape[1] >= LAPACK_FROM

    @cached_property
    def inverse(self) -> NDArray[Any]:
        """The inverses (B, s, s); of a stack of one the lower triangle."""
        if not self._by_lapack:
            return cast("Floats", np.linalg.inv(self.matrix))
        return _lapack("potri", self._cholesky.copy())[None]

    def diagonal(self) -> Floats:
        """The diagonals of the inverses, (B, s)."""
        return np.diagonal(self.inverse, axis1=1, axis2=2).astype(np.float64)

    def logdet(self) -> float:
        """The sum of the logarithms of the determinants, in double precision."""
        factor = _lapack("potrf", self.matrix[0]) if self.single else self._cholesky
        return 2.0 * float(np.log(np.diagonal(factor, axis1=-2, axis2=-1)).sum())

    def solve(self, right: Floats) -> Floats:
        """The solutions for right sides (B, s, c), as exact as the factor is."""
        if not self._by_lapack:
            return cast("Floats", np.linalg.solve(self.matrix, right))
        potrs: Callable[..., Any] = lapack.spotrs if self.single else lapack.dpotrs
        return cast("Floats", potrs(self._cholesky.T, right[0], lower=0)[0][None].astype(np.float64))

    def half(self, noise: Floats) -> Floats:
        """L⁻ᵀ ``noise`` for the lower factors L: of the covariance T⁻¹ if the noise is white; (B, s, c)."""
        if not self._by_lapack:
            return cast("Floats", np.linalg.solve(self._cholesky.swapaxes(1, 2), noise))
        trtrs: Callable[..., Any] = lapack.strtrs if self.single else lapack.dtrtrs
        return cast("Floats", trtrs(self._cholesky.T, noise[0], lower=0)[0][None])


def _lapack(name: str, matrix: NDArray[Any], clean: str = "") -> NDArray[Any]:
    """Run ``potrf`` or ``potri`` in place on the lower triangle of a matrix laid out row by row."""
    routine: Callable[..., Any] = getattr(lapack, ("s" if matrix.dtype == np.float32 else "d") + name)
    options = {"clean": 1} if clean else ({"clean": 0} if name == "potrf" else {})
    if name == "potri":
        found, status = routine(matrix.T, lower=0, overwrite_c=1)
    else:
        found, status = routine(matrix.T, lower=0, overwrite_a=1, **options)
    if status:
        raise NotPositive
    return cast("NDArray[Any]", found.T)
