"""Train, live, without a browser: what each state says and offers, and the commands of a real job."""

import time
from types import SimpleNamespace

import pytest

from gan_core import tasks
from gan_core.evaluation.behind import Behind
from gan_core.runs import queue
from gan_core.storage import files
from gan_core.web.process import get_lab
from pages.ui.train import next_step
from tests import second_task
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
        ("finished", "100 steps in 0:20", {"Train on", "Explore", "Branch"}),
        ("stopped", "at step 100 of 200", {"Resume", "Explore", "Branch"}),
        ("failed", "`d_loss` became NaN", set()),
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
    commands |= {"Explore", "Branch"}
    assert set(labels(at)) & commands == offers
    assert components(at) == [
        "readouts",
        "sample_grid",
        "step_slider",
        "curves",
        "event_list",
        "tour_of_page",
    ]


def test_a_foreign_run_has_no_commands_and_says_why(open_page, held):
    run = held("running")
    run.write_status(owner="command line")
    at = open_page("train.py", run=run.id)
    assert "started on the command line" in texts(at)
    assert "only that program can pause or change it" in texts(at)
    assert "knobs_apply" not in {b.key for b in at.button}


def primary(at) -> list[str]:
    """Labels of the buttons that stand out, without those that the style sheet hides."""
    return [b.label for b in at.button if b.proto.type == "primary" and b.key != "remedy"]


def test_a_diverged_run_offers_another_one_and_not_the_same_numbers_again(open_page, make_run):
    """Issue of the first testers: three answers, and the loudest was to fail once more."""
    from gan_core.runs.saved.checkpoints import save_checkpoint

    run = make_run("failed", error="`d_loss` became NaN at step 100.")
    save_checkpoint(run.path, 80, {}, {})
    run.log("Traceback: what happened")
    at = open_page("train.py", run=run.id)
    [best] = primary(at)
    own = run.config["g_lr"]
    assert f"g_lr {own / 2:g}" in best  # smaller steps, whether from a checkpoint or from the start
    assert "The same settings would compute the same numbers again." in texts(at)
    assert not {"Resume", "Resume from 80"} & set(labels(at))
    assert "Traceback: what happened" in at.code[0].value


def test_a_diverged_run_without_checkpoint_starts_again_with_smaller_steps(open_page, make_run):
    run = make_run("failed", error="`g_loss` became infinite at step 100.")
    [best] = primary(open_page("train.py", run=run.id))
    assert "again with" in best and "g_lr" in best


@pytest.mark.parametrize("error", ["The disk is full: no room.", "KeyError: a bug"])
def test_another_failure_goes_on_from_its_checkpoint(error, open_page, make_run):
    from gan_core.runs.saved.checkpoints import save_checkpoint

    run = make_run("failed", error=error)
    save_checkpoint(run.path, 80, {}, {})
    assert primary(open_page("train.py", run=run.id)) == ["Resume from 80"]


@pytest.mark.parametrize(
    ("state", "recipe", "best"),
    [
        ("finished", "fast_gan", "Explore"),
        ("stopped", "fast_gan", "Explore"),
        ("finished", "toy_mlp", "Branch"),
        ("interrupted", "fast_gan", "Resume"),
    ],
)
def test_an_ended_run_has_one_best_next_step(state, recipe, best, open_page, make_run):
    run = make_run("running" if state == "interrupted" else state, recipe=recipe)
    at = open_page("train.py", run=run.id)
    assert [label for label in primary(at) if label != "Train on"] == [best]


@pytest.mark.parametrize("state", ["finished", "stopped", "running"])  # running: interrupted
def test_where_the_doctor_has_a_remedy_it_is_the_only_first_choice(
    state, open_page, make_run, monkeypatch
):
    remedy = SimpleNamespace(kind="restart", label="Train again", step=None)
    monkeypatch.setattr(next_step, "way_out", lambda run, snapshot: remedy)
    at = open_page("train.py", run=make_run(state).id)
    assert [label for label in primary(at) if label != "Train on"] == []


