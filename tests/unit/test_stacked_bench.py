"""Counting modes: by hand, and real stacks through the real judge."""

import math

import numpy as np
import pytest

from gan_core import data
from gan_core.bench.stacked_mnist import FULL_STEPS, modes_of, read_digits
from gan_core.cli import build_parser
from gan_core.cli.bench_stacked import run
from gan_core.evaluation.features import open_judge


def test_all_triples_once_are_all_modes_without_divergence():
    triples = np.stack(np.meshgrid(*[np.arange(10)] * 3), -1).reshape(-1, 3)
    found = modes_of(triples)
    assert found.count == 1000 and found.kl == pytest.approx(0.0, abs=1e-12)


def test_one_triple_only_diverges_by_log_1000():
    found = modes_of(np.tile([4, 0, 7], (50, 1)))
    assert found.count == 1 and found.kl == pytest.approx(math.log(1000))


def test_half_of_the_modes_at_equal_shares_diverge_by_log_2():
    triples = np.stack(np.meshgrid(*[np.arange(10)] * 3), -1).reshape(-1, 3)
    found = modes_of(triples[triples[:, 0] < 5])
    assert (found.count, found.samples) == (500, 500)
    assert found.kl == pytest.approx(math.log(2))


def test_the_judge_reads_each_channel(tmp_path):
    digits = data.load("mnist_5k", tmp_path)
    judge = open_judge(digits, tmp_path)
    images, labels = digits.held_out[:300], digits.held_out_labels[:300]
    stacks = np.concatenate([images[:100], images[100:200], images[200:]], axis=-1)
    asked = np.stack([labels[:100], labels[100:200], labels[200:]], axis=1)
    assert (read_digits(judge, stacks) == asked).mean() > 0.95


def test_the_protocol_is_100_000_steps_and_the_command_says_so(capsys):
    assert FULL_STEPS == 100_000
    with pytest.raises(SystemExit):
        build_parser().parse_args(["bench", "stacked-mnist", "--help"])
    assert "50 epochs" in capsys.readouterr().out.replace("\n", " ").replace("  ", " ")


@pytest.mark.parametrize("named", [None, "00012-r3gan-stacked_mnist"])
def test_a_run_can_be_named_and_need_not(named):
    words = ["bench", "stacked-mnist", *(["--run", named] if named else [])]
    args = build_parser().parse_args(words)
    assert (args.handler, args.run) == (run, named)  # an option must not hide the command itself
