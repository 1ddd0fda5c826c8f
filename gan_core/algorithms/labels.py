"""How classes enter an adversarial training: not at all, as a condition, or as a second task of D."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import tensorflow as tf

from gan_core.algorithms.losses import smoothing_term

if TYPE_CHECKING:
    from gan_core.config import TrainConfig


class Learning(Protocol):
    """What classes ask of the training that they enter: settings, and knobs as scalars of its graph."""

    config: TrainConfig

    def knob(self, name: str) -> tf.Tensor: ...


class Unlabelled:
    """Neither network knows of classes.

    Attributes:
        metric_names: what a step measures besides.
        shares_backward: one pass back through D can serve both networks, if the loss allows it.
    """

    metric_names: tuple[str, ...] = ()
    shares_backward = True

    def of_fakes(
        self, real_classes: tf.Tensor | None, draw: Callable[[], tf.Tensor]
    ) -> tf.Tensor | None:
        """Classes [B, K] to make fakes of; None without. `draw()` gives uniform ones."""
        del real_classes, draw
        return None

    def critic_inputs(self, images: tf.Tensor, classes: tf.Tensor | None) -> list[tf.Tensor]:
        """What D is given."""
        del classes
        return [images]

    def joined(
        self, real_classes: tf.Tensor | None, fake_classes: tf.Tensor | None
    ) -> tf.Tensor | None:
        """Classes of a batch that holds the real images, then the fakes."""
        del real_classes, fake_classes
        return None

    def d_loss(
        self,
        gan: Learning,
        loss: tf.Tensor,
        outputs: dict[str, tuple[tf.Tensor, ...]],
        classes: tf.Tensor | None,
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        """D's loss with what classes add to it."""
        del gan, outputs, classes, fake_classes
        return loss

    def g_loss(
        self,
        gan: Learning,
        loss: tf.Tensor,
        fake_outputs: tuple[tf.Tensor, ...],
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        """G's loss with what classes add to it."""
        del gan, fake_outputs, fake_classes
        return loss


class Conditional(Unlabelled):
    """Both networks are told the class.

    Fakes take the real batch's classes, so that every real image has its fake of the same class.
    """

    def of_fakes(
        self, real_classes: tf.Tensor | None, draw: Callable[[], tf.Tensor]
    ) -> tf.Tensor | None:
        return draw() if real_classes is None else real_classes

    def critic_inputs(self, images: tf.Tensor, classes: tf.Tensor | None) -> list[tf.Tensor]:
        return [images, classes]

    def joined(
        self, real_classes: tf.Tensor | None, fake_classes: tf.Tensor | None
    ) -> tf.Tensor | None:
        return tf.concat([real_classes, fake_classes], axis=0)


class Auxiliary(Unlabelled):
    """The generator is told the class, the discriminator must name it (Odena et al., 2017)."""

    metric_names = ("class_accuracy_real", "class_accuracy_fake")
    shares_backward = False  # G's loss has a second term, which D's output of scores does not tell

    def of_fakes(
        self, real_classes: tf.Tensor | None, draw: Callable[[], tf.Tensor]
    ) -> tf.Tensor | None:
        del real_classes
        return draw()

    def d_loss(
        self,
        gan: Learning,
        loss: tf.Tensor,
        outputs: dict[str, tuple[tf.Tensor, ...]],
        classes: tf.Tensor | None,
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        logits = tf.concat([outputs["real"][1], outputs["fake"][1]], axis=0)
        both = tf.concat([classes, fake_classes], axis=0)
        return loss + gan.config.class_weight * _class_loss(both, logits)

    def g_loss(
        self,
        gan: Learning,
        loss: tf.Tensor,
        fake_outputs: tuple[tf.Tensor, ...],
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        # The tutorial smooths the generator's target too.
        loss += smoothing_term(fake_outputs[0], gan.knob("label_smoothing"))
        return loss + gan.config.class_weight * _class_loss(fake_classes, fake_outputs[1])


def _class_loss(classes: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(classes, logits))
