"""Values of a run's files that are wrong: refused at import, survived by everything that reads."""

import contextlib
import io
import json
import random
import zipfile

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.archive import pack
from gan_core.data import record as data_record
from gan_core.doctor import record, treatment
from gan_core.errors import GanError, RunError
from gan_core.evaluation.run_evals import evals
from gan_core.export import curves, model_card
from gan_core.lab import Lab
from gan_core.runs import quality as best
from gan_core.runs import records
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from gan_core.storage import files, images
from gan_core.web import details
from gan_core.web.compare_routes import run_facts
from pages.ui.runs.trail import described
from pages.ui.shared import measures, text
from pages.ui.train import quality

HEAD = {"format": 1, "config": {"recipe": "toy_mlp", "dataset": "ring"}, "created_at": 1.7e9}
STATUS = {"state": "finished", "step": 3}
EVENT = {"time": 1.7e9, "who": "page", "step": 2, "kind": "knob", "changes": {"g_lr": [1.0, 2.0]}}
VERDICT = {
    "time": 1.7e9, "who": "doctor", "step": 2, "kind": "verdict", "name": "healthy", "since": 1,
    "word": "Healthy", "alarm": False, "text": "All is well.", "numbers": [["a", "1"]],
}  # fmt: skip
EVAL = {
    "step": 2, "time": 1.7e9, "count": 100, "extractor": "judge:0a", "values": {"fd_judge": 2.0},
    "seconds": 1.5, "class_counts": [1, 2], "missing": ["a"], "thin": [], "seed": 0, "floor": 1.0,
    "ceiling": 9.0, "real": {"fd_judge": 1.0}, "noise": {}, "judge_accuracy": 0.9,
}  # fmt: skip
PROBE = {
    "step": 2, "count": 9, "seconds": 0.1, "missing": [], "class_counts": [4, 5], "class_kl": 0.1,
    "diversity": 1.0, "class_diversity": None, "duplicates": 0.0, "gap": None,
}  # fmt: skip
NOTES = {
    "name": "a",
    "note": "b",
    "tags": ["c"],
    "pinned_steps": [1],
    "favourites": [{"name": "x", "z": "AACAPw", "seed": 1, "label": None, "step": 2, "psi": 1.0}],
    "directions": [{"name": "y", "z": "AACAPw", "kind": "sefa", "label": 1, "step": 2}],
}
GRID = {"columns": 2, "rows": 1, "tile": [4, 4], "labels": [0, 1], "names": ["a", "b"]}
LINES = {"events.jsonl": [EVENT, VERDICT], "evals.jsonl": [EVAL], "probes.jsonl": [PROBE]}
HUGE = 10**3000
WRONG = [
    None, True, "x", "\ud800", "\u202egnp.exe", [], ["x"], [[]], {}, {"x": {}}, -1, 1.5, 1e300, -1e300,
    float("inf"), float("nan"), 2**32, 2**52, 2**53 - 1, HUGE, "x" * 100_000,
]  # fmt: skip


def zipped(changes):
    """A packed run with these files, {name: value or lines or bytes}."""
    whole = {"config.json": HEAD, "status.json": STATUS, "notes.json": NOTES, **LINES} | changes
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, value in whole.items():
            made.writestr(name, encoded(name, value))
    held.seek(0)
    return held


def encoded(name, value):
    if isinstance(value, bytes):
        return value
    if name.endswith(".jsonl"):
        return "".join(json.dumps(line) + "\n" for line in value).encode()
    return json.dumps(value).encode()


def refused(store, changes, words):
    with pytest.raises(RunError, match=words):
        pack.import_run(store, zipped(changes), "test")
    assert store.ids() == []


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


