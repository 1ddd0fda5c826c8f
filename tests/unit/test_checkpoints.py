"""Checkpoints and weights: bit-equal back, every damage found, the last good one never removed."""

import io
import json
import os
import shutil
import zipfile

import numpy as np
import pytest

from gan_core.errors import CheckpointError, DiskFullError, RunError
from gan_core.runs.saved import checkpoints
from gan_core.runs.saved.checkpoints import (
    list_checkpoints,
    list_weights,
    load_checkpoint,
    load_weights,
    newest_good_checkpoint,
    prune,
    prune_weights,
    save_checkpoint,
    save_weights,
)
from gan_core.runs.saved.weights import read_weights_meta
from gan_core.storage import npz

ARRAYS = {
    "generator/dense/kernel": np.random.default_rng(0).normal(size=(7, 5)).astype("f4"),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "file": np.array([1, 2, 3], ">i8"),  # a name that numpy.savez cannot store
    "counter": np.int64(500),
    "empty": np.zeros((0, 3), "u1"),
    "flags": np.array([True, False]),
    "text": np.array(["é", "b"]),
}
META = {"knobs": {"g_lr": 2e-4}, "seed": 1}


@pytest.fixture
def run_dir(tmp_path):
    """A run folder with good checkpoints at 100, 200, 300 and 400."""
    path = tmp_path / "00001-toy_mlp-ring"
    path.mkdir()
    for step in (100, 200, 300, 400):
        save_checkpoint(path, step, ARRAYS | {"step": np.array(step)}, META)
    return path


def state(run_dir, step):
    return run_dir / "checkpoints" / f"{step:06d}" / "state.npz"


def assert_same(found, expected):
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array)


def test_a_checkpoint_comes_back_bit_equal(run_dir):
    arrays, meta = load_checkpoint(run_dir, 300)
    assert_same(arrays, ARRAYS | {"step": np.array(300)})
    assert (meta["step"], meta["knobs"], meta["format"]) == (300, {"g_lr": 2e-4}, 1)
    arrays["generator/dense/kernel"][0] = 0  # the caller may change them


def test_numpy_reads_the_same(run_dir):
    with np.load(state(run_dir, 100), allow_pickle=False) as stored:
        assert_same({name: stored[name] for name in stored}, ARRAYS | {"step": np.array(100)})


def test_the_same_state_has_the_same_bytes(run_dir):
    before = state(run_dir, 100).read_bytes()
    save_checkpoint(run_dir, 100, ARRAYS | {"step": np.array(100)}, META)
    assert state(run_dir, 100).read_bytes() == before


def test_a_checkpoint_is_replaced_by_one_of_the_same_step(run_dir):
    save_checkpoint(run_dir, 400, {"new": np.arange(3)}, {})
    assert_same(load_checkpoint(run_dir, 400)[0], {"new": np.arange(3)})
    names = ["000100", "000200", "000300", "000400"]
    assert sorted(os.listdir(run_dir / "checkpoints")) == names


def test_a_checkpoint_that_stepped_aside_counts_until_its_successor_is_there(run_dir):
    folder = run_dir / "checkpoints"
    os.rename(folder / "000400", folder / ".old-000400")
    assert newest_good_checkpoint(run_dir).step == 400
    checkpoints.repair(run_dir)
    assert sorted(os.listdir(folder))[-1] == "000400"
    shutil.copytree(folder / "000400", folder / ".old-000400")
    checkpoints.repair(run_dir)
    assert len(os.listdir(folder)) == 4


def test_listing_reads_manifests_only(run_dir):
    state(run_dir, 200).write_bytes(b"not looked at")
    found = list_checkpoints(run_dir)
    assert [info.step for info in found] == [100, 200, 300, 400]
    assert found[0].bytes == state(run_dir, 100).stat().st_size
    assert found[0].meta["seed"] == 1
    assert found[0].created_at > 0
    assert list_checkpoints(run_dir / "missing") == []


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def change_manifest(path, **changes):
    manifest = path.parent / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | changes))


