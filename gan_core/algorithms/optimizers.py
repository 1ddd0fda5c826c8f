"""Adam and the moving average of weights, as single fused operations per variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Adam:
    """Adam (Kingma & Ba, 2015, algorithm 1 in its efficient form), with the rate given per step.

    Equal to `keras.optimizers.Adam`, epsilon 1e-7 included, but one fused kernel a variable
    instead of a dozen small operations; all its state are plain variables for the checkpoint.

    Args:
        variables: the tf.Variables it will update, in a fixed order.
    """

    def __init__(
        self,
        variables: Iterable[tf.Variable],
        *,
        beta_1: float,
        beta_2: float,
        epsilon: float = 1e-7,
    ) -> None:
        self.targets = list(variables)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.first = [tf.Variable(tf.zeros_like(v), trainable=False) for v in self.targets]
        self.second = [tf.Variable(tf.zeros_like(v), trainable=False) for v in self.targets]
        self.beta_1_power = tf.Variable(1.0, trainable=False)
        self.beta_2_power = tf.Variable(1.0, trainable=False)

    def apply(self, gradients: Sequence[tf.Tensor], learning_rate: tf.Tensor) -> None:
        """Move every variable against its gradient; `learning_rate` is a scalar tensor."""
        same_for_all = {
            "beta1_power": self.beta_1_power.assign(self.beta_1_power * self.beta_1).read_value(),
            "beta2_power": self.beta_2_power.assign(self.beta_2_power * self.beta_2).read_value(),
            "lr": tf.convert_to_tensor(learning_rate),
            "beta1": tf.constant(self.beta_1),
            "beta2": tf.constant(self.beta_2),
            "epsilon": tf.constant(self.epsilon),
        }
        for variable, first, second, gradient in zip(
            self.targets, self.first, self.second, gradients, strict=True
        ):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=first.handle,
                v=second.handle,
                grad=gradient,
                **same_for_all,
            )

    def variables(self) -> list[tf.Variable]:
        """All state, in a fixed order."""
        return [*self.first, *self.second, self.beta_1_power, self.beta_2_power]


RAMP, MOST_RAMP = 0.05, 0.2  # half-life of the average, over the steps so far


def ema_decay(half_life: tf.Tensor, step: tf.Tensor, ramp: int = 0) -> tf.Tensor:
    """Share of the average kept at a step: 0.5^(1 / h), h = min(half_life, 0.05 step).

    That lets early averages follow the fast first progress (StyleGAN2-ADA's `ema_rampup`); a half-life
    of 0 keeps nothing, which makes the average equal to the raw weights.

    Args:
        ramp: where it is not 0, the 0.05 grow from 0 in proportion to the steps, are reached at this
            step, and end at 0.2.
    """
    share = tf.minimum(RAMP * step / ramp, MOST_RAMP) if ramp else RAMP
    effective = tf.minimum(half_life, share * step)
    return tf.where(effective > 0.0, tf.pow(0.5, 1.0 / tf.maximum(effective, 1e-6)), 0.0)


def update_ema(
    averages: Iterable[tf.Variable], variables: Iterable[tf.Variable], decay: tf.Tensor
) -> None:
    """average <- decay x average + (1 - decay) x variable, for each pair."""
    share = 1.0 - decay
    for average, variable in zip(averages, variables, strict=True):
        average.assign_sub(share * (average - variable))
