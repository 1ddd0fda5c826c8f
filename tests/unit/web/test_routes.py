"""Status, events, samples: what the browser is told of a run, and refusals in words."""

import math
import os
import time

import pytest

from gan_core.storage import files, images
from gan_core.web import status as status_module


def get(client, run, rest):
    return client.get(f"/api/runs/{run.id}/{rest}")


def test_status_of_a_new_run(client, run):
    run.write_status(state="stopped", num_steps=200, step=50, images_seen=3200, wall_time=10.0)
    found = get(client, run, "status").json()
    assert (found["run_id"], found["state"], found["step"]) == (run.id, "stopped", 50)
    assert found["progress"] == 0.25
    assert found["epoch"] == 3200 / 4500  # mnist_5k keeps a tenth for measuring
    assert found["owned"] is False
    assert abs(found["now"] - time.time()) < 60
    machine = found["machine"]
    assert 0 < machine["memory"] < machine["memory_total"]
    assert 0 <= machine["cpu"] <= 100
    assert machine["cores"] >= 1


def test_a_status_has_no_numbers_that_json_cannot_say(client, run):
    run.write_status(state="stopped", wall_time=math.inf)
    assert get(client, run, "status").json()["wall_time"] == 0  # stored as null: not known


def test_the_signature_follows_what_the_page_draws(client, run):
    run.write_status(state="stopped", step=1)
    before = get(client, run, "status").json()["signature"]
    run.write_status(step=2, wall_time=5.0)
    assert get(client, run, "status").json()["signature"] == before
    run.write_status(state="failed", error="d_loss became NaN")
    assert get(client, run, "status").json()["signature"] != before


def test_the_page_and_the_route_agree_on_the_signature(client, run, lab):
    shown = status_module.signature(lab.snapshot(run.id))
    assert get(client, run, "status").json()["signature"] == shown


def test_events_come_once_and_in_order(client, run):
    for step in range(3):
        run.log_event("checkpoint", step=step, who="training")
    before = get(client, run, "status").json()["event_bytes"]
    first = get(client, run, "events").json()
    assert [e["step"] for e in first["events"]] == [0, 1, 2]
    assert first["known"] == 3
    run.log_event("knob", step=3, who="page", changes={"g_lr": [0.002, 0.001]})
    assert get(client, run, "status").json()["event_bytes"] > before
    newer = get(client, run, "events?after=3").json()
    assert [e["changes"] for e in newer["events"]] == [{"g_lr": [0.002, 0.001]}]


def test_many_events_come_in_parts(client, run):
    for step in range(250):
        run.log_event("checkpoint", step=step, who="training")
    first = get(client, run, "events").json()
    second = get(client, run, f"events?after={len(first['events'])}").json()
    steps = [e["step"] for e in first["events"] + second["events"]]
    assert steps == [*range(250)]
    assert first["known"] == second["known"] == 250


def test_text_of_a_run_is_sent_as_it_is(client, run):
    text = "<img src=x onerror=alert(1)> $x$ **b**"
    run.log_event("warning", step=1, who=text, text=text)
    answer = get(client, run, "events")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["events"][0]["text"] == text


@pytest.fixture
def sampled(run):
    for step in (0, 5, 500):
        run.write_sample(step, images.png(images.to_uint8([[[[-1.0]]]])[0]))
    return run


def test_samples_are_listed_and_served(client, sampled):
    found = get(client, sampled, "samples").json()
    assert found["steps"] == [0, 5, 500]
    assert all(abs(t - time.time()) < 600 for t in found["times"])
    assert get(client, sampled, "samples?after=5").json()["steps"] == [500]
    picture = get(client, sampled, "samples/500.png")
    assert picture.content == sampled.sample_png(500)
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"] == "private, no-store"


def test_a_picture_is_kept_only_under_the_time_it_was_written(client, sampled):
    """Ids and steps come again: in another folder, after a run went back, after the bin."""
    time_of = get(client, sampled, "samples").json()["times"][2]
    kept = get(client, sampled, f"samples/500.png?written={time_of}")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    sampled.write_sample(500, images.png(images.to_uint8([[[[1.0]]]])[0]))
    os.utime(sampled.path / "samples" / "000500.png", (time_of + 0.01, time_of + 0.01))
    newer = get(client, sampled, f"samples/500.png?written={time_of}")
    assert newer.headers["cache-control"] == "private, no-store"
    assert newer.content != kept.content


def test_real_images_are_served(client, run):
    assert get(client, run, "reals.png").status_code == 404
    assert get(client, run, "samples").json()["reals_time"] is None
    run.write_reals(b"\x89PNG real")
    assert get(client, run, "reals.png").content == b"\x89PNG real"
    assert get(client, run, "reals.png").headers["cache-control"] == "private, no-store"
    time_of = get(client, run, "samples").json()["reals_time"]
    kept = get(client, run, f"reals.png?written={time_of}")
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_nothing_of_a_run_may_be_shared(client, sampled):
    """A cache between browser and server keeps only our own files."""
    for rest in ("status", "curves", "window", "events", "samples", "samples/500.png"):
        assert "public" not in get(client, sampled, rest).headers["cache-control"]


@pytest.mark.parametrize("step", ["7", "../config", "-1", "5e2", "99999999999", "٣"])
def test_a_missing_sample_is_said_in_words(client, sampled, step):
    answer = get(client, sampled, f"samples/{step}.png")
    assert answer.status_code == 404
    if answer.headers["content-type"] == "application/json":
        assert "sample" in answer.json()["error"]


@pytest.mark.parametrize(
    ("run_id", "words"),
    [
        ("00009-none-there", "There is no run 00009-none-there. Did you mean 00001-"),
        ("..%2F..%2Fetc", ""),
        ("%00", "A run id looks like"),
        ("x" * 5000, "A run id looks like"),
    ],
)
@pytest.mark.parametrize("rest", ["status", "curves", "window", "events", "samples", "reals.png"])
def test_unknown_runs_and_path_tricks_are_refused(client, run, run_id, words, rest):
    answer = client.get(f"/api/runs/{run_id}/{rest}")
    assert answer.status_code == 404
    if words:
        assert words in answer.json()["error"]


def test_a_waiting_run_names_the_paused_one_that_holds_the_queue(client, lab, run, monkeypatch):
    monkeypatch.setattr(lab.jobs, "paused", lambda: "00007-lsgan")
    assert get(client, run, "status").json()["held"] is None
    files.write_json(lab.store.root / "queue.json", [run.id])
    run.write_status(state="queued")
    status = get(client, run, "status").json()
    assert (status["queue_position"], status["held"]) == (1, "00007-lsgan")


def test_a_damaged_run_is_said_in_words(client, run):
    (run.path / "config.json").write_text("{")
    answer = get(client, run, "status")
    assert answer.status_code == 404
    assert "config.json" in answer.json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_routes_only_read(client, run, method):
    assert getattr(client, method)(f"/api/runs/{run.id}/status").status_code == 405
