"""Metrics: windows against plain numpy, extremes, torn and cut files, reading while written."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gan_core.errors import DiskFullError, RunError
from gan_core.runs.metrics import reader as metrics_reader
from gan_core.runs.metrics.writer import MetricsReader, MetricsWriter

ROOT = Path(__file__).parents[2]
NAMES = ("g_loss", "penalty/r1")
COUNTED = ("g_updates", "d_updates")
FIXED = [["step", "<u4"], ["images_seen", "<f8"], ["wall_time", "<f8"]]


@pytest.fixture(autouse=True)
def whole_folder(tmp_path):
    """Where a run that was never interrupted is written, to compare with."""
    (tmp_path / "whole").mkdir()


def random_values(count, seed=0):
    """[count, 2] float32 with NaN: the second metric is measured at every 7th step only."""
    values = np.random.default_rng(seed).normal(size=(count, 2)).astype("f4")
    values[np.arange(count) % 7 != 0, 1] = np.nan
    return values


def write(directory, values, *, first_step=1, keep_to_step=None, flush_every=100):
    """Append all `values` whose steps are not there yet."""
    with MetricsWriter(
        directory, NAMES, counters=COUNTED, first_step=first_step, keep_to_step=keep_to_step
    ) as writer:
        for step in range(writer.last_step + 1, first_step + len(values)):
            writer.append(step, step * 64, step * 0.01, (step, 2 * step), values[step - first_step])
            if step % flush_every == 0:
                writer.flush()
    return MetricsReader(directory)


def bins(directory):
    return {path.name: path.read_bytes() for path in sorted(directory.glob("metrics*.bin"))}


def test_rows_come_back_as_written(tmp_path):
    values = random_values(100)
    reader = write(tmp_path, values)
    rows = reader.rows(11, 20)
    assert rows.dtype.names == (
        *("step", "images_seen", "wall_time", "g_updates", "d_updates"),
        *NAMES,
    )
    assert list(rows["step"]) == list(range(11, 21))
    np.testing.assert_array_equal(rows["g_loss"], values[10:20, 0])
    np.testing.assert_array_equal(rows["penalty/r1"], values[10:20, 1])
    np.testing.assert_allclose(rows["wall_time"], np.arange(11, 21) * 0.01)
    assert (reader.names, reader.first_step, reader.last_step, len(reader)) == (NAMES, 1, 100, 100)
    assert reader.last()["step"] == 100
    assert reader.last()["d_updates"] == 200


def test_rows_are_limited_and_cut_to_what_there_is(tmp_path):
    reader = write(tmp_path, random_values(50))
    assert list(reader.rows(1, limit=3)["step"]) == [1, 2, 3]
    assert list(reader.rows(-5, 2)["step"]) == [1, 2]
    assert list(reader.rows(49, 1000)["step"]) == [49, 50]
    assert len(reader.rows(51)) == len(reader.rows(30, 20)) == len(reader.rows(-9, -1)) == 0


def test_no_rows_yet(tmp_path):
    reader = write(tmp_path, random_values(0))
    assert (len(reader), reader.last_step, reader.last()) == (0, 0, None)
    window = reader.window(1)
    assert len(window) == 0
    assert set(window.metrics) == set(NAMES)


def brute_force(values, first_step, start, stop, group):
    """(first step, min, max, mean) of each group of steps in [start, stop], by plain numpy."""
    steps = np.arange(start, stop + 1)
    found = []
    for index in np.unique((steps - first_step) // group):
        inside = steps[(steps - first_step) // group == index]
        column = values[inside - first_step].astype("f8")
        column = column[~np.isnan(column)]
        extremes = (column.min(), column.max(), column.mean()) if len(column) else (np.nan,) * 3
        found.append((inside[0], *extremes))
    return np.array(found)


@pytest.mark.parametrize("first_step", [1, 501])
@pytest.mark.parametrize(
    ("start", "stop", "points"),
    [(1, 20_000, 100), (1, 20_000, 2000), (3, 19_999, 7), (777, 12_345, 50), (100, 150, 500)],
)
@pytest.mark.parametrize("column", [0, 1])
def test_windows_are_what_plain_numpy_says(long_runs, first_step, start, stop, points, column):
    reader, values = long_runs[first_step]
    start, stop = start + first_step - 1, stop + first_step - 1
    window = reader.window(start, stop, max_points=points)
    expected = brute_force(values[:, column], first_step, start, stop, window.steps_per_point)
    assert points / 2 < len(window) <= points or window.steps_per_point == 1
    np.testing.assert_array_equal(window.step, expected[:, 0])
    low, high, mean = window[NAMES[column]]
    np.testing.assert_array_equal(low, expected[:, 1].astype("f4"))
    np.testing.assert_array_equal(high, expected[:, 2].astype("f4"))
    np.testing.assert_allclose(mean, expected[:, 3], rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def long_runs(tmp_path_factory):
    """{first_step: (reader, values [20000, 2])}: 4 levels."""
    values = random_values(20_000)
    return {
        first: (write(tmp_path_factory.mktemp("run"), values, first_step=first), values)
        for first in (1, 501)
    }


def test_a_point_has_the_time_and_images_of_its_last_step(long_runs):
    reader, _ = long_runs[1]
    window = reader.window(1, 20_000, max_points=100)
    lasts = np.append(window.step[1:] - 1, 20_000)
    np.testing.assert_array_equal(window.images_seen, lasts * 64)
    np.testing.assert_allclose(window.wall_time, lasts * 0.01)


def test_a_single_spike_is_seen_from_far_away(tmp_path):
    values = np.zeros((100_000, 2), "f4")
    values[54_321] = 9, -9
    window = write(tmp_path, values).window(1, max_points=500)
    assert len(window) <= 500
    assert window["g_loss"][1].max() == 9
    assert window["penalty/r1"][0].min() == -9
    assert window.step[window["g_loss"][1].argmax()] <= 54_322


def test_nothing_outside_a_window_shows_in_it(tmp_path):
    values = np.zeros((10_000, 2), "f4")
    values[[4_999, 8_000]] = 9
    window = write(tmp_path, values).window(5_001, 8_000, max_points=10)
    assert window["g_loss"][1].max() == 0


def test_points_stay_where_they_are_while_the_run_grows(long_runs):
    reader, _ = long_runs[1]
    short, long = (reader.window(1, stop, max_points=100) for stop in (19_000, 19_500))
    assert short.steps_per_point == long.steps_per_point
    np.testing.assert_array_equal(short["g_loss"][2][:-1], long["g_loss"][2][: len(short) - 1])


def test_infinity_and_numbers_too_large_are_kept_as_infinity(tmp_path):
    values = [[np.inf, 1e300], *[[-np.inf, 1.0]] * 39]
    reader = write(tmp_path, values)
    assert reader.rows(1)["penalty/r1"][0] == np.inf
    low, high, _ = reader.window(1, max_points=3)["g_loss"]
    assert (low[0], high[0]) == (-np.inf, np.inf)


def test_a_million_rows_cost_what_a_thousand_cost(tmp_path, monkeypatch):
    read = []
    original = np.fromfile

    def count(file, dtype, count):
        read.append(count)
        return original(file, dtype, count)

    with MetricsWriter(tmp_path, NAMES, counters=COUNTED, keep_to_step=1_000_000):
        pass  # padded with NaN: a quick way to a long file
    reader = MetricsReader(tmp_path)
    assert (tmp_path / "metrics.bin").stat().st_size == 1_000_000 * 36
    monkeypatch.setattr(metrics_reader.np, "fromfile", count)
    assert len(reader.window(3, 999_990, max_points=500)) <= 500
    assert sum(read) <= 16 * 500 + 6 * 32


@pytest.mark.parametrize("torn", [1, 17, 35])
def test_a_torn_last_row_does_not_exist(tmp_path, torn):
    values = random_values(40)
    write(tmp_path, values)
    with open(tmp_path / "metrics.bin", "ab") as file:
        file.write(bytes(torn))
    assert MetricsReader(tmp_path).last_step == 40
    more = random_values(60)
    more[:40] = values
    write(tmp_path, more)
    write(tmp_path / "whole", more)
    assert bins(tmp_path) == bins(tmp_path / "whole")


@pytest.mark.parametrize("keep", [0, 1, 15, 16, 17, 255, 256, 300, 4095, 4100, 5000])
def test_a_resumed_run_has_the_bytes_of_one_that_never_stopped(tmp_path, keep):
    values = random_values(5000)
    write(tmp_path, np.nan_to_num(values) + 1, flush_every=37)
    with MetricsWriter(tmp_path, NAMES, counters=COUNTED, keep_to_step=0):
        pass
    write(tmp_path, values[:4500], flush_every=11)
    write(tmp_path, values, keep_to_step=min(keep, 4500), flush_every=50)
    write(tmp_path / "whole", values, flush_every=1000)
    assert bins(tmp_path) == bins(tmp_path / "whole")


@pytest.mark.parametrize("damage", ["missing", "short", "torn", "zeros", "long"])
def test_damaged_levels_are_rebuilt(tmp_path, damage):
    values = random_values(5000)
    write(tmp_path, values)
    write(tmp_path / "whole", values)
    path = tmp_path / "metrics.l1.bin"
    size = path.stat().st_size
    if damage == "missing":
        path.unlink()
    elif damage == "long":
        path.write_bytes(path.read_bytes() + bytes(1000))
    else:
        os.truncate(path, {"short": 0, "torn": size // 2 + 1, "zeros": size - 520}[damage])
    if damage == "zeros":
        os.truncate(path, size)
    window = MetricsReader(tmp_path).window(1, max_points=100)
    if damage != "zeros":  # zeros can only come from a power cut: found when it is opened to write
        whole = MetricsReader(tmp_path / "whole").window(1, max_points=100)
        np.testing.assert_array_equal(window["g_loss"][1], whole["g_loss"][1])
    MetricsWriter(tmp_path, NAMES, counters=COUNTED).close()
    assert bins(tmp_path) == bins(tmp_path / "whole")


def test_rows_that_a_power_cut_zeroed_are_cut_off(tmp_path):
    write(tmp_path, random_values(100))
    os.truncate(tmp_path / "metrics.bin", 90 * 36)
    os.truncate(tmp_path / "metrics.bin", 100 * 36)
    MetricsWriter(tmp_path, NAMES, counters=COUNTED).close()
    assert MetricsReader(tmp_path).last_step == 90


def test_rows_lost_before_the_checkpoint_are_filled(tmp_path):
    values = random_values(100)
    write(tmp_path, values[:90])
    reader = write(tmp_path, values, keep_to_step=95)
    rows = reader.rows(90)
    assert list(rows["step"]) == list(range(90, 101))
    assert np.isnan(rows["g_loss"][1:6]).all()
    assert list(rows["images_seen"][:6]) == [90 * 64] * 6
    assert rows["g_loss"][-1] == values[-1, 0]


def test_a_full_disk_loses_no_row(tmp_path, monkeypatch):
    values = random_values(64)
    writer = MetricsWriter(tmp_path, NAMES, counters=COUNTED)
    original = os.write
    for step in range(1, 65):
        writer.append(step, step * 64, step * 0.01, (step, 2 * step), values[step - 1])
    # 100 bytes fit: the disk is full in the middle of a row
    monkeypatch.setattr(os, "write", lambda file, data: full(original, file, data))
    with pytest.raises(DiskFullError, match=r"disk is full: metrics\.bin could not be written"):
        writer.flush()
    monkeypatch.undo()
    writer.close()
    write(tmp_path / "whole", values)
    assert bins(tmp_path) == bins(tmp_path / "whole")


def full(original, file, data):
    if len(data) == 64 * 36:
        return original(file, bytes(data[:100]))
    raise OSError(28, "No space left on device")


WRITER = """
import sys
from pathlib import Path
from gan_core.runs.metrics.writer import MetricsWriter
with MetricsWriter(Path(sys.argv[1]), ("g_loss", "penalty/r1")) as writer:
    for step in range(1, 8001):
        writer.append(step, step, step, (), (step, -step))
        writer.flush()
