"""Packed runs: the same bytes back, and every trick of a zip refused in words before it matters."""

import io
import json
import stat
import struct
import threading
import zipfile

import numpy as np
import pytest

from gan_core import recipes
from gan_core.archive import checks, pack
from gan_core.errors import DiskFullError, RunError
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from gan_core.storage import images

HEAD = {"format": 1, "config": {"recipe": "toy_mlp", "dataset": "ring"}, "parent": None}
STATUS = {"state": "finished", "step": 3}
COUNTED = ("g_updates", "d_updates")


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


@pytest.fixture
def run(store):
    """A run with every kind of file."""
    run = store.create(recipes.config("fast_gan", "mnist_5k").model_dump(), note="first try")
    png = images.png(np.full((8, 8, 1), 60, np.uint8))
    arrays = {"generator/0": np.arange(6, dtype=np.float32)}
    with MetricsWriter(run.path, ("g_loss", "d_loss"), counters=COUNTED) as metrics:
        for step in range(1, 301):
            metrics.append(step, 64 * step, step / 2, (step, step), (step, float("nan")))
    for step in (0, 300):
        run.write_sample(step, png)
        checkpoints.save_checkpoint(run.path, step, arrays, {"wall_time": 2.0})
        checkpoints.save_weights(run.path, step, arrays, {})
    run.write_reals(png)
    run.log("hello")
    run.log_event("started", step=0, who="test")
    run.update_notes("test", name="one <b>", tags=("a",))
    run.write_status(state=State.RUNNING, step=300, num_steps=400, wall_time=150.0)
    return run


def zipped(files, **texts):
    """A zip in memory: {name or ZipInfo: bytes}, with a run's least files unless given."""
    files = {"config.json": json.dumps(HEAD), "status.json": json.dumps(STATUS)} | files
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, data in files.items():
            if data is not None:
                made.writestr(name, data)
    held.seek(0)
    return held


def refuse(store, file, words):
    with pytest.raises(RunError, match=words) as refused:
        pack.import_run(store, file, "test")
    assert str(store.root) not in str(refused.value)  # a page shows these words
    assert store.ids() == []
    assert not list(store.root.glob(".import-*"))


@pytest.mark.parametrize("format", [1, 2])
def test_a_run_comes_back_with_all_it_had(format, store, run, tmp_path):
    header = run.path / "metrics.json"  # two formats, one form of these bytes
    header.write_text(json.dumps(json.loads(header.read_text()) | {"format": format}))
    path = pack.export_run(run, tmp_path / "one.zip")
    copy = pack.import_run(store, path, "page")
    assert copy.id == "00002-fast_gan-mnist_5k"
    assert copy.config == run.config
    assert copy.notes() == run.notes()
    assert copy.status().state == State.INTERRUPTED  # it was packed while it trained
    assert copy.sample_steps() == [0, 300]
    assert copy.sample_png(300) == run.sample_png(300)
    assert (copy.path / "log.txt").read_bytes() == (run.path / "log.txt").read_bytes()
    arrays, meta = checkpoints.load_checkpoint(copy.path, 300)
    np.testing.assert_array_equal(arrays["generator/0"], np.arange(6))
    assert checkpoints.load_weights(copy.path, 0)[0].keys() == {"generator/0"}
    for name in ("metrics.bin", "metrics.l1.bin", "metrics.l2.bin"):
        assert (copy.path / name).read_bytes() == (run.path / name).read_bytes()
    assert (copy.path / "metrics.json").read_bytes() == header.read_bytes()
    assert copy.events()[-1]["kind"] == "imported" and copy.events()[-1]["run"] == run.id
    assert not (copy.path / "lock").exists()
    assert copy.header["imported"]["run"] == run.id


def test_packing_while_it_trains_gives_a_run_that_opens(store, run, tmp_path):
    stop = threading.Event()

    def train():
        with MetricsWriter(run.path, ("g_loss", "d_loss"), counters=COUNTED) as metrics:
            step = 300
            while not stop.is_set():
                step += 1
                metrics.append(step, 64 * step, step / 2, (step, step), (step, 0.5))
                metrics.flush()
                run.write_status(step=step)

    thread = threading.Thread(target=train)
    thread.start()
    try:
        packed = [pack.export_run(run, tmp_path / f"{i}.zip") for i in range(5)]
    finally:
        stop.set()
        thread.join()
    for path in packed:
        copy = pack.import_run(store, path, "test")
        rows = copy.metrics().rows(1)
        np.testing.assert_array_equal(rows["g_loss"], rows["step"])
        assert len(copy.metrics().window(1, None, max_points=10)) <= 10


def test_a_parent_is_kept_only_where_it_is_the_same_run(store, run, tmp_path):
    child = store.create(run.config, parent={"run": run.id, "step": 300, "changes": {"g_lr": 1e-3}})
    child.write_status(state=State.STOPPED)
    path = pack.export_run(child, tmp_path / "child.zip")
    assert pack.import_run(store, path, "test").parent == child.parent
    other = RunStore(tmp_path / "other")
    other.create(run.config)  # the same number, another run
    assert pack.import_run(other, path, "test").parent is None


