"""Train, live, without a browser: what each state says and offers, and the commands of a real job."""

import time

import pytest

from gan_core import run_queue
from gan_core.web.process import get_lab
from tests.app.conftest import labels, texts


def components(at) -> list[str]:
    """Keys of the live components on the page."""
    return [c.proto.id.rsplit("-", 1)[-1] for c in at.get("bidi_component")]


def title(at) -> list[str]:
    return [t.value for t in at.title]


def put(state, make_run, held, **fields):
    """A run in that state as another program or an earlier one left it."""
    if state in ("running", "paused"):
        return held(state, **fields)
    return make_run("running" if state == "interrupted" else state, **fields)


@pytest.mark.parametrize(
    ("state", "says", "offers"),
    [
        ("running", "trained by another program", set()),
        ("paused", "trained by another program", set()),
        ("finished", "100 steps in 0:20", {"Train on"}),
        ("stopped", "at step 100 of 200", {"Resume"}),
        ("failed", "`d_loss` became NaN", {"Resume", "Resume from 0"}),
        ("interrupted", "the program that trained it ended at step 100 of 200", {"Resume"}),
    ],
)
def test_every_state(state, says, offers, open_page, make_run, held):
    error = "`d_loss` became NaN at step 100." if state == "failed" else ""
    run = put(state, make_run, held, error=error)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    assert run.id.replace("-", "\\-").replace("_", "\\_") in title(at)[0]
    assert says in texts(at)
    commands = {"Pause", "Stop", "Resume", "Resume from 0", "Cancel", "Move up", "Train on"}
    assert set(labels(at)) & commands == offers
    assert components(at) == ["readouts", "sample_grid", "step_slider", "curves", "event_list"]


def test_a_foreign_run_has_no_commands_and_says_why(open_page, held):
    run = held("running")
    run.write_status(owner="command line")
    at = open_page("train.py", run=run.id)
    assert "started on the command line" in texts(at)
    assert "only that program can pause or change it" in texts(at)
    assert "knobs_apply" not in {b.key for b in at.button}


def test_a_failed_run_says_what_is_kept_and_what_to_try(open_page, make_run):
    from gan_core.checkpoints import save_checkpoint

    run = make_run("failed", error="`d_loss` became NaN at step 100.")
    save_checkpoint(run.path, 80, {}, {})
    run.log("Traceback: what happened")
    at = open_page("train.py", run=run.id)
    assert "Checkpoint 80 is good and kept. Branch from the last checkpoint" in texts(at)
    assert "Resume from 80" in labels(at)
    assert "Traceback: what happened" in at.code[0].value


def test_an_interrupted_run_says_where_it_goes_on(open_page, make_run):
    from gan_core.checkpoints import save_checkpoint

    run = make_run("running")
    save_checkpoint(run.path, 88, {}, {})
    at = open_page("train.py", run=run.id)
    assert (
        "Resume goes on from checkpoint 88. The last 12 steps are trained again, with the same "
        "numbers." in texts(at)
    )


def test_an_unknown_run_is_said_in_words(open_page, make_run):
    make_run()
    at = open_page("train.py", run="00009-fast_gan-mnist_5k")
    assert not at.exception
    assert title(at) == ["Run not found"]
    assert "Did you mean" in texts(at)


def test_names_are_text_and_never_markup(open_page, make_run):
    run = make_run(name=":red[**evil**] $x$ <b>")
    at = open_page("train.py", run=run.id)
    assert "**evil**" not in title(at)[0]
    assert "evil" in title(at)[0]


def test_the_queue_can_be_reordered_and_left(open_page, store):
    lab = get_lab()
    config = lab.make_config("toy_mlp", "ring")
    first, second = (lab.create(config, who="page") for _ in range(2))
    for run in (first, second):
        run_queue.change(lab.store.root, lambda ids, new=run.id: [*ids, new])  # nothing trains here
        run.write_status(state="queued")
    at = open_page("train.py", run=second.id)
    assert "number 2 in line" in texts(at)
    at.button(key="move_up").click().run()
    assert "next in line" in texts(at)
    assert lab.queue() == [second.id, first.id]
    at.button(key="cancel").click().run()
    assert "Stopped" in texts(at)
    assert lab.queue() == [first.id]


# ---- a real job ----


def until(condition, seconds=120):
    """Wait for a condition with a deadline."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def training(store):
    """A real run of toy_mlp that trains in this process."""
    lab = get_lab()
    run_id = lab.start(lab.make_config("toy_mlp", "ring"))
    until(lambda: lab.snapshot(run_id).step > 3)
    return lab, run_id


def test_the_commands_of_a_real_job(training, open_page):
    lab, run_id = training
    at = open_page("train.py", run=run_id)
    assert {"Pause", "Stop", "Checkpoint"} <= set(labels(at))
    at.button(key="pause").click().run()
    until(lambda: lab.snapshot(run_id).state == "paused")
    step = lab.snapshot(run_id).step
    at.run()
    assert "nothing is lost" in texts(at)
    at.number_input(key=knob(at, "g_lr")).set_value(0.0005).run()
    assert "Apply 1 change" in labels(at)
    at.button(key="knobs_apply").click().run()
    until(lambda: abs(lab.snapshot(run_id).knobs["g_lr"] - 0.0005) < 1e-9)
    assert lab.snapshot(run_id).step == step  # a pause holds the step
    at.run()
    assert "now 0.0005, `g_lr`" in texts(at)
    assert "Apply 0 changes" in labels(at)
    at.button(key="pause").click().run()
    until(lambda: lab.snapshot(run_id).step > step)
    at.button(key="stop").click().run()
    until(lambda: lab.snapshot(run_id).state == "stopped")
    assert not at.exception
    kinds = [event["kind"] for event in lab.store.get(run_id).events()]
    assert [k for k in kinds if k in ("paused", "knob", "resumed", "stopped")] == [
        "paused", "knob", "resumed", "stopped",
    ]  # fmt: skip


def knob(at, name: str) -> str:
    return next(field.key for field in at.number_input if f"_{name}_" in field.key)
