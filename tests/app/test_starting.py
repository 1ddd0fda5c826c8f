"""Starting a run from the pages: real training of the smallest recipe, in this process."""

import time

import pytest

from gan_core.errors import ConfigError
from gan_core.web import process
from pages.ui.shared import start
from tests.app.conftest import texts
from tests.app.test_choosing import pick


@pytest.fixture
def toy(monkeypatch):
    """Makes Train now train points for a few steps instead of digits for minutes."""
    monkeypatch.setattr(start.recipes, "DEFAULT", "toy_mlp")
    monkeypatch.setattr(start, "DATASET", "ring")


def wait_until(condition, seconds=180):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.1)


def test_train_starts_the_drafted_run_and_watches_it(open_page, store):
    at = pick(open_page("train.py"), "recipe_cards", "toy_mlp")
    at.button_group(key="limit").set_value("other").run()
    at.number_input(key="set_num_steps").set_value(20).run()
    at.text_input(key="note").set_value("first try")
    at.button(key="train").click().run()
    assert not at.exception
    run = store.get(store.ids()[0])
    assert at.query_params["run"] == run.id
    assert run.notes().note == "first try"
    assert run.config["num_steps"] == 20
    wait_until(lambda: run.status().state == "finished")
    assert run.status().step == 20


def test_train_now_starts_at_once_and_the_next_one_waits(open_page, store, toy):
    at = open_page()
    at.button(key="train_now").click().run()
    first = store.ids()[0]
    assert at.query_params["run"] == first
    lab = process.get_lab()
    assert lab.active() == first
    del at.query_params["run"]
    at.switch_page("train.py").run()
    assert "joins the queue" in texts(at)
    at.switch_page("runs.py").run()
    assert "chip" in [button.key for button in at.button]
    lab.job(first).stop()
    wait_until(lambda: lab.active() is None)


def test_what_does_not_fit_the_machine_is_said_and_nothing_starts(open_page, store):
    at = open_page("train.py")
    at.number_input(key="set_batch_size").set_value(8192).run()
    at.number_input(key="set_width").set_value(1024).run()
    with pytest.raises(ConfigError, match="of memory"):
        lab = process.get_lab()
        lab.start(lab.make_config("fast_gan", "mnist_5k", batch_size=8192, width=1024))
    at.button(key="train").click().run()
    assert "of memory" in "\n".join(e.value for e in at.error)
    assert store.ids() == []


def test_cancel_at_home_only_takes_the_run_out_of_the_queue(open_page, store, toy):
    lab = process.get_lab()
    first = lab.start(lab.make_config("toy_mlp", "ring", num_steps=100_000))
    second = lab.start(lab.make_config("toy_mlp", "ring", num_steps=100_000))
    at = open_page()
    at.button(key=f"sm_act_{second}_queued").click().run()
    assert not at.exception
    assert lab.queue() == []
    assert "Recent runs" in [header.value for header in at.header]  # still at home
    assert lab.active() == first


def test_a_run_that_cannot_be_resumed_says_why(open_page, make_run):
    make_run("finished")
    run = make_run("running", step=200, num_steps=200)  # interrupted at its limit
    at = open_page()
    at.button(key=f"sm_act_{run.id}_interrupted").click().run()
    assert not at.exception
    assert "its limit is 200 steps" in "\n".join(e.value for e in at.error)
