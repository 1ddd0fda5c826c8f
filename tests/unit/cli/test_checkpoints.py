"""`checkpoints` and `card` on the command line."""

import json
import re

import numpy as np
import pytest

from gan_core import recipes
from gan_core.cli import main
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore


@pytest.fixture
def run(runs_dir):
    run = RunStore(runs_dir).create(recipes.config("toy_mlp", "ring").model_dump())
    for step in (100, 200, 1200):
        checkpoints.save_checkpoint(run.path, step, {"a": np.zeros(4)}, {})
    return run


def call(run, *words):
    return main([words[0], run.id, *words[1:], "--runs-dir", str(run.path.parent)])


def test_listed_with_reasons_pinned_and_ruled(run, capsys):
    assert call(run, "checkpoints", "--pin", "100", "--keep-last", "1", "--budget", "40") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["step", "100", "200", "1200"]
    assert lines[1].endswith("every, pinned") and lines[2].endswith("next to go")
    notes = run.notes()
    assert (notes.pinned_steps, notes.keep_last, notes.budget_bytes) == ((100,), 1, 40_000_000)
    assert run.events()[-1]["who"] == "command line"
    assert call(run, "checkpoints", "--unpin", "100", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [c["reasons"] for c in found] == [["every"], [], ["newest", "every"]]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--pin", "7"), "has no checkpoint at step 7. There are: 100, 200, 1200"),
        (("--unpin", "100"), "is not pinned. Pinned: none"),
        (("--keep-last", "0"), "`keep_last` in the notes of .* must be 1 to 1,000"),
    ],
)
def test_refusals_in_words(run, capsys, words, text):
    assert call(run, "checkpoints", *words) == 2
    assert re.search(text, capsys.readouterr().err)
    assert run.events() == []


def test_a_card_is_printed_or_written(run, capsys, tmp_path):
    assert call(run, "card") == 0
    assert capsys.readouterr().out.startswith(r"# 00001\-toy\_mlp\-ring")
    assert call(run, "card", "--out", str(tmp_path / "card.md")) == 0
    assert "## Make it again" in (tmp_path / "card.md").read_text()
    assert call(run, "card", "--out", str(tmp_path / "card.txt")) == 2


def test_damaged_notes_are_said_and_pins_come_from_the_log(run, capsys):
    assert call(run, "checkpoints", "--pin", "200") == 0
    (run.path / "notes.json").write_text("{")
    capsys.readouterr()
    assert call(run, "checkpoints") == 0
    out, err = capsys.readouterr()
    assert re.search(
        r"warning: .*notes.json is damaged.* pinned: 200\. No checkpoint is removed", err
    )
    assert "pinned" in next(line for line in out.splitlines() if line.split()[0] == "200")
    assert call(run, "checkpoints", "--pin", "100") == 0
    assert "warning" not in capsys.readouterr().err
    assert run.notes().pinned_steps == (100, 200)
