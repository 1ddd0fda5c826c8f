"""The loop as a generator, with a tiny algorithm that counts."""

import numpy as np
import pytest

from gan_core.training import loop as loop_module
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
            "step": self.steps,
            "g_updates": self.steps,
            "d_updates": self.steps,
            "images_seen": 8 * self.steps,
        }


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


class TestStandStill:
    """A step that took many times the usual: the process was stopped, or the machine slept."""

    @staticmethod
    def seconds(monkeypatch, taken, steps_per_call=1):
        """What the loop calls training time where the clock shows `taken` seconds a call."""
        clock = iter(np.cumsum([t for taken_ in taken for t in (0.0, taken_)]).tolist())
        monkeypatch.setattr(loop_module.time, "perf_counter", lambda: next(clock))
        algorithm = Counting([(1, 1)] * len(taken) * steps_per_call)
        algorithm.train_steps = lambda n: np.stack([algorithm.train_step() for _ in range(n)])
        loop = train_loop(algorithm, steps_per_call=steps_per_call)
        return [next(loop).seconds for _ in range(len(taken) * steps_per_call)]

    @pytest.mark.parametrize("usual", [0.002, 0.05, 0.4, 3.0])
    def test_it_counts_as_a_usual_step(self, monkeypatch, usual):
        taken = [8.0, usual, usual, 600.0, usual, usual]
        expected = [8.0, usual, usual, usual, usual, usual]
        assert self.seconds(monkeypatch, taken) == pytest.approx(expected)

    def test_one_call_of_many_steps(self, monkeypatch):
        taken = [9.0, 0.5, 0.5, 60.0, 0.5]
        counted = self.seconds(monkeypatch, taken, steps_per_call=100)
        assert sum(counted[100:]) == pytest.approx(4 * 0.5)

    def test_ordinary_delays_count(self, monkeypatch):
        taken = [5.0, 0.05, 0.05, 1.9, 0.05, 0.4]
        assert self.seconds(monkeypatch, taken) == pytest.approx(taken)

    def test_a_machine_that_stays_slow_is_believed(self, monkeypatch):
        taken = [1.0, *[0.1] * 40, *[3.0] * 40]
        assert self.seconds(monkeypatch, taken)[-10:] == pytest.approx([3.0] * 10)