DAMAGES = {
    "flipped byte": (flip, "000400 is damaged: state.npz does not match its checksum"),
    "truncated": (truncate, r"000400 is damaged: state.npz has \d+ bytes instead of \d+"),
    "no arrays": (os.unlink, "000400 is damaged: state.npz is missing"),
    "no manifest": (
        lambda path: os.unlink(path.parent / "manifest.json"),
        "000400 is damaged: manifest.json is missing",
    ),
    "torn manifest": (
        lambda path: truncate(path.parent / "manifest.json"),
        "000400 is damaged: .*manifest.json is damaged: it holds no valid JSON",
    ),
    "other manifest": (
        lambda path: change_manifest(path, files={"../../config.json": {}}),
        "000400 is damaged: its manifest.json is no manifest",
    ),
    "newer": (
        lambda path: change_manifest(path, format=2),
        "000400 was made by a newer GANscope: format 2; this one reads up to 1",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_passed_over_with_its_reason(run_dir, name):
    damage, text = DAMAGES[name]
    damage(state(run_dir, 400))
    with pytest.raises(CheckpointError, match=text):
        load_checkpoint(run_dir, 400)
    newest = newest_good_checkpoint(run_dir)
    step, arrays, _, skipped = newest
    assert step == arrays["step"] == 300
    assert [step for step, _ in skipped] == [400]
    with pytest.raises(CheckpointError, match=text):
        raise CheckpointError(skipped[0][1])


def test_the_newest_before_a_step(run_dir):
    assert newest_good_checkpoint(run_dir, before=300).step == 200
    with pytest.raises(CheckpointError, match="00001-toy_mlp-ring has no good checkpoint"):
        newest_good_checkpoint(run_dir, before=100)


def test_no_good_checkpoint_says_why(run_dir):
    for step in (100, 200, 300, 400):
        flip(state(run_dir, step))
    with pytest.raises(CheckpointError, match="no good checkpoint. The checkpoint 000400 is dam"):
        newest_good_checkpoint(run_dir)
    with pytest.raises(CheckpointError, match="There is no checkpoint at step 7"):
        load_checkpoint(run_dir, 7)


def test_the_clock_has_no_say_in_the_order(run_dir):
    for step, created_at in ((100, 4e9), (400, 5.0)):
        change_manifest(state(run_dir, step), created_at=created_at)
        os.utime(state(run_dir, step).parent, (created_at, created_at))
    assert newest_good_checkpoint(run_dir).step == 400
    assert prune(run_dir, keep_last=1) == [100, 200, 300]


def test_python_objects_are_refused_and_leave_nothing(run_dir):
    before = sorted(os.listdir(run_dir / "checkpoints"))
    with pytest.raises(CheckpointError, match="`bad` holds Python objects; only plain numbers"):
        save_checkpoint(run_dir, 500, {"bad": np.array([{}, None])}, {})
    with pytest.raises(CheckpointError, match="`bad` holds Python objects"):
        save_weights(run_dir, 500, {"bad": np.array([{}, None])}, {})
    assert sorted(os.listdir(run_dir / "checkpoints")) == before
    assert os.listdir(run_dir / "weights") == []


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_pickles_are_never_opened(tmp_path):
    path, evidence = tmp_path / "bad.npz", tmp_path / "ran"
    np.savez(path, bad=np.array([Bomb(evidence)], object))
    with pytest.raises(CheckpointError, match="holds Python objects"):
        npz.read_npz(path)
    assert not evidence.exists()


def entry_of(array, shape=None):
    """The bytes of an .npy file, with another shape in its header than it has."""
    header = {"descr": array.dtype.str, "fortran_order": False, "shape": shape or array.shape}
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + array.tobytes()


@pytest.mark.parametrize(
    ("content", "compression", "text"),
    [
        (entry_of(np.zeros(4), (10**12,)), 0, "declares 8000000000000 bytes but holds 32"),
        (entry_of(np.zeros(10**6)), zipfile.ZIP_DEFLATED, "is compressed; only stored arrays"),
        (b"no array at all", 0, "bad.npz is damaged: the magic string is not correct"),
        (b"\x93NUMPY\x09\x00", 0, "has the array format"),
    ],
)
def test_files_that_declare_more_than_they_hold_are_refused(tmp_path, content, compression, text):
    path = tmp_path / "bad.npz"
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a.npy", content)
    with pytest.raises(CheckpointError, match=text):
        npz.read_npz(path)


def test_missing_and_foreign_npz_files_are_said_in_words(tmp_path):
    with pytest.raises(CheckpointError, match=r"a\.npz is missing in"):
        npz.read_npz(tmp_path / "a.npz")
    (tmp_path / "a.npz").write_bytes(b"no zip")
    with pytest.raises(CheckpointError, match=r"a\.npz is damaged: File is not a zip file"):
        npz.read_npz(tmp_path / "a.npz")
    with pytest.raises(CheckpointError, match=r"a\.npz is damaged"):
        npz.read_entry(tmp_path / "a.npz", "x")
    with open(tmp_path / "b.npz", "wb") as file:
        npz.write_npz(file, {"a": np.zeros(1)})
    with pytest.raises(CheckpointError, match=r"b\.npz has no array `x`"):
        npz.read_entry(tmp_path / "b.npz", "x")


def test_weights_come_back_bit_equal(run_dir):
    path = save_weights(run_dir, 250, ARRAYS, META)
    arrays, meta = load_weights(run_dir, 250)
    assert_same(arrays, ARRAYS)
    assert (meta["step"], meta["knobs"]) == (250, {"g_lr": 2e-4})
    assert read_weights_meta(run_dir, 250)["seed"] == 1
    assert list_weights(run_dir) == [250]
    with np.load(path) as stored:
        assert set(stored) == {"__manifest__", *ARRAYS}


def test_an_array_that_claims_to_be_encrypted_is_damaged(weights_file):
    """zipfile answers a set encryption bit with a RuntimeError of its own."""
    run_dir, data = weights_file
    data = bytearray(data)
    entry = data.rindex(b"PK\x01\x02")  # the last entry of the table of contents
    data[entry + 8] |= 1
    (run_dir / "weights" / "000001.npz").write_bytes(data)
    with pytest.raises(CheckpointError, match="is damaged"):
        load_weights(run_dir, 1)


@pytest.mark.parametrize("position", range(0, 5000, 61))
def test_any_flipped_byte_of_weights_is_found(weights_file, position):
    """Found, or in a byte that no array and no manifest depends on (zip dates and the like)."""
    run_dir, data = weights_file
    position %= len(data)
    changed = bytearray(data)
    changed[position] ^= 1
    (run_dir / "weights" / "000001.npz").write_bytes(changed)
    try:
        arrays, meta = load_weights(run_dir, 1)
    except CheckpointError as error:
        assert "000001.npz" in str(error)
    else:
        assert_same(arrays, ARRAYS)
        assert meta["seed"] == 1


@pytest.fixture(scope="module")
def weights_file(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("run")
    path = save_weights(run_dir, 1, ARRAYS, META)
    return run_dir, path.read_bytes()


def test_weights_with_another_manifest_are_refused(run_dir):
    path = save_weights(run_dir, 1, ARRAYS, META)
    manifest = read_weights_meta(run_dir, 1)
    for change, text in (
        ({"seed": 2}, "does not match its checksum"),
        ({"format": 2}, "made by a newer GANscope: format 2"),
    ):
        packed = np.frombuffer(json.dumps(manifest | change).encode(), np.uint8)
        with open(path, "wb") as file:
            npz.write_npz(file, {"__manifest__": packed, **ARRAYS})
        with pytest.raises(CheckpointError, match=text):
            load_weights(run_dir, 1)
    with open(path, "wb") as file:
        npz.write_npz(file, ARRAYS)
    with pytest.raises(CheckpointError, match=r"000001\.npz is damaged: it has no manifest"):
        load_weights(run_dir, 1)


def steps_of(run_dir):
    return [info.step for info in list_checkpoints(run_dir)]


def test_prune_keeps_the_newest_and_the_chosen(run_dir):
    assert prune(run_dir, keep_last=2, keep={100}) == [200]
    assert steps_of(run_dir) == [100, 300, 400]
    assert prune(run_dir, keep_last=9) == []
    assert not list((run_dir / "checkpoints").glob(".*"))


def test_prune_never_removes_the_last_good_one(run_dir):
    for step in (300, 400):
        flip(state(run_dir, step))
    assert prune(run_dir, keep_last=1) == [100, 300]
    assert newest_good_checkpoint(run_dir).step == 200
    assert prune(run_dir, keep_last=0, budget_bytes=0) == [400]
    assert steps_of(run_dir) == [200]


def test_prune_to_a_budget(run_dir):
    size = sum(path.stat().st_size for path in state(run_dir, 400).parent.iterdir())
    assert prune(run_dir, keep_last=4, keep={100}, budget_bytes=3 * size + 9) == [200]
    assert prune(run_dir, keep_last=4, keep={100}, budget_bytes=0) == [300]
    assert steps_of(run_dir) == [100, 400]


def test_weights_are_thinned_evenly(run_dir):
    for step in range(0, 1000, 100):
        save_weights(run_dir, step, ARRAYS, META)
    size = (run_dir / "weights" / "000000.npz").stat().st_size
    removed = prune_weights(run_dir, budget_bytes=6 * size + size // 2, keep={500})
    assert removed == [100, 300, 600, 800]
    assert list_weights(run_dir) == [0, 200, 400, 500, 700, 900]
    prune_weights(run_dir, budget_bytes=0)
    assert list_weights(run_dir) == [0, 900]


def test_a_full_disk_keeps_the_old_checkpoints(run_dir, monkeypatch):
    before = sorted(os.listdir(run_dir / "checkpoints"))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError, match="The disk is full: 000500 could not be written"):
        save_checkpoint(run_dir, 500, ARRAYS, META)
    with pytest.raises(DiskFullError, match=r"The disk is full: 000500\.npz could not be written"):
        save_weights(run_dir, 500, ARRAYS, META)
    monkeypatch.undo()
    assert sorted(os.listdir(run_dir / "checkpoints")) == before
    assert newest_good_checkpoint(run_dir).step == 400
    assert os.listdir(run_dir / "weights") == []


def test_a_run_folder_that_is_gone_is_not_made_again(tmp_path):
    path = tmp_path / "00001-toy_mlp-ring"
    for save in (save_checkpoint, save_weights):
        with pytest.raises(RunError, match="is no longer there: it was moved or deleted"):
            save(path, 100, ARRAYS, META)
    assert not path.exists()
