"""Increments and windows of the curves: right numbers, bounded size, and noticing a new past."""

import numpy as np
import pytest

from gan_core.runs.metrics.pyramid import Layout
from gan_core.runs.metrics.writer import MetricsWriter
from tests.unit.web.decoding import decode


def get(client, run, rest):
    answer = client.get(f"/api/runs/{run.id}/{rest}")
    assert answer.status_code == 200, answer.text
    return decode(answer.content)


def test_a_run_without_metrics_has_no_rows(client, run):
    header, columns = get(client, run, "curves")
    assert (header["count"], header["last"], header["metrics"], columns) == (0, 0, [], {})
    header, columns = get(client, run, "window")
    assert (header["count"], header["stop"], columns) == (0, 0, {})


def test_only_newer_rows_come(client, run, train):
    train(run, 1, 10)
    header, columns = get(client, run, "curves?since=7&mark=3.5")
    assert not header["reset"]
    assert header["last"] == 10
    assert columns["step"].tolist() == [8, 9, 10]
    assert columns["images_seen"].tolist() == [512, 576, 640]
    assert columns["wall_time"].tolist() == [4.0, 4.5, 5.0]
    assert columns["g_loss"].tolist() == [8, 9, 10]
    assert columns["d_loss"].tolist() == [4, 4.5, 5]
    header, columns = get(client, run, "curves?since=10&mark=5.0")
    assert header["count"] == 0
    assert not header["reset"]


def test_the_status_comes_with_the_rows_when_asked_for(client, run, train):
    alone = client.get(f"/api/runs/{run.id}/status").json()
    header, _ = get(client, run, "curves?status=1")  # no row yet
    assert header["status"].keys() == alone.keys()
    assert header["status"]["state"] == alone["state"]
    train(run, 1, 3)
    header, columns = get(client, run, "curves?since=1&status=1")
    assert header["status"]["signature"] == alone["signature"]
    assert columns["step"].tolist() == [2, 3]
    assert "status" not in get(client, run, "curves")[0]


def test_only_the_metrics_asked_for_come(client, run, train):
    train(run, 1, 3)
    _, columns = get(client, run, "curves?metrics=penalty/r1,nonsense,g_loss")
    assert [*columns] == ["step", "images_seen", "wall_time", "g_loss", "penalty/r1"]


def test_missing_values_stay_nan(client, run):
    with MetricsWriter(run.path, ["g_loss"]) as writer:
        writer.append(1, 64, 0.1, (), [np.nan])
    _, columns = get(client, run, "curves")
    assert np.isnan(columns["g_loss"]).all()


def test_a_client_that_knows_another_past_is_told_to_start_anew(client, run, train):
    train(run, 1, 20)
    train(run, 11, 25, keep_to=10, pace=0.7)  # went back to step 10 and on, at another pace
    header, _ = get(client, run, "curves?since=20&mark=10.0")
    assert header["reset"]
    assert header["count"] == 0
    header, columns = get(client, run, "curves?since=10&mark=5.0")  # step 10 is the same past
    assert not header["reset"]
    assert columns["step"].tolist() == [*range(11, 26)]


def test_a_client_ahead_of_the_run_is_told_to_start_anew(client, run, train):
    train(run, 1, 20)
    train(run, 6, 6, keep_to=5)
    assert get(client, run, "curves?since=20&mark=10.0")[0]["reset"]
    assert get(client, run, "curves?since=20")[0]["reset"]


def test_a_window_has_the_extremes_of_every_point(client, run, train):
    train(run, 1, 5000)
    header, columns = get(client, run, "window?points=100&metrics=g_loss")
    assert header["stop"] == header["last"] == 5000
    assert 2 <= header["count"] <= 100
    starts = columns["step"]
    assert starts[0] == 1
    np.testing.assert_array_equal(columns["g_loss:min"], starts)  # g_loss is the step itself
    np.testing.assert_array_equal(columns["g_loss:max"], [*(starts[1:] - 1), 5000])
    middle = (columns["g_loss:min"] + columns["g_loss:max"]) / 2
    np.testing.assert_allclose(columns["g_loss:mean"], middle, rtol=1e-6)
    assert columns["wall_time"][-1] == 2500


def test_a_zoomed_window_has_every_step(client, run, train):
    train(run, 1, 5000)
    header, columns = get(client, run, "window?start=101&stop=150&points=100")
    assert header["steps_per_point"] == 1
    assert columns["step"].tolist() == [*range(101, 151)]


def write_fast(run, names, rows):
    """`rows` rows in the format of metrics.py, without a million calls of append."""
    MetricsWriter(run.path, names).close()
    data = np.zeros(rows, Layout(tuple(names)).dtype(0))
    data["step"] = np.arange(1, rows + 1)
    data["wall_time"] = data["step"] * 0.01
    data["values"] = np.random.default_rng(0).standard_normal((rows, len(names)))
    data.tofile(run.path / "metrics.bin")
    MetricsWriter(run.path, names).close()  # builds the levels


@pytest.mark.parametrize("rows", [100, 10_000, 1_000_000])
def test_an_answer_stays_small_whatever_the_length(client, run, rows):
    names = [f"metric_{i}" for i in range(14)]
    write_fast(run, names, rows)
    mark = (rows - 30) * 0.01
    live = client.get(f"/api/runs/{run.id}/curves?since={rows - 30}&mark={mark}").content
    assert decode(live)[0]["count"] == 30
    header = len(live) - 30 * (3 * 8 + 14 * 4)
    assert header < 1500  # nothing but the new rows and the names
    for rest in ("curves", "window?points=2000", f"window?points=2000&start={rows // 3}"):
        assert len(client.get(f"/api/runs/{run.id}/{rest}").content) <= 100_000


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("curves?since=-1", "`since` must be a number from 0 to"),
        ("curves?since=nan", "`since` must be a number"),
        ("curves?since=1e400", "`since` must be a number"),
        ("curves?since=1.5", "`since` must be a whole number. Received: `1.5`"),
        ("curves?since=x' or 1", "Received: `x' or 1`"),
        ("curves?limit=0", "`limit` must be a number from 1 to 2000"),
        ("curves?mark=inf", "`mark` must be a number"),
        ("window?points=1", "`points` must be a number from 2 to 2000"),
        ("window?points=1000000", "`points` must be"),
        ("window?stop=99999999999", "`stop` must be"),
    ],
)
def test_numbers_out_of_bounds_are_refused_in_words(client, run, rest, words):
    answer = client.get(f"/api/runs/{run.id}/{rest}")
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_a_branch_begins_with_its_parents_rows(client, lab, run, train):
    train(run, 1, 40)
    child = lab.store.create(run.config, parent={"run": run.id, "step": 30})
    header, columns = get(client, child, "window")
    assert columns["step"].tolist() == [*range(1, 31)]
    assert header["stop"] == 30
    header, columns = get(client, child, "curves?since=30&mark=15.0")  # it has no own row yet
    assert (header["reset"], header["count"]) == (False, 0)
    with MetricsWriter(child.path, ["g_loss"], first_step=31) as writer:
        writer.append(31, 64, 15.5, (), [7])
    header, columns = get(client, child, "curves?since=30&mark=15.0")
    assert not header["reset"]
    assert columns["g_loss"].tolist() == [7]