def test_a_finished_run_names_its_best_step(open_page, make_run):
    run = make_run("finished", step=6000, num_steps=6000)
    for step, value in ((3000, 9.5), (5500, 4.1), (6000, 4.4)):
        keep_line(run, step, value)
    assert "Best measured at step 5,500: Fréchet distance 4.10." in texts(
        open_page("train.py", run=run.id)
    )


def test_a_ruin_is_not_praised(open_page, make_run):
    """What is no nearer to the data than noise is no best."""
    run = make_run("finished", step=6000, num_steps=6000)
    keep_line(run, 3000, 1166.4, ceiling=979.1)
    keep_line(run, 6000, 3.4e15, ceiling=979.1)
    said = texts(open_page("train.py", run=run.id))
    assert "Best measured" not in said
    assert "Never measured better than noise: Fréchet distance 1,166, noise has 979." in said


def test_one_step_is_singular(open_page, make_run):
    said = texts(open_page("train.py", run=make_run("finished", step=1, num_steps=1).id))
    assert "1 step in 0:20" in said and "1 steps" not in said


def test_settings_are_written_for_reading(open_page, make_run):
    run = make_run("finished", recipe="wgan_gp")
    run.log_event(
        "settings",
        step=50,
        who="cli",
        changes={"sample_every": [0, 2500], "device": ["auto", "cpu"]},
    )
    shown = "".join(h.proto.body for h in open_page("train.py", run=run.id).get("html"))
    assert "<dd>8,000</dd>" in shown and ">8000" not in shown
    assert ", then 2,500" in shown and ", then cpu" in shown


def keep_line(run, step, value, **more):
    line = {"step": step, "count": 2000, "extractor": "judge:1", "values": {"fd_judge_2k": value}}
    files.append_jsonl(run.path / "evals.jsonl", line | {"seconds": 1.0} | more)


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "interrupted"])
def test_runs_that_ended_can_be_measured(state, open_page, make_run, monkeypatch):
    """The button says so at once; the number comes when it is there, and a problem in words."""
    run = make_run("running" if state == "interrupted" else state)
    asked = []
    monkeypatch.setattr(Behind, "start", lambda self, run: asked.append(run.id))
    at = open_page("train.py", run=run.id)
    at.button(key="measure").click().run()
    assert asked == [run.id]
    assert "Measuring 2,000 fakes" in texts(at) and at.button(key="measure").disabled
    keep_line(run, 100, 12.0)
    at.run()
    assert "Measuring" not in texts(at) and not at.button(key="measure").disabled
    monkeypatch.setattr(Behind, "problem", lambda self, run_id: "It has no weights.")
    at.run()
    assert "It has no weights" in texts(at)


def test_points_and_untrained_runs_have_nothing_to_measure(open_page, make_run):
    toy, empty = make_run(recipe="toy_mlp"), make_run("stopped", step=0)
    for run in (toy, empty):
        assert "measure" not in {b.key for b in open_page("train.py", run=run.id).button}
    assert "after 20 s" not in texts(open_page("train.py", run=toy.id))


def test_settings_of_an_ended_run_say_what_was_turned(open_page, make_run):
    run = make_run("finished")
    run.log_event("knob", step=50, who="page", changes={"g_lr": [0.002, 0.0005]})
    at = open_page("train.py", run=run.id)
    shown = "".join(h.proto.body for h in at.get("html"))
    assert ", then 0.0005" in shown and "Learning rate of G" in shown


def test_the_place_of_the_samples_is_known_before_there_are_any(open_page, make_run):
    import json

    run = make_run("queued", step=0)
    at = open_page("train.py", run=run.id)
    [grid] = [c for c in at.get("bidi_component") if c.proto.id.endswith("-sample_grid")]
    expect = json.loads(grid.proto.json)["expect"]
    assert (expect["tile"], expect["columns"], expect["rows"]) == ([28, 28], 10, 8)
    assert expect["names"] == [str(k) for k in range(10)]