"""


def test_reading_while_another_process_writes(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], env=environment)
    seen = []
    while writer.poll() is None:
        if (tmp_path / "metrics.json").exists():
            check_seen(MetricsReader(tmp_path), seen)
    assert writer.returncode == 0
    assert len(set(seen)) > 3
    check_seen(MetricsReader(tmp_path), seen)
    assert seen == sorted(seen)
    assert seen[-1] == 8000


def check_seen(reader, seen):
    """Every row and every point is whole: the metrics say the step they belong to."""
    rows = reader.rows(1, limit=100_000)
    seen.append(len(rows))
    np.testing.assert_array_equal(rows["g_loss"], np.arange(1, len(rows) + 1))
    if len(rows):
        window = reader.window(1, len(rows), max_points=10)
        np.testing.assert_array_equal(window["g_loss"][0], window.step)
        lasts = np.append(window.step[1:] - 1, len(rows))
        np.testing.assert_array_equal(window["penalty/r1"][0], -lasts)


def test_appending_is_cheap(tmp_path):
    with MetricsWriter(tmp_path, [f"m{i}" for i in range(14)]) as writer:
        began = time.process_time()
        for step in range(1, 20_001):
            writer.append(step, step, step, (), (0.5,) * 14)
        writer.flush()
        assert (time.process_time() - began) / 20_000 < 20e-6


def test_steps_must_follow_each_other(tmp_path):
    with MetricsWriter(tmp_path, NAMES, first_step=501) as writer:
        with pytest.raises(ValueError, match="next metrics row is step 501. Received: 1"):
            writer.append(1, 0, 0, (), (0, 0))
        with pytest.raises(ValueError, match="a metrics row has 0 counters and 2 numbers"):
            writer.append(501, 0, 0, (), (0, 0, 0))
        writer.append(501, 0, 0, (), (0, 0))
    assert MetricsReader(tmp_path).first_step == 501


def test_the_header_of_a_resumed_run_wins(tmp_path):
    write(tmp_path, random_values(5), first_step=501)
    with MetricsWriter(tmp_path, NAMES, counters=COUNTED) as writer:
        assert writer.last_step == 505
    stored = "g_updates, d_updates, g_loss, penalty/r1"
    for names, counters in ((("g_loss",), COUNTED), (NAMES, ()), (NAMES, ("g_updates",))):
        with pytest.raises(RunError, match=f"records other metrics. Stored: {stored}. Rec"):
            MetricsWriter(tmp_path, names, counters=counters)


def test_a_run_of_format_1_goes_on_in_it(tmp_path):
    """Its bytes are those that the version before wrote: the same rows, under its own header."""
    header = {"format": 1, "first_step": 1, "factor": 16, "levels": 6}
    counted = [[name, "<u4"] for name in COUNTED]
    header["columns"] = [*FIXED, *counted, *([name, "<f4"] for name in NAMES)]
    text = json.dumps(header)
    (tmp_path / "metrics.json").write_text(text)
    values = random_values(50)
    write(tmp_path, values[:20])
    reader = write(tmp_path, values)
    assert (tmp_path / "metrics.json").read_text() == text
    write(tmp_path / "whole", values)
    assert bins(tmp_path) == bins(tmp_path / "whole")
    assert (reader.counters, reader.names) == (COUNTED, NAMES)
    assert reader.last()["d_updates"] == 100


def test_any_counters_and_none(tmp_path):
    for counters in ((), ("a_updates", "b_updates", "pool")):
        folder = tmp_path / str(len(counters))
        folder.mkdir()
        with MetricsWriter(folder, NAMES, counters=counters) as writer:
            for step in range(1, 40):
                writer.append(step, step, step, range(step, step + len(counters)), (step, 0.5))
            with pytest.raises(ValueError, match=f"row has {len(counters)} counters and 2 numbers"):
                writer.append(40, 0, 0, range(len(counters) + 1), (0, 0))
        rows = MetricsReader(folder).rows(1)
        assert rows.dtype.names[3:] == (*counters, *NAMES)
        for i, name in enumerate(counters):
            assert (rows[name] == np.arange(1, 40) + i).all()
        assert (rows["g_loss"] == np.arange(1, 40)).all()
        assert MetricsReader(folder).window(1, None, 3)["g_loss"][1].max() == 39


def test_the_files_are_what_the_docstring_says(tmp_path):
    values = random_values(32)
    write(tmp_path, values)
    header = json.loads((tmp_path / "metrics.json").read_bytes())
    assert header["format"] == 2
    assert header["columns"][0] == ["step", "<u4"]
    assert header["columns"][-1] == ["penalty/r1", "<f4"]
    raw = np.fromfile(tmp_path / "metrics.bin", np.dtype([tuple(c) for c in header["columns"]]))
    np.testing.assert_array_equal(raw["g_loss"], values[:, 0])
    level = np.fromfile(tmp_path / "metrics.l1.bin", np.uint8)
    assert level.nbytes == 2 * (4 + 8 + 8 + 2 * (4 + 4 + 4 + 4))
    np.testing.assert_array_equal(level[20:24].view("<f4"), values[:16, 0].min())


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"format": 3}, "made by a newer GANscope: format 3; this one reads up to 2"),
        ({"format": 1, "columns": FIXED}, "is no header of metrics .unexpected columns"),
        ({"columns": [*FIXED, ["a", "<f4"], ["n", "<u4"]]}, "unexpected columns"),
        ({"columns": [*FIXED, ["a", "<f8"]]}, "unexpected columns"),
        ({"columns": [*FIXED, ["a", "<u4"], ["a", "<f4"]]}, "is no header of metrics"),
        ({"columns": [["step", "<u4"]]}, "is no header of metrics .unexpected columns"),
        ({"columns": None}, "is damaged: it is no header of metrics"),
        ({"first_step": "x"}, "is damaged: it is no header of metrics"),
    ],
)
def test_damaged_and_newer_headers_are_refused(tmp_path, change, text):
    write(tmp_path, random_values(1))
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RunError, match=text):
        MetricsReader(tmp_path)
    with pytest.raises(RunError, match=text):
        MetricsWriter(tmp_path, NAMES, counters=COUNTED)


def test_other_bad_input(tmp_path):
    with pytest.raises(RunError, match=r"metrics\.json is missing in"):
        MetricsReader(tmp_path)
    reader = write(tmp_path, random_values(1))
    with pytest.raises(ValueError, match="max_points must be at least 2. Received: 1"):
        reader.window(1, 2, max_points=1)
