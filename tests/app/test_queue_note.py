"""What the pages say of the queue is what happens: real runs, paused and training."""

import re
import time

import pytest

from gan_core.web.process import get_lab
from pages.ui.shared import queue_note
from tests.app.conftest import labels, texts


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def start(num_steps=None, **settings):
    lab = get_lab()
    fields = {"batch_size": 16, "width": 4, "num_steps": num_steps or 1_000_000} | settings
    return lab.start(lab.make_config("toy_mlp", "ring", **fields))


@pytest.fixture
def paused(store):
    """A run that trained and was paused, and one behind it."""
    lab = get_lab()
    first, second = start(), start(20)
    until(lambda: lab.snapshot(first).step > 3)
    lab.job(first).pause()
    until(lambda: lab.jobs.paused() == first)
    return lab, first, second


def ways(at) -> set[str]:
    return {b.key for b in at.button} & {"sm_held_resume", "sm_held_stop", "sm_held_first"}


ALL = {"sm_held_resume", "sm_held_stop", "sm_held_first"}


def test_a_waiting_run_says_who_holds_it_and_can_pass(paused, open_page):
    lab, first, second = paused
    at = open_page("train.py", run=second)
    assert "is paused and holds the queue" in texts(at) and "next in line" in texts(at)
    assert "starts in about" not in texts(at).lower()
    assert ways(at) == ALL and "Start this one first" in labels(at)
    at.button(key="sm_held_first").click().run()
    assert not at.exception
    until(lambda: lab.snapshot(second).state == "finished")
    until(lambda: lab.active() == first and lab.snapshot(first).state == "running")


def test_resume_lets_the_queue_go_on(paused, open_page):
    lab, first, second = paused
    at = open_page("train.py", run=second)
    at.button(key="sm_held_resume").click().run()
    until(lambda: lab.snapshot(first).state == "running")
    at.run()
    assert ways(at) == set()
    said = texts(at)
    assert re.search(r"Starts in about \*\*[\d:]+\*\*, when \*\*00001.*\*\* has ended\.", said)
    at.button(key="sm_ahead").click().run()  # a link to the run before it
    assert at.query_params["run"] == first


def test_stop_starts_the_next_one(paused, open_page):
    lab, first, second = paused
    at = open_page("train.py", run=second)
    at.button(key="sm_held_stop").click().run()
    until(lambda: lab.snapshot(second).state == "finished")
    assert lab.snapshot(first).state == "stopped"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("page", ["home.py", "runs.py"])
def test_lists_say_that_the_queue_is_held(paused, open_page, page):
    lab, first, second = paused
    at = open_page(page)
    assert not at.exception
    assert "is paused and holds the queue" in texts(at)
    assert "joins the queue" not in texts(at) and "starts in about" not in texts(at).lower()
    assert ways(at) == ALL and "Start 00002 first" in labels(at)
    at.button(key="sm_held_first").click().run()
    until(lambda: lab.snapshot(second).state == "finished")
    del first


def test_a_new_run_is_told_and_can_be_first(paused, open_page):
    lab, first, second = paused
    at = open_page("train.py")
    assert "is paused and holds the queue" in texts(at) and "joins the queue" not in texts(at)
    assert ways(at) == {"sm_held_resume", "sm_held_stop"}
    at.button(key="sm_train_first").click().run()
    assert not at.exception
    new = lab.store.ids()[0]
    assert new not in (first, second) and at.query_params["run"] == new
    until(lambda: lab.active() == new)
    assert lab.queue() == [first, second]


def test_a_start_is_promised_only_where_the_run_in_front_advances(store):
    lab = get_lab()
    assert queue_note.starts_in(lab) is None
    first, second = start(), start(20)
    until(lambda: lab.snapshot(first).seconds_left is not None and lab.snapshot(first).step > 3)
    assert queue_note.starts_in(lab) > 0
    assert queue_note.starts_in(lab, [second]) is None  # nobody knows how long that one takes
    lab.job(first).pause()
    until(lambda: lab.jobs.paused() == first)
    assert queue_note.starts_in(lab) is None
    assert queue_note.when(second) == "00001 is paused"


def test_known_times_of_those_before_add_up(store, make_run):
    lab = get_lab()
    like = lab.create(lab.make_config("toy_mlp", "ring", num_steps=900), who="test")
    like.write_status(state="finished", step=900, wall_time=30.0, images_seen=900 * 256)
    # limited by time: what is left of it shrinks by a second a second; of another size, so that its
    # own speed on this machine is none that is known of the next one
    first = lab.start(lab.make_config("toy_mlp", "ring", num_minutes=2, width=8))
    second = lab.start(lab.make_config("toy_mlp", "ring", num_steps=3000))
    until(lambda: lab.snapshot(first).seconds_left is not None and lab.snapshot(first).step > 3)
    both, one = queue_note.starts_in(lab, [second]), queue_note.starts_in(lab)
    assert both - one == pytest.approx(100, rel=0.5)  # 3,000 steps at 30 a second