def test_an_interrupted_run_says_where_it_goes_on(open_page, make_run):
    from gan_core.runs.saved.checkpoints import save_checkpoint

    run = make_run("running")
    save_checkpoint(run.path, 88, {}, {})
    at = open_page("train.py", run=run.id)
    assert (
        "Resume goes on from checkpoint 88. The last 12 steps are trained again, with the same "
        "numbers." in texts(at)
    )


def test_a_number_leads_to_its_run(open_page, make_run):
    meant, _ = make_run(), make_run()
    at = open_page("train.py", run=meant.id.partition("-")[0])
    assert f"Did you mean {meant.id}?" in texts(at).replace("\\", "")
    assert at.button(key="missing_meant").label.replace("\\", "") == f"Open {meant.id}"
    at.button(key="missing_meant").click().run()
    assert "Run not found" not in texts(at) and at.query_params["run"] in (meant.id, [meant.id])


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
        queue.change(lab.store.root, lambda ids, new=run.id: [*ids, new])  # nothing trains here
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
    assert f"step {step:,}" in texts(at) and "nothing is lost" in texts(at)
    at.number_input(key=knob(at, "d_lr")).set_value(50.0).run()
    assert "must be at most 10" in texts(at) and at.button(key="knobs_apply").disabled
    at.button(key="knobs_undo").click().run()
    at.number_input(key=knob(at, "g_lr")).set_value(0.0005).run()
    assert "Apply 1 change" in labels(at)
    at.button(key="knobs_apply").click().run()
    until(lambda: abs(lab.snapshot(run_id).knobs["g_lr"] - 0.0005) < 1e-9)
    assert lab.snapshot(run_id).step == step  # a pause holds the step
    at.run()
    assert "now 0.0005" in texts(at)
    assert "Apply 0 changes" in labels(at)
    at.button(key="pause").click().run()
    until(lambda: lab.snapshot(run_id).step > step)
    at.button(key="stop").click().run()
    until(lambda: lab.snapshot(run_id).state == "stopped")
    assert not at.exception
    until(lambda: "stopped" in [e["kind"] for e in lab.store.get(run_id).events()])
    kinds = [event["kind"] for event in lab.store.get(run_id).events()]
    assert [k for k in kinds if k in ("paused", "knob", "resumed", "stopped")] == [
        "paused",
        "knob",
        "resumed",
        "stopped",
    ]


def knob(at, name: str) -> str:
    return next(field.key for field in at.number_input if f"_{name}_" in field.key)


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (
            ("samples", "curves", "quality", "doctor"),
            {"sample_grid", "curves", "quality", "doctor"},
        ),
        (("curves", "hologram"), {"curves"}),
        (("explore", "samples", "doctor"), {"sample_grid", "doctor", "Explore"}),
    ],
)
def test_a_run_shows_the_parts_that_its_task_names(named, shown, open_page, make_run, monkeypatch):
    """In their own places, whatever their order; a part that the page does not know is left out."""
    second_task.register(monkeypatch)
    monkeypatch.setattr(type(tasks.get("swapping")), "parts_of_page", named)
    run = make_run("finished", recipe="two_way")
    (run.path / "evals.jsonl").write_text(
        '{"step": 100, "count": 40, "values": {"changed": 0.1}}\n'
    )
    said = {"name": "rewrites", "word": "Rewrites", "text": "Nothing is left.", "alarm": True}
    run.log_event("verdict", step=100, who="doctor", since=80, rule="rewrites/changed", **said)
    at = open_page("train.py", run=run.id)
    assert not at.exception
    found = {*components(at), *labels(at)}
    found |= {"quality"} if "Quality" in texts(at) else set()
    found |= {"doctor"} if "Rewrites" in texts(at) else set()
    assert found & {"sample_grid", "curves", "quality", "doctor", "Explore"} == shown
    assert {"readouts", "event_list"} < found  # what every run has
