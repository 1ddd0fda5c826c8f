"""Model card and sample files: what they say, and that text of a run stays text."""

import csv
import io
import json
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_core import recipes
from gan_core.errors import ConfigError
from gan_core.export import model_card, samples, usage
from gan_core.runs.store import RunStore
from gan_core.storage import files


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def make(store, parent=None, **settings):
    config = recipes.config("fast_gan", "mnist_5k", **settings).model_dump()
    run = store.create(config, parent=parent, versions={"tensorflow": "2.21"})
    run.write_status(state="finished", step=600, images_seen=38_400, wall_time=30)
    return run


def card(run, tmp_path):
    return model_card.model_card(run, tmp_path)


def test_the_card_says_how_to_make_it_again_and_how_good_it_is(store, tmp_path):
    run = make(store, seed=7, num_steps=600, g_lr=0.001)
    for step, value in ((300, 20.0), (600, 31.5)):
        values = {"fd_judge_2k": value, "recall": 0.61}
        line = {"step": step, "count": 2000, "extractor": "digits-1", "values": values}
        files.append_jsonl(run.path / "evals.jsonl", line)
    text = card(run, tmp_path)
    assert (
        "train --recipe fast_gan --dataset mnist_5k --seed 7 --steps 600 --set g_lr=0.001" in text
    )
    assert "Best: Fréchet distance 20 at step 300, recall 0.61 (2,000 generated images" in text
    assert "Newest: Fréchet distance 31.5 at step 600" in text
    assert "Licence: CC BY\\-SA 3.0" in text and "not comparable" in text
    assert "tensorflow 2.21" in text and "## Limits" in text
    assert json.loads(text.split("```json\n")[1].split("\n```")[0]) == run.config


def test_the_card_of_a_branch_tells_every_command_of_its_line(store, tmp_path):
    one = make(store, num_steps=600)
    two = make(store, {"run": one.id, "step": 200, "changes": {"g_lr": 0.01}}, num_steps=600)
    three = make(
        store,
        {"run": two.id, "step": 400, "changes": {"loss": "hinge", "num_steps": 900}},
        num_steps=900,
    )
    commands = card(three, tmp_path).split("```sh\n")[1].split("\n```")[0].splitlines()
    assert commands[0].endswith("--seed 1 --steps 200")
    assert commands[1:] == [
        f"python -m gan_core branch {one.id} --step 200 --steps 400 --set g_lr=0.01",
        f"python -m gan_core branch {two.id} --step 400 --steps 900 --set loss=hinge",
    ]
    store.delete(one.id, "test")
    store.delete(two.id, "test")
    assert "which is no longer there" in card(three, tmp_path)


def test_text_of_a_run_is_no_markup(store, tmp_path):
    run = make(store)
    run.update_notes("test", name="<script>alert(1)</script> [a](http://b)", note="# not a heading")
    text = card(run, tmp_path)
    assert "<script>" not in text and "](http" not in text and "\n# not" not in text


HOSTILE = (
    "x\n```\n<script>alert(1)</script>",
    "x\r```\n# heading",
    "````",
    "'; rm -rf ~ #\n```sh",
    "x\u2028```",
    "a\x1b[2J",
    "\u202egnp.exe",
    "http://evil.example",
    "<img src=x>",
    "[a](http://b)",
)


