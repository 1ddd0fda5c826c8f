"""Another program reads a run by docs/run_folder.md: NumPy, json and hashlib, nothing of ours.

What writes is ours; everything below `read_` follows the description alone.
"""

import ast
import hashlib
import inspect
import io
import json
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parents[2] / "docs" / "run_folder.md"
NAMES = ("g_loss", "d_loss", "penalty/r1")
STEPS = 700
HEADER_1 = """{"format": 1, "first_step": 301, "factor": 16, "levels": 6, "columns": [
    ["step", "<u4"], ["images_seen", "<f8"], ["wall_time", "<f8"], ["g_updates", "<u4"],
    ["d_updates", "<u4"], ["g_loss", "<f4"], ["d_loss", "<f4"], ["penalty/r1", "<f4"]]}"""
ARRAYS = {"generator/0": np.arange(12, dtype=np.float32).reshape(3, 4), "rng": np.array([7, 8])}


# ---- the other program ----


def read_json(path):
    value = json.loads(path.read_text("utf-8"))
    assert value.get("format", 1) <= (2 if path.name == "metrics.json" else 1)
    return value


def read_lines(path):
    """Objects of a .jsonl file, without a torn last line."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines if line]


def read_metrics(run):
    header = read_json(run / "metrics.json")
    dtype = np.dtype([(name, kind) for name, kind in header["columns"]])
    names = [name for name, kind in header["columns"] if kind == "<f4"]  # what the levels hold
    data = (run / "metrics.bin").read_bytes()
    rows = np.frombuffer(data[: len(data) // dtype.itemsize * dtype.itemsize], dtype)
    assert np.array_equal(rows["step"], header["first_step"] + np.arange(len(rows)))
    return header, rows, names


def read_level(run, level, metrics):
    kinds = [("step", "<u4"), ("images_seen", "<f8"), ("wall_time", "<f8")]
    kinds += [(name, "<f4", (metrics,)) for name in ("min", "max", "mean")]
    dtype = np.dtype([*kinds, ("count", "<u4", (metrics,))])
    return np.frombuffer((run / f"metrics.l{level}.bin").read_bytes(), dtype)


def read_steps(folder, suffix=""):
    names = [p.name for p in folder.iterdir() if not p.name.startswith(".")]
    return sorted(
        int(n.removesuffix(suffix)) for n in names if n.endswith(suffix) and n[0].isdigit()
    )


def read_checkpoint(run, step):
    folder = run / "checkpoints" / f"{step:06d}"
    manifest = read_json(folder / "manifest.json")
    data = (folder / "state.npz").read_bytes()
    expected = manifest["files"]["state.npz"]
    assert len(data) == expected["bytes"]
    assert hashlib.sha256(data).hexdigest() == expected["sha256"]
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return manifest, {name: found[name] for name in found}


def read_weights(run, step):
    with np.load(run / "weights" / f"{step:06d}.npz", allow_pickle=False) as found:
        arrays = {name: found[name] for name in found}
    manifest = json.loads(arrays.pop("__manifest__").tobytes())
    expected = manifest.pop("sha256")
    digest = hashlib.sha256(json.dumps(dict(sorted(manifest.items()))).encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    assert digest.hexdigest() == expected
    return manifest, arrays


def read_frechet(line):
    return next(v for n, v in line["values"].items() if n[:3] == "fd_" and n[-6:] != "_error")


def read_digest(path):
    """The digest of a data file, to compare with that of a run."""
    lines = []
    with np.load(path, allow_pickle=False) as found:
        for name in ("x_train", "x_test"):
            if name in found:
                images = found[name] if found[name].ndim == 4 else found[name][..., None]
                shape = " ".join(map(str, images.shape))
                lines.append(f"{name} {shape} {zlib.crc32(images.tobytes()):08x}")
        for name in ("y_train", "y_test"):
            if name in found:
                values = found[name].reshape(-1).astype("<i8").tobytes()
                own = hashlib.sha256(values).hexdigest()
                lines.append(f"{name} {found[name].size} {own}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


# ---- a run of ours, and what must be read ----


@pytest.fixture(params=[1, 2], ids=["format_1", "format_2"])
def folder(runs_dir, request):
    """A run; one of format 1 was begun by an older version, whose header it keeps."""
    from gan_core import recipes
    from gan_core.runs.metrics.writer import MetricsWriter
    from gan_core.runs.saved import checkpoints
    from gan_core.runs.store import RunStore
    from gan_core.storage import files

    store = RunStore(runs_dir)
    parent = store.create({"recipe": "toy_mlp", "dataset": "ring"})
    link = {"run": parent.id, "step": 300, "changes": {"g_lr": 0.5}}
    settings = recipes.config("toy_mlp", "ring", g_lr=0.5).model_dump()
    run = store.create(settings, parent=link, versions={"python": "3.11"}, note="first")
    counters = ("g_updates", "d_updates") if request.param == 1 else ("d_updates", "e", "f")
    if request.param == 1:
        (run.path / "metrics.json").write_text(HEADER_1)
    with MetricsWriter(run.path, NAMES, counters=counters, first_step=301) as metrics:
        for step in range(301, 301 + STEPS):
            counted = (step, 2 * step, 9)[: len(counters)]
            metrics.append(step, 64 * step, step / 8, counted, (step / 7, -step, np.nan))
    with open(run.path / "metrics.bin", "ab") as file:
        file.write(b"torn")
    meta = {"wall_time": 1.5, "knobs": {"g_lr": 0.5}}
    checkpoints.save_checkpoint(run.path, 500, ARRAYS, meta)
    checkpoints.save_weights(run.path, 500, {"generator/0": ARRAYS["generator/0"]}, meta)
    (run.path / "checkpoints" / ".tmp-x-000900").mkdir()
    run.update_notes("page", name="näme", pinned_steps=(500,), tags=("a",))
    run.log_event("knob", step=400, who="page", changes={"g_lr": [0.5, 0.1]})
    with open(run.path / "events.jsonl", "ab") as file:
        file.write(b'{"time": 1, "who"')
    line = {
        "step": 500,
        "time": 1.0,
        "count": 9,
        "extractor": "x",
        "values": {"fd_x_error": 0.1, "fd_x": 4.5},
    }
    files.append_jsonl(run.path / "evals.jsonl", line)
    run.write_status(state="stopped", step=1000, error=float("nan"))
    return run.path


def test_every_file_is_read_by_the_description_alone(folder):
    config = read_json(folder / "config.json")
    assert config["config"]["g_lr"] == 0.5 and config["note"] == "first"
    assert config["parent"] == {"run": "00001-toy_mlp-ring", "step": 300, "changes": {"g_lr": 0.5}}
    status = read_json(folder / "status.json")
    assert (status["state"], status["step"], status["error"]) == ("stopped", 1000, None)
    notes = read_json(folder / "notes.json")
    assert (notes["name"], notes["pinned_steps"], notes["keep_last"]) == ("näme", [500], 3)
    events = read_lines(folder / "events.jsonl")
    assert [e["kind"] for e in events] == ["renamed", "knob"]
    assert events[1]["changes"] == {"g_lr": [0.5, 0.1]} and events[1]["who"] == "page"
    assert [read_frechet(line) for line in read_lines(folder / "evals.jsonl")] == [4.5]


@pytest.mark.parametrize("split", [False, True])
def test_the_digest_of_the_data_is_that_of_the_description(runs_dir, tmp_path, split):
    from gan_core.lab import Lab

    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8, 3), np.uint8)
    arrays = {"x_train": images[:40], "y_train": np.where(np.arange(40) % 2, 3, 8).astype("u1")}
    if split:
        arrays |= {"x_test": images[40:], "y_test": np.full(20, 8, "i2")}
    (tmp_path / "data").mkdir()
    np.savez_compressed(tmp_path / "data" / "mine.npz", **arrays)
    lab = Lab(runs_dir, tmp_path / "data")
    run = lab.create(lab.make_config("fast_gan", "mine"), who="test")
    kept = read_json(run.path / "config.json")["data"]
    assert kept["digest"] == read_digest(tmp_path / "data" / "mine.npz")
    assert (kept["labels"], kept["class_names"]) == ([3, 8], ["3", "8"])
    assert kept["num_train"] == (40 if split else 36)


def test_metrics_and_their_levels(folder):
    header, rows, names = read_metrics(folder)
    assert len(rows) == STEPS and tuple(names) == NAMES and rows.dtype.names[-3:] == NAMES
    steps = np.arange(301, 301 + STEPS)
    assert np.array_equal(rows["g_loss"], (steps / 7).astype("f4"))
    if header["format"] == 1:
        assert rows.dtype.names[3:5] == ("g_updates", "d_updates")
    second = rows.dtype.names[4]
    assert np.array_equal(rows[second], 2 * steps) and np.isnan(rows["penalty/r1"]).all()
    level = read_level(folder, 1, len(NAMES))
    assert header["factor"] == 16 and len(level) == STEPS // 16
    whole = rows["g_loss"][: len(level) * 16].reshape(-1, 16)
    assert np.array_equal(level["step"], steps[: len(level) * 16 : 16])
    assert np.array_equal(level["max"][:, 0], whole.max(1))
    assert np.array_equal(level["min"][:, 0], whole.min(1))
    np.testing.assert_allclose(level["mean"][:, 0], whole.mean(1), rtol=1e-6)
    assert (level["count"] == [16, 16, 0]).all()
    assert np.array_equal(level["wall_time"], rows["wall_time"][15 : len(level) * 16 : 16])
    second = read_level(folder, 2, len(NAMES))
    assert len(second) == STEPS // 256 and second["count"][0, 0] == 256


def test_checkpoints_and_weights_with_their_checksums(folder):
    assert read_steps(folder / "checkpoints") == read_steps(folder / "weights", ".npz") == [500]
    manifest, arrays = read_checkpoint(folder, 500)
    assert (manifest["step"], manifest["knobs"]) == (500, {"g_lr": 0.5})
    assert arrays.keys() == ARRAYS.keys()
    assert all(np.array_equal(arrays[name], ARRAYS[name]) for name in ARRAYS)
    manifest, weights = read_weights(folder, 500)
    assert manifest["wall_time"] == 1.5
    assert np.array_equal(weights["generator/0"], ARRAYS["generator/0"])
    with zipfile.ZipFile(folder / "checkpoints" / "000500" / "state.npz") as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_the_readers_use_nothing_of_ours():
    module = sys.modules[__name__]
    readers = [f for n, f in vars(module).items() if n.startswith("read_")]
    assert len(readers) == 9
    for reader in readers:
        names = {
            n.id for n in ast.walk(ast.parse(inspect.getsource(reader))) if isinstance(n, ast.Name)
        }
        assert not {n for n in names if n.startswith(("gan_core", "checkpoints", "files"))}


def test_the_description_names_every_file_status_and_kind_of_note(folder):
    from dataclasses import fields

    from gan_core.runs.records import Notes, State, Status

    text = DOCS.read_text("utf-8")
    known = {f.name for kind in (Notes, Status) for f in fields(kind)} | {str(s) for s in State}
    missing = {name for name in known | {p.name for p in folder.iterdir()} if name not in text}
    assert missing - {f"metrics.l{level}.bin" for level in range(2, 7)} == set()
