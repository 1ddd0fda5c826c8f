"""One generator against one discriminator: the step that joins networks, loss and penalties."""

from __future__ import annotations

import tensorflow as tf

from gan_core.algorithms.base import Algorithm
from gan_core.algorithms.compiled import ManyTurns, compiled
from gan_core.algorithms.losses import LOSSES, smoothing_term
from gan_core.algorithms.measures import metric_names, pack, score_metrics
from gan_core.algorithms.state import TrainingState
from gan_core.algorithms.variables import copy_out, named

MAX_RATIO = 1e4  # clamp on the factor between two gradients of one fake score


class AdversarialGAN(Algorithm):
    """Trains a recipe's two networks on one data set.

    All randomness comes from one tf.random.Generator and the networks' own seeded dropout, and
    every variable is in `state()`: the same seed gives the same numbers, and a restored state the
    same next step, bit for bit.

    Args:
        parts: what the recipe chose (gan_core.algorithms.parts.Parts).
        config: the run's TrainConfig.
        source: BatchSource of the training images.
    """

    def __init__(self, parts, config, source):
        self.parts, self.config, self.source = parts, config, source
        self.loss = LOSSES[config.loss]
        self.now = TrainingState(parts, config)
        self.metric_names = metric_names(parts, self.loss)
        self._compile()

    def _compile(self) -> None:
        turns = {
            "alternating": self._alternating_turn,
            "reusing": self._reusing_turn,
            "simultaneous": self._simultaneous_turn,
        }
        turn = turns[self.parts.update]
        self.turn = compiled(turn)
        self._many = ManyTurns(turn, self._critic_turn, len(self.metric_names))
        self._extra_critic = compiled(self._critic_turn)
        self._only = {
            "discriminator": compiled(self._discriminator_only),
            "generator": compiled(self._generator_only),
        }
        self._sample = compiled(lambda inputs: self.now.ema_generator(inputs, training=False))

    # ---- steps ----

    def train_step(self):
        for _ in range(int(self.now.knob_variables["n_critic"]) - 1):
            self._extra_critic()
        return self.turn()

    def train_steps(self, count: int):
        return self._many(count, int(self.now.knob_variables["n_critic"]))

    def partial_step(self, network: str):
        return self._only[network]()

    def _alternating_turn(self):
        metrics = self._discriminator_step(*self.now.next_batch(self.source))
        metrics |= self._generator_step()
        return self._end_of_step(metrics)

    def _reusing_turn(self):
        return self._end_of_step(self._reusing_step(*self.now.next_batch(self.source)))

    def _simultaneous_turn(self):
        return self._end_of_step(self._simultaneous_step(*self.now.next_batch(self.source)))

    def _critic_turn(self):
        self._discriminator_step(*self.now.next_batch(self.source))

    def _discriminator_only(self):
        return self._end_of_step(self._discriminator_step(*self.now.next_batch(self.source)))

    def _generator_only(self):
        return self._end_of_step(self._generator_step())

    def _end_of_step(self, metrics):
        self.now.count("step")
        self.now.average()
        return pack(metrics, self.metric_names)

    def _discriminator_step(self, real, classes):
        """One update of D on real [B, ...] and as many fresh fakes."""
        fakes = self._generate(classes, training=not self.parts.inference_fakes)
        return self._update_d(real, classes, *fakes)

    def _update_d(self, real, classes, fake, fake_classes):
        fake = tf.stop_gradient(fake)
        with tf.GradientTape() as tape:
            outputs = self._score_both(real, classes, fake, fake_classes)
            d_loss = self._d_loss(outputs, classes, fake_classes)
            penalties = self._penalties(real, fake, classes)
            total = d_loss + self._weighted(penalties)
        norm = self._apply_d(tape.gradient(total, self.now.d_optimizer.targets))
        metrics = score_metrics(self.loss, outputs, classes, fake_classes)
        return metrics | {"d_loss": d_loss, "d_grad_norm": norm} | penalties

    def _generator_step(self):
        """One update of G through D, on fresh z."""
        with tf.GradientTape() as tape:
            real_outputs, classes, batches = None, None, self.parts.g_batches
            if self.loss.relativistic:
                real, classes = self.now.next_batch(self.source, seen=False)
                real_outputs, batches = self._score(self.now.noisy(real), classes), 1
            fake, fake_classes = self._generate(classes, batches)
            g_loss = self._fooling_loss(real_outputs, fake, fake_classes)
        return self._update_g(tape, g_loss)

    def _reusing_step(self, real, classes):
        """One update of D, then one of G through the new D, on the same fakes."""
        with tf.GradientTape() as tape:
            fake, fake_classes = self._generate(classes)
        metrics = self._update_d(real, classes, fake, fake_classes)
        with tape:
            real_outputs = None
            if self.loss.relativistic:
                real_outputs = self._score(self.now.noisy(real), classes)
            g_loss = self._fooling_loss(real_outputs, fake, fake_classes)
        return metrics | self._update_g(tape, g_loss)

    def _fooling_loss(self, real_outputs, fake, fake_classes):
        fake_outputs = self._score(self.now.noisy(fake), fake_classes)
        return self._g_loss(real_outputs, fake_outputs, fake_classes)

    def _update_g(self, tape, g_loss):
        norm = self._apply_g(tape.gradient(g_loss, self.now.g_optimizer.targets))
        return {"g_loss": g_loss, "g_grad_norm": norm}

    def _simultaneous_step(self, real, classes):
        """Both updates from one forward pass, each with the other network as it was."""
        with tf.GradientTape() as g_tape:
            fake, fake_classes = self._generate(classes)
        fixed = tf.stop_gradient(fake)
        shared = self._shares_backward
        score = self._score_both if shared else self._score_each
        with tf.GradientTape(persistent=not shared) as d_tape:
            d_tape.watch(fixed)
            outputs = score(real, classes, fixed, fake_classes)
            d_loss = self._d_loss(outputs, classes, fake_classes)
            g_loss = self._g_loss(outputs["real"], outputs["fake"], fake_classes)
            penalties = self._penalties(real, fixed, classes)
            total = d_loss + self._weighted(penalties)
        targets = self.now.d_optimizer.targets
        if shared:
            *d_gradients, to_fake = d_tape.gradient(total, [*targets, fixed])
            to_fake = to_fake * _per_image(self._ratio(outputs), to_fake)
        else:
            d_gradients = d_tape.gradient(total, targets)
            to_fake = d_tape.gradient(g_loss, fixed)
        g_gradients = g_tape.gradient(fake, self.now.g_optimizer.targets, output_gradients=to_fake)
        norms = {
            "d_grad_norm": self._apply_d(d_gradients),
            "g_grad_norm": self._apply_g(g_gradients),
        }
        metrics = score_metrics(self.loss, outputs, classes, fake_classes)
        return metrics | norms | {"d_loss": d_loss, "g_loss": g_loss} | penalties

    @property
    def _shares_backward(self) -> bool:
        """Whether one pass back through D gives the gradients of both networks exactly."""
        return self.loss.shared_backward and self.parts.labels != "auxiliary"

    def _ratio(self, outputs):
        """(dL_G / d fake score) / (dL_D / d fake score), per image [B, 1]."""
        real_score, fake_score = outputs["real"][0], outputs["fake"][0]
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(fake_score)
            d_loss = self.loss.discriminator(real_score, fake_score)
            g_loss = self.loss.generator(real_score, fake_score)
        ratio = tape.gradient(g_loss, fake_score) / tape.gradient(d_loss, fake_score)
        return tf.clip_by_value(ratio, -MAX_RATIO, MAX_RATIO)

    # ---- pieces of a step ----

    def _generate(self, real_classes, batches: int = 1, *, training: bool = True):
        """Fakes [batches x B, ...] from the prior and their classes [batches x B, K] (None without).

        Where D is told the class, fakes take the real batch's classes, so that every real image
        has its fake of the same class; else classes are drawn uniformly.
        """
        count, num_classes = batches * self.config.batch_size, self.source.num_classes
        inputs, classes = [self.now.next_z(self.parts.prior, count)], None
        if self.parts.labels == "condition" and real_classes is not None:
            classes = real_classes
        elif self.parts.labels != "none":
            labels = self.now.rng.uniform([count], 0, num_classes, dtype=tf.int32)
            classes = tf.one_hot(labels, num_classes)
        if classes is not None:
            inputs.append(classes)
        return self.now.generator(inputs, training=training), classes

    def _score(self, images, classes):
        """D's outputs as a tuple (score [B, 1], class logits [B, K] or nothing)."""
        conditional = self.parts.labels == "condition"
        inputs = [images, classes] if conditional else [images]
        outputs = self.now.discriminator(inputs, training=True)
        return tuple(outputs) if isinstance(outputs, list | tuple) else (outputs,)

    def _score_both(self, real, classes, fake, fake_classes):
        """Real and fake images in one pass (no layer of D couples images): two output tuples."""
        images = self.now.noisy(tf.concat([real, fake], axis=0))
        conditional = self.parts.labels == "condition"
        both = tf.concat([classes, fake_classes], axis=0) if conditional else None
        halves = [tf.split(o, 2) for o in self._score(images, both)]
        return {"real": tuple(h[0] for h in halves), "fake": tuple(h[1] for h in halves)}

    def _score_each(self, real, classes, fake, fake_classes):
        """Two passes: the way back to the fakes then leaves the real images out."""
        return {
            "real": self._score(self.now.noisy(real), classes),
            "fake": self._score(self.now.noisy(fake), fake_classes),
        }

    def _d_loss(self, outputs, classes, fake_classes):
        real_score, fake_score = outputs["real"][0], outputs["fake"][0]
        loss = self.loss.discriminator(real_score, fake_score)
        scale = 0.5 if self.config.loss == "cross_entropy" else 1.0
        if self.loss.log_odds:
            loss += scale * smoothing_term(real_score, self.now.knob("label_smoothing"))
        if self.parts.labels == "auxiliary":
            logits = tf.concat([outputs["real"][1], outputs["fake"][1]], axis=0)
            both = tf.concat([classes, fake_classes], axis=0)
            loss += self.config.class_weight * _class_loss(both, logits)
        return loss

    def _g_loss(self, real_outputs, fake_outputs, fake_classes):
        real_score = None if real_outputs is None else real_outputs[0]
        loss = self.loss.generator(real_score, fake_outputs[0])
        if self.parts.labels == "auxiliary":  # the tutorial smooths the generator's target too
            loss += smoothing_term(fake_outputs[0], self.now.knob("label_smoothing"))
            loss += self.config.class_weight * _class_loss(fake_classes, fake_outputs[1])
        return loss

    def _penalties(self, real, fake, classes):
        """penalty/<name> -> scalar, unweighted; real and fake share their classes."""

        def critic(images):
            return self._score(images, classes)[0]

        return {
            f"penalty/{name}": function(critic, real, fake, self.now.rng)
            for name, (function, _) in self.parts.regularizers.items()
        }

    def _weighted(self, penalties):
        weights = {f"penalty/{n}": w for n, (_, w) in self.parts.regularizers.items()}
        return tf.add_n([weights[n] * p for n, p in penalties.items()]) if penalties else 0.0

    def _apply_d(self, gradients):
        self.now.count("d_updates")
        self.now.d_optimizer.apply(gradients, self.now.rate("d_lr"))
        return tf.linalg.global_norm(gradients)

    def _apply_g(self, gradients):
        self.now.count("g_updates")
        self.now.g_optimizer.apply(gradients, self.now.rate("g_lr"))
        return tf.linalg.global_norm(gradients)

    # ---- what the outside sees ----

    def sample(self, z, classes):
        inputs = [z] if self.parts.labels == "none" else [z, classes]
        return self._sample([tf.constant(i, tf.float32) for i in inputs]).numpy()

    def counters(self):
        return self.now.counters()

    def knobs(self):
        return self.now.knobs()

    def set_knobs(self, values):
        self.now.set_knobs(values)

    def state(self):
        return self.now.save()

    def load_state(self, arrays):
        self.now.load(arrays)

    def weights(self):
        return copy_out(named("generator", self.now.ema_generator.variables))


def _class_loss(classes, logits):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(classes, logits))


def _per_image(factor, images):
    """[B, 1] in a shape that multiplies [B, ...]."""
    return tf.reshape(factor, [-1] + [1] * (images.shape.rank - 1))