def test_a_queued_run_comes_back_stopped(store):
    copy = pack.import_run(store, zipped({"status.json": json.dumps({"state": "queued"})}), "x")
    assert copy.status().state == State.STOPPED


def test_a_folder_zipped_by_hand_is_taken(store):
    files = {"lock": b"", "samples/": b"", "metrics.l1.bin": b"nonsense"}
    copy = pack.import_run(store, zipped(files), "test")
    assert sorted(p.name for p in copy.path.iterdir() if p.is_file()) == [
        "config.json",
        "events.jsonl",
        "status.json",
    ]


HAND_ZIPPED = {
    "00037-toy_mlp-ring/": b"",
    "00037-toy_mlp-ring/config.json": json.dumps(HEAD),
    "00037-toy_mlp-ring/status.json": json.dumps(STATUS),
    "00037-toy_mlp-ring/samples/": b"",
    "00037-toy_mlp-ring/.DS_Store": b"Bud1",
    "00037-toy_mlp-ring/samples/._000001.png": b"Mac",
    "00037-toy_mlp-ring/.tmp-0a1b2c-status.json": b"{",
    "__MACOSX/00037-toy_mlp-ring/._config.json": b"Mac",
    "__MACOSX/": b"",
    "config.json": None,
    "status.json": None,
}


def test_a_run_folder_zipped_from_outside_is_taken(store):
    copy = pack.import_run(store, zipped(HAND_ZIPPED), "test")
    assert copy.config["recipe"] == "toy_mlp"
    assert copy.status().step == 3
    assert sorted(p.name for p in copy.path.rglob("*") if p.is_file()) == [
        "config.json",
        "events.jsonl",
        "status.json",
    ]


def test_two_folders_or_deeper_ones_are_no_run(store):
    two = HAND_ZIPPED | {"00038-toy_mlp-ring/config.json": json.dumps(HEAD)}
    refuse(store, zipped(two), "has no file '00037-toy_mlp-ring/'")
    deeper = {f"backup/{name}": data for name, data in HAND_ZIPPED.items() if data is not None}
    refuse(store, zipped(deeper | {"config.json": None, "status.json": None}), "has no file")
    tricky = {name.replace("00037-toy_mlp-ring", ".."): d for name, d in HAND_ZIPPED.items()}
    refuse(store, zipped(tricky), "leads elsewhere")
    twice = HAND_ZIPPED | {"00037-toy_mlp-ring/CONFIG.json": json.dumps(HEAD)}
    refuse(store, zipped(twice), "twice")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../evil.json", "leads elsewhere"),
        ("/etc/passwd", "leads elsewhere"),
        ("samples/../../x.png", "leads elsewhere"),
        ("samples\\..\\x.png", "leads elsewhere"),
        ("C:/x.png", "leads elsewhere"),
        ("samples//000001.png", "leads elsewhere"),
        ("run.py", "has no file 'run.py'"),
        ("model.keras", "has no file"),
        ("samples/000001.png.exe", "has no file"),
        ("SAMPLES/000001.png", "has no file"),
        ("checkpoints/000001/extra.npz", "has no file"),
        ("samples/0000001.png", "names its step"),
        ("x" * 300, "has no file"),
        ("notes.json\u202e", "has no file"),
    ],
)
def test_odd_names_are_refused(store, name, words):
    refuse(store, zipped({name: b"{}"}), words)


def test_a_name_cut_at_a_null_is_refused(store):
    data = zipped({"notes.jsonXpy": b"{}"}).getvalue().replace(b"notes.jsonXpy", b"notes.json\0py")
    refuse(store, io.BytesIO(data), "leads elsewhere")


def test_duplicates_are_refused(store):
    held = zipped({"log.txt": b"a"})
    with zipfile.ZipFile(held, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("log.txt", b"b")
    refuse(store, held, "'log.txt' twice")


def with_mode(name, mode):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def test_links_and_devices_are_refused(store):
    refuse(store, zipped({with_mode("log.txt", stat.S_IFLNK | 0o777): b"/etc/passwd"}), "is a link")
    refuse(store, zipped({with_mode("log.txt", stat.S_IFCHR | 0o666): b""}), "no plain file")


def test_encrypted_and_unusual_methods_are_refused(store):
    data = bytearray(zipped({}).getvalue())
    at = data.rfind(b"PK\1\2")
    data[at + 8] |= 1
    refuse(store, io.BytesIO(data), "is encrypted")
    entry = zipfile.ZipInfo("log.txt")
    entry.compress_type = zipfile.ZIP_LZMA
    refuse(store, zipped({entry: b"x"}), "unusual method")


def test_a_bomb_is_refused_before_it_is_unpacked(store):
    entry = zipfile.ZipInfo("log.txt")
    entry.compress_type = zipfile.ZIP_DEFLATED
    refuse(store, zipped({entry: bytes(8_000_000)}), "zip bomb")


def test_a_lie_about_the_size_is_refused(store):
    data = bytearray(zipped({"log.txt": b"x" * 500}).getvalue())
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<I", data, at + 24, 100)  # unpacked size in the table
    refuse(store, io.BytesIO(data), "zip|larger|declares")


def test_entries_that_share_bytes_are_refused(store):
    data = bytearray(zipped({"log.txt": b"x" * 500}).getvalue())
    at = data.rfind(b"PK\1\2")
    struct.pack_into("<I", data, at + 42, 0)  # its data begin at the first file's
    refuse(store, io.BytesIO(data), "overlaps")


def test_too_large_and_too_many_are_refused(store, monkeypatch):
    monkeypatch.setattr(checks, "MAX_TOTAL", 50)
    refuse(store, zipped({}), "at most 50 are taken")
    monkeypatch.setattr(checks, "MAX_FILES", 1)
    refuse(store, zipped({}), "has at most 1")
    monkeypatch.setattr(checks, "MAX_DIRECTORY", 10)
    refuse(store, zipped({}), "lists too many files")


def test_a_huge_table_in_the_second_end_record_is_seen(store):
    data = zipped({}).getvalue()
    at = data.rfind(b"PK\5\6")
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 2, 2, 1 << 40, 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, at, 1)
    refuse(store, io.BytesIO(data[:at] + record + locator + data[at:]), "lists too many files")