def test_what_is_good_is_taken_whole(store):
    run = pack.import_run(store, zipped({}), "test")
    assert run.events()[0] == EVENT | {"id": 1}
    assert run.events()[1] == VERDICT | {"id": 2}
    assert evals(run) == [EVAL]
    assert record.probes(run) == [PROBE]
    assert run.notes().favourites == tuple(NOTES["favourites"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"notes.json": NOTES | {"name": "a\ud800b"}}, "`notes.json` is damaged: it holds half"),
        ({"notes.json": NOTES | {"name": "x" * 81}}, "name or its note is too long"),
        ({"notes.json": NOTES | {"favourites": ["x"]}}, "a favourite or a direction is none"),
        ({"notes.json": NOTES | {"directions": [{"name": "a", "z": "<b>"}]}}, "a direction is none"),
        ({"events.jsonl": [EVENT, EVENT | {"who": "\udfff"}]}, "Line 2 .* holds half a character"),
        ({"events.jsonl": [EVENT | {"changes": None}]}, "its `changes` is not good"),
        ({"events.jsonl": [EVENT | {"changes": {"g_lr": 1.0}}]}, "its `changes` is not good"),
        ({"events.jsonl": [VERDICT | {"name": ["healthy"]}]}, "its `name` is not good"),
        ({"evals.jsonl": [EVAL | {"judge_accuracy": "high"}]}, "its `judge_accuracy` is not good"),
        ({"evals.jsonl": [EVAL | {"floor": "low"}]}, "its `floor` is not good"),
        ({"evals.jsonl": [EVAL | {"seconds": None}]}, "its `seconds` is not good"),
        ({"config.json": HEAD | {"created_at": 1e300}}, "its `created_at` is not good"),
        ({"config.json": HEAD | {"created_at": 2**53 - 1}}, "its `created_at` is not good"),
        ({"config.json": HEAD | {"note": "\ud800"}}, "it holds half a character"),
        ({"config.json": HEAD | {"parent": {"run": "../x", "step": 1}}}, "its `parent` is not good"),
        ({"metrics.json": b'{"format": 1, "first_step": 1e999, "columns": []}'}, "no header"),
        ({"status.json": STATUS | {"wall_time": -1e300}}, "`wall_time` has the wrong type or size"),
        ({"status.json": STATUS | {"num_steps": 2**52}}, "`num_steps` has the wrong"),
        ({"samples/grid.json": GRID | {"names": [["a"]]}}, "how to cut the grids"),
        ({"samples/grid.json": GRID, "samples/000001.png": images.png(np.zeros((4, 9, 1), "u1"))},
         "9 x 4 pixels; by `samples/grid.json` it must have 8 x 4"),
        ({"reals.png": images.png(np.zeros((1, 20_000, 1), "u1"))}, "would have 20000 x 1 pixels"),
    ],
)  # fmt: skip
def test_what_readers_rely_on_is_refused(store, changes, words):
    refused(store, changes, words)


@pytest.mark.parametrize("created_at", ["x", [1], HUGE, -1, 1e300, True])
def test_a_checkpoint_without_a_good_time_is_a_checkpoint(store, tmp_path, created_at):
    run = store.create({"recipe": "toy_mlp", "dataset": "ring"})
    for step in (1, 2):
        checkpoints.save_checkpoint(run.path, step, {"generator/0": np.zeros(2, "f4")}, {})
    path = run.path / "checkpoints" / "000002" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"created_at": created_at}))
    assert [c.step for c in checkpoints.list_checkpoints(run.path)] == [1, 2]
    assert checkpoints.list_checkpoints(run.path)[1].created_at == 0
    assert checkpoints.newest_good_checkpoint(run.path).step == 2
    with pytest.raises(RunError, match="says no time"):
        pack.import_run(RunStore(tmp_path), pack.export_run(run, tmp_path / "a.zip"), "test")


@pytest.mark.parametrize("config", [{"recipe": 5}, {"dataset": -1e300}, {"dataset": ["ring"]}, []])
def test_settings_without_names_are_a_damaged_run(store, config):
    run = store.create({"recipe": "toy_mlp", "dataset": "ring"})
    files.write_json(run.path / "config.json", HEAD | {"config": config})
    with pytest.raises(RunError, match="it holds no settings"):
        store.get(run.id)
    assert "holds no settings" in store.summaries()[0].error


def test_marks_that_turn_the_order_of_letters_leave_names(store):
    run = store.create({"recipe": "toy_mlp", "dataset": "ring"}, note="\u202egnp.exe")
    assert run.notes().note == "gnp.exe"
    run.update_notes("test", name="\u202egnp.exe\u202c", tags=("a\u2066b",))
    assert "\\u202e" not in (run.path / "notes.json").read_text()
    (run.path / "notes.json").write_text(json.dumps({"name": "\u202egnp.exe", "tags": ["\u2069a"]}))
    assert store.summaries()[0].name == "gnp.exe"
    assert store.summaries()[0].tags == ("a",)
    assert text.plain("\u202ea").endswith("a") and "\u202e" not in text.plain("\u202ea")
    assert text.escaped("\u2067a") == "a"
    assert text.said("no `\u202egnp`") == "no `gnp`"
    hebrew = "\u05e9\u05dc\u05d5\u05dd, world \U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert run.update_notes("test", name=hebrew).name == hebrew


# ---- every reader, over runs whose files hold anything ----


def damaged(draw, value, depth=3):
    """The value with one part of it replaced, removed or doubled."""
    if isinstance(value, dict) and value and depth and draw.random() < 0.85:
        key = draw.choice(list(value))
        if draw.random() < 0.15:
            return {k: v for k, v in value.items() if k != key}
        return value | {key: damaged(draw, value[key], depth - 1)}
    if isinstance(value, list) and value and depth and draw.random() < 0.7:
        at = draw.randrange(len(value))
        return [*value[:at], damaged(draw, value[at], depth - 1), *value[at + 1 :]]
    return draw.choice(WRONG)