def kinds(text):
    """All kinds of tokens that a CommonMark parser sees in a text, its headings, its shell lines."""
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    at = [i for i, token in enumerate(tokens) if token.type == "heading_open"]
    return (
        {token.type for token in (*tokens, *inner)},
        [tokens[i + 1].content for i in at],
        [line for t in tokens if t.info == "sh" for line in t.content.splitlines()],
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_stranger_leaves_its_code_block(store, tmp_path, text):
    """A packed run says of itself what it likes; its parent is here too."""
    parent = make(store)
    changes = dict.fromkeys(recipes.config("fast_gan", "mnist_5k").model_dump(), text)
    run = make(
        store,
        {"run": parent.id, "step": 2, "changes": changes | {text: text, "g_lr": 0.25}},
        g_lr=0.25,
    )
    for each, settings in ((parent, {"dataset": text}), (run, {"dataset": text, "g_lr": 0.25})):
        header = json.loads((each.path / "config.json").read_text())
        header["config"] |= settings
        header["versions"] = {"tensorflow": text, text: "1"}
        (each.path / "config.json").write_text(json.dumps(header))
    run = store.get(run.id)
    run.update_notes("test", name="n", note=text[:80])
    words = card(run, tmp_path)
    found, headings, commands = kinds(words)
    assert not found & {"html_block", "html_inline", "link_open", "image", "hr", "blockquote_open"}
    assert headings == [
        "n",
        "Note",
        "Data",
        "Make it again",
        "Measured quality",
        "Limits",
        "Settings",
    ]
    assert words.isprintable() or all(c == "\n" or c.isprintable() for c in words)
    assert len(commands) == 2 and "--set g_lr=0.25" in commands[1]


@pytest.mark.parametrize("seconds", [1e300, -1e300, 2.0**53, 0.0, 1.7e9])
def test_a_day_that_is_none_is_left_out(store, tmp_path, seconds):
    run = make(store)
    header = json.loads((run.path / "config.json").read_text()) | {"created_at": seconds}
    (run.path / "config.json").write_text(json.dumps(header))
    assert ("| made |" in card(store.get(run.id), tmp_path)) == (seconds == 1.7e9)


def test_what_is_unknown_is_said(store, tmp_path):
    run = store.create({"recipe": "fast_gan", "dataset": "gone"})
    text = card(run, tmp_path)
    assert "is not on this machine" in text and "Not measured." in text
    assert "did not run to its end: it is queued" in text


def test_settings_are_json_for_the_form(store):
    run = make(store, seed=3)
    assert json.loads(model_card.settings_json(run)) == run.config


FAKES = np.linspace(-1, 1, 3 * 4 * 5).reshape(3, 4, 5, 1).astype(np.float32)
LABELS, Z = np.array([2, 0, -1]), np.ones((3, 6), np.float32)


def test_samples_as_arrays():
    found = np.load(io.BytesIO(samples.packed(FAKES, LABELS, Z, ".npz")), allow_pickle=False)
    assert found["images"].dtype == np.uint8 and found["images"].shape == (3, 4, 5, 1)
    assert (found["images"].min(), found["images"].max()) == (0, 255)
    assert np.array_equal(found["labels"], LABELS) and np.array_equal(found["z"], Z)


def test_samples_as_pictures():
    with zipfile.ZipFile(io.BytesIO(samples.packed(FAKES, LABELS, Z, ".zip"))) as archive:
        assert archive.testzip() is None
        rows = list(csv.reader(io.StringIO(archive.read("labels.csv").decode())))
        assert rows == [
            ["file", "label"],
            ["00000.png", "2"],
            ["00001.png", "0"],
            ["00002.png", ""],
        ]
        last = np.asarray(Image.open(io.BytesIO(archive.read("00002.png"))))
        assert last.shape == (4, 5) and last[-1, -1] == 255
        assert np.load(io.BytesIO(archive.read("z.npy"))).shape == (3, 6)


def test_samples_under_a_clock_of_1970_and_what_they_say_of_themselves(monkeypatch):
    """A zip cannot tell times before 1980."""
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(0))
    packed = samples.packed(FAKES, LABELS, Z, ".zip", words="what it holds")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert archive.read("README.txt") == b"what it holds"


@pytest.mark.parametrize("suffix", [".npz", ".zip"])
@pytest.mark.parametrize("names", [("a", "b\n`c`", "1"), ()])
def test_the_code_beside_samples_opens_them(tmp_path, monkeypatch, suffix, names):
    monkeypatch.chdir(tmp_path)
    Path(f"s{suffix}").write_bytes(samples.packed(FAKES, LABELS, Z, suffix))
    interface = usage.Interface("the generator of r at step 1", (), (4, 5, 1), 6, names)
    words = usage.text(interface, suffix, f"s{suffix}")
    exec(words[words.index("import ") :], {})
    drawn = np.asarray(Image.open("image.png")).astype(int)
    assert np.abs(drawn - np.rint((FAKES[0, :, :, 0] + 1) * 127.5)).max() <= 1
    assert ("0 a, 1 b `c`, 2 1" in words) == bool(names)


@pytest.mark.parametrize(
    ("fakes", "suffix", "words"),
    [
        (FAKES, ".jpg", r"an \.npz or a \.zip file. Received: `.jpg`"),
        (np.zeros((3, 2), np.float32), ".zip", "Use an .npz file"),
    ],
)
def test_what_cannot_be_packed_is_refused(fakes, suffix, words):
    with pytest.raises(ConfigError, match=words):
        samples.packed(fakes, LABELS, Z, suffix)