def test_no_room_on_the_disk_is_said_before_anything_is_written(store, monkeypatch):
    monkeypatch.setattr(checks, "SPARE", 1 << 60)
    with pytest.raises(DiskFullError, match="Nothing was unpacked"):
        pack.import_run(store, zipped({}), "test")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"config.json": None}, "`config.json` is missing"),
        ({"config.json": b"{"}, "no valid JSON"),
        ({"config.json": b"[1]"}, "must hold an object"),
        ({"config.json": json.dumps(HEAD | {"format": 9})}, "newer GANscope: format 9"),
        ({"config.json": json.dumps(HEAD | {"config": {"recipee": 1}})}, "Unknown config key"),
        ({"config.json": json.dumps(HEAD | {"config": {"g_lr": 99}})}, "at most 10"),
        ({"ganscope.json": json.dumps({"format": 2})}, "newer GANscope: format 2"),
        ({"status.json": None}, "status.json is missing"),
        ({"status.json": json.dumps({"state": "dancing"})}, "damaged"),
        ({"status.json": json.dumps(STATUS | {"step": "many"})}, "wrong type"),
        ({"status.json": json.dumps(STATUS | {"wall_time": 10**400})}, "wrong type"),
        ({"notes.json": json.dumps({"tags": [{"a": 1}]})}, "tags are texts"),
        ({"notes.json": json.dumps({"name": 7})}, "cannot be 7"),
        ({"events.jsonl": b'{"kind": "x", "step": "1", "time": 1}\n'}, "Line 1 of `events.jsonl`"),
        ({"evals.jsonl": b'{"step": 1, "count": 5, "values": {"fd": "<b>"}}\n'}, "`values`"),
        ({"metrics.bin": b"1234"}, "has no `metrics.json`"),
        ({"metrics.json": json.dumps({"format": 3})}, "newer GANscope"),
        ({"reals.png": b"<svg onload=alert(1)>"}, "no PNG"),
        (
            {
                "samples/000001.png": images.png(np.zeros((1, 1, 1), np.uint8))[:16]
                + struct.pack(">II", 60_000, 60_000)
            },
            "60000 x 60000 pixels",
        ),
        ({"samples/grid.json": json.dumps({"columns": 0})}, "how to cut"),
        ({"checkpoints/000001/state.npz": b"x"}, "damaged"),
    ],
)
def test_what_the_files_hold_is_checked(store, files, words):
    refuse(store, zipped(files), words)


def test_no_zip_and_half_a_zip_are_refused(store, run, tmp_path):
    whole = pack.export_run(run, tmp_path / "a.zip").read_bytes()
    store.delete(run.id, "test")
    refuse(store, io.BytesIO(b"hello"), "is no zip")
    refuse(store, io.BytesIO(b""), "is no zip")
    refuse(store, io.BytesIO(whole[:-3000]), "is no zip|no whole zip|has no file")
    broken = bytearray(whole)
    broken[len(broken) // 2] ^= 255
    refuse(store, io.BytesIO(broken), "zip|damaged")
    with pytest.raises(RunError, match="There is no file"):
        pack.import_run(store, tmp_path / "none.zip", "test")


def test_what_a_killed_import_left_is_cleared(store):
    (store.root / ".import-0123" / "run").mkdir(parents=True)
    pack.import_run(store, zipped({}), "test")
    assert not list(store.root.glob(".import-*"))


def test_where_a_zip_may_go(run, tmp_path):
    with pytest.raises(RunError, match=r"is a \.zip file"):
        pack.export_run(run, tmp_path / "a.tar")
    with pytest.raises(RunError, match="There is no folder"):
        pack.export_run(run, tmp_path / "none" / "a.zip")


def test_a_link_in_a_run_is_not_packed(store, run, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("mine")
    (run.path / "log.txt").unlink()
    (run.path / "log.txt").symlink_to(secret)
    with zipfile.ZipFile(pack.export_run(run, tmp_path / "a.zip")) as made:
        assert "log.txt" not in made.namelist()