def readers(lab, run, name):
    """What the pages, the routes and the command line ask of a run."""
    return [
        lambda: lab.snapshot(run.id),
        lambda: json.dumps(run_facts(run, "finished")).encode(),
        lambda: [described(event) for event in run.events()],
        lambda: [text.ago(event["time"]) for event in run.events()],
        lambda: [
            (quality._facts(run, e), measures._table(e), measures._about(e)) for e in evals(run)
        ],
        lambda: [quality._distance([e], False) for e in best.comparable(evals(run))],
        lambda: best.best_quality(run.path),
        lambda: treatment.situation_of(run, record.verdict_of(run, record.evidence_of(run))),
        lambda: [text.ago(c.created_at) for c in checkpoints.list_checkpoints(run.path)],
        *([lambda: curves.figure(run)] if name in ("events.jsonl", "metrics.json") else []),
        lambda: model_card.model_card(run, lab.data_dir),
        lambda: details.grid_header(run),
        lambda: records.read_notes(run.path, run.header),
        lambda: run.notes().name.encode(),
    ]


@pytest.fixture
def whole(store):
    """A run with every small file."""
    run = store.create(recipes.config("fast_gan", "mnist_5k").model_dump())
    with MetricsWriter(run.path, ("g_loss", "d_loss")) as metrics:
        for step in range(1, 31):
            metrics.append(step, 64 * step, step / 2, (), (step, 0.5))
    run.write_sample(2, images.png(np.zeros((4, 8, 1), np.uint8)))
    checkpoints.save_checkpoint(run.path, 2, {"generator/0": np.zeros(2, "f4")}, {"wall_time": 1.0})
    files.write_json(run.path / "notes.json", NOTES)
    files.write_json(run.path / "samples" / "grid.json", GRID)
    for name, lines in LINES.items():
        (run.path / name).write_bytes(encoded(name, lines))
    run.write_status(state="finished", step=30)
    header = run.header | {"data": data_record.record(data.spec("mnist_5k", store.root))}
    files.write_json(run.path / "config.json", header)
    return store.get(run.id)


NAMES = (
    "config.json", "status.json", "notes.json", "samples/grid.json", "metrics.json", *LINES,
    "checkpoints/000002/manifest.json",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_no_value_takes_a_reader_down(store, whole, tmp_path, seed):
    """Also never the lists of all runs, in which a healthy one stays whole."""
    draw, lab = random.Random(seed), Lab(store.root, tmp_path / "data")
    healthy = store.create({"recipe": "toy_mlp", "dataset": "ring"}).id
    for _ in range(15):
        name = draw.choice(NAMES)
        path = whole.path / name
        kept = path.read_bytes()
        bad = encoded(name, _wrong(draw, name, kept))
        path.write_bytes(bad)
        try:
            listed = store.summaries()
            json.dumps([str(each) for each in listed]).encode()
            "".join(each.name + "".join(each.tags) + each.error for each in listed).encode()
            assert healthy in [each.id for each in listed]
            assert [text.ago(each.created_at) + text.ago(each.updated_at) for each in listed]
            with contextlib.suppress(RunError):  # its settings are damaged
                for ask in readers(lab, store.get(whole.id), name):
                    with contextlib.suppress(GanError):
                        ask()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {name} = {bad[:300]}") from error
        finally:
            path.write_bytes(kept)


@pytest.mark.parametrize("seed", range(2))
def test_what_an_import_takes_can_be_read(store, whole, tmp_path, seed):
    """A packed run with one wrong value: refused in words, or every reader gets on with it."""
    draw, lab = random.Random(seed), Lab(store.root, tmp_path / "data")
    packed = io.BytesIO(pack.export_run(whole, tmp_path / "a.zip").read_bytes())
    with zipfile.ZipFile(packed) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    taken = 0
    for _ in range(15):
        name = draw.choice(NAMES)
        bad = encoded(name, _wrong(draw, name, parts[name]))
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as made:
            for each, data in (parts | {name: bad}).items():
                made.writestr(each, data)
        try:
            run = pack.import_run(store, held, "test")
        except RunError:
            continue
        taken += 1
        try:
            for ask in readers(lab, run, name):
                with contextlib.suppress(*(GanError,) if name == "config.json" else ()):
                    ask()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {name} = {bad[:300]}") from error
        store.delete(run.id, "test")
    assert 0 < taken < 15


def _wrong(draw, name, data):
    if name.endswith(".jsonl"):
        return [damaged(draw, json.loads(line)) for line in data.splitlines()]
    return damaged(draw, json.loads(data))
