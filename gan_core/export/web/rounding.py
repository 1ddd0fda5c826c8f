"""Rounding the numbers of a kernel so that their errors make up for each other (GPTQ).

Frantar et al., 2023, https://arxiv.org/abs/2210.17323: input by input, and what rounding changes for one
is given to the inputs that come with it, before they are rounded.
"""

from __future__ import annotations

import numpy as np

DAMPING = (
    0.01  # of the mean variance, added to each: what was seen of the inputs is not all there is
)
BLOCK = 64  # inputs whose errors reach the later ones in one product


class Rounding:
    """Of the kernels of a layer.

    Args:
        moments: [C, C], the mean of x x^T over what goes in.
    """

    def __init__(self, moments: np.ndarray):
        variances = np.diag(moments)
        damped = moments.astype(np.float64) + DAMPING * max(variances.mean(), 1e-30) * np.eye(
            len(moments)
        )
        self._order = np.argsort(-variances, kind="stable")
        turned = damped[np.ix_(self._order, self._order)]
        self._upper = np.linalg.cholesky(np.linalg.inv(turned)).T
        left = 1 / np.diag(self._upper) ** 2
        self.share = float(left.mean() / np.diag(damped).mean())
        """Of the squared error of plain rounding: what is left."""

    def multiples(self, matrix: np.ndarray, step: float) -> np.ndarray:
        """int32 [C, N]: multiples of a step for the numbers [C, N] of each input, for N outputs."""
        rest = matrix[self._order].astype(np.float32)
        upper = self._upper.astype(np.float32)
        found = np.empty(rest.shape, np.int32)
        for start in range(0, len(rest), BLOCK):
            block = slice(start, start + BLOCK)
            errors = _block(rest[block], found[block], upper[block, block], np.float32(step))
            rest[start + BLOCK :] -= upper[block, start + BLOCK :].T @ errors
        back = np.empty_like(found)
        back[self._order] = found
        return back


def _block(rest: np.ndarray, found: np.ndarray, upper: np.ndarray, step: np.float32) -> np.ndarray:
    """Rounds a few inputs into `found`; returns [inputs, N]: what each leaves for the later ones."""
    errors = np.empty_like(rest)
    for i in range(len(rest)):
        found[i] = np.rint(rest[i] / step)
        errors[i] = (rest[i] - found[i] * step) / upper[i, i]
        rest[i + 1 :] -= np.outer(upper[i, i + 1 :], errors[i])
    return errors
