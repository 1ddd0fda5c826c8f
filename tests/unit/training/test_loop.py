"""The loop as a generator, with a tiny algorithm that counts."""

import numpy as np
import pytest

from gan_core.training.loop import NonFiniteError, train_loop


class Counting:
    """An algorithm whose metrics are given in advance."""

    metric_names = ("g_loss", "d_loss")

    def __init__(self, rows):
        self.rows, self.steps, self.calls = rows, 0, []

    def _next(self, call):
        self.calls.append(call)
        self.steps += 1
        return np.asarray(self.rows[self.steps - 1], np.float32)

    def train_step(self):
        return self._next("both")

    def partial_step(self, network):
        return self._next(network)

    def counters(self):
        return {
            "step": self.steps, "g_updates": self.steps, "d_updates": self.steps,
            "images_seen": 8 * self.steps,
        }  # fmt: skip


def test_one_result_a_step_and_only_when_asked():
    algorithm = Counting([(1, 2), (3, 4), (5, 6)])
    loop = train_loop(algorithm)
    first = next(loop)
    assert (first.step, first.images_seen, first.values.tolist()) == (1, 8, [1, 2])
    assert algorithm.steps == 1
    assert next(loop).step == 2
    loop.close()
    assert algorithm.steps == 2


def test_a_turn_can_be_for_one_network():
    algorithm = Counting([(np.nan, 1), (2, 2), (2, np.nan)])
    loop = train_loop(algorithm, "discriminator")
    next(loop)
    loop.send(None)
    loop.send("generator")
    assert algorithm.calls == ["discriminator", "both", "generator"]


@pytest.mark.parametrize(("bad", "word"), [(np.nan, "NaN"), (np.inf, "infinite")])
def test_a_number_that_is_none_stops_with_the_last_finite_values(bad, word):
    loop = train_loop(Counting([(0.5, 1.25), (0.5, bad)]))
    next(loop)
    text = f"d_loss became {word} at step 2. The last finite values, at step 1, were g_loss 0.5, d_loss 1.25"
    with pytest.raises(NonFiniteError, match=text):
        next(loop)


def test_an_infinite_number_in_a_partial_step_stops_too():
    with pytest.raises(NonFiniteError, match="g_loss became infinite at step 1"):
        next(train_loop(Counting([(np.inf, np.nan)]), "generator"))
