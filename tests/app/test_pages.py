"""Every page in every state a run can be in: it opens, has its heading, and throws nothing."""

import pytest

from gan_core.storage import files
from tests.app.conftest import labels, texts

HEADINGS = {
    "home.py": "Train a generative adversarial network and watch it learn.",
    "train.py": "New run",
    "explore.py": "Explore",
    "compare.py": "Compare",
    "runs.py": "Runs",
}
STATES = ("queued", "paused", "finished", "stopped", "failed", "interrupted", "running")


def put(state, make_run, held):
    """A run in that state as it is found on disk; live ones are held by another writer."""
    if state in ("running", "paused"):
        return held(state)
    if state == "interrupted":
        return make_run("running")
    return make_run(
        state,
        step=0 if state == "queued" else 100,
        error="`d_loss` became NaN at step 100." if state == "failed" else "",
    )


@pytest.mark.parametrize("page", HEADINGS)
def test_page_without_runs(page, open_page):
    at = open_page(page)
    assert not at.exception
    assert HEADINGS[page] in [title.value for title in at.title]


@pytest.mark.parametrize("state", STATES)
def test_every_page_with_a_run(state, open_page, make_run, held):
    put(state, make_run, held)
    at = open_page()
    for page in HEADINGS:
        if page != "home.py":  # its heading is another one once there are runs
            at.switch_page(page).run()
            assert not at.exception
            assert HEADINGS[page] in [title.value for title in at.title]


@pytest.mark.parametrize(
    ("state", "word", "action"),
    [
        ("queued", "Queued", "Cancel"),
        ("running", "Training", "Watch"),
        ("paused", "Paused", "Watch"),
        ("interrupted", "Interrupted", "Resume"),
        ("failed", "Failed", "See why"),
        ("stopped", "Stopped", "Explore"),
        ("finished", "Finished", "Explore"),
    ],
)
def test_home_offers_what_makes_sense(state, word, action, open_page, make_run, held):
    put(state, make_run, held)
    make_run("finished")
    at = open_page()
    assert not at.exception
    assert "Recent runs" in [header.value for header in at.header]
    assert word in texts(at)
    assert action in labels(at)


def test_home_with_one_run_offers_the_next_step(open_page, make_run):
    run = make_run("finished")
    at = open_page()
    assert not at.exception
    assert [title.value.replace("\\", "") for title in at.title] == [run.id]
    assert {"Explore", "Train now", "New run"} <= set(labels(at))


@pytest.mark.parametrize(("state", "action"), [("interrupted", "Resume"), ("failed", "See why")])
def test_home_with_one_run_that_needs_somebody(state, action, open_page, make_run):
    make_run(state, error="g_loss became NaN" if state == "failed" else "")
    assert action in labels(open_page())


@pytest.mark.parametrize("others", [0, 1], ids=["panel", "row"])
def test_an_interrupted_run_that_diverged_is_not_resumed(others, open_page, make_run):
    run = make_run("running")  # and nobody holds its lock
    said_by_the_doctor(run, "divergence", alarm=True)
    for _ in range(others):
        make_run("finished")
    at = open_page()
    assert "See why" in labels(at) and "Resume" not in labels(at)
    at.button(key=f"sm_act_{run.id}_interrupted").click().run()
    assert run.status().state != "running" or "Divergence" in texts(at)


def test_first_visit_says_what_it_will_train(open_page):
    at = open_page()
    assert labels(at)[:2] == ["Train now", "Explore a trained one"]
    assert "nothing is downloaded" in texts(at)
    assert "`fast_gan` on `mnist_5k`" in texts(at)


@pytest.mark.parametrize("page", ["explore.py", "compare.py", "runs.py"])
def test_the_job_chip_is_absent_without_a_job(page, open_page, make_run):
    make_run("finished")
    at = open_page(page)
    assert "chip" not in [button.key for button in at.button]


def test_names_are_data_not_markup(open_page, make_run):
    make_run("finished", name="**bold** <b>x</b> :red[no] $x$ [l](http://a.example)")
    make_run("finished")
    at = open_page()
    shown = [b.label for b in at.button if "bold" in b.label]
    assert len(shown) == 1
    assert all(r"\*\*bold\*\*" in value and r"\<b\>" in value for value in shown)


def test_explore_shows_the_run_in_the_address(open_page, make_run):
    first = make_run("finished", step=40)
    make_run("finished", step=80)
    at = open_page("explore.py", run=first.id)
    assert not at.exception
    assert at.selectbox(key="explore_run").value == first.id


def test_explore_says_that_a_run_is_unknown(open_page, make_run):
    make_run("finished")
    at = open_page("explore.py", run="00077-fast_gan-mnist_5k")
    assert not at.exception
    assert len(at.error) == 1


def said_by_the_doctor(run, name, *, alarm, step=100):
    word = name.replace("_", " ").capitalize()
    run.log_event("verdict", step=step, who="doctor", name=name, word=word, alarm=alarm, since=40,
                  rule="x/y", text="Words.", numbers=[])  # fmt: skip


def measured(run, value):
    files.append_jsonl(
        run.path / "evals.jsonl",
        {"step": 100, "count": 2000, "extractor": "judge", "values": {"fd_judge_2k": value}},
    )


@pytest.mark.parametrize("state", ["finished", "stopped"])
@pytest.mark.parametrize("others", [0, 1], ids=["panel", "row"])
def test_home_says_how_an_ended_run_fared(state, others, open_page, make_run):
    sick = make_run(state)
    said_by_the_doctor(sick, "mode_collapse", alarm=True)
    measured(sick, 1455.2)
    for _ in range(others):
        make_run("finished")  # it takes the panel
    at = open_page()
    assert "Mode collapse" in texts(at) and "Fréchet 1,455" in texts(at)
    assert "See why" in labels(at)
    marks = [m.value for m in at.markdown if "**Finished**" in m.value or "**Stopped**" in m.value]
    assert len(marks) == 1 + others and sum(":material/warning:" in mark for mark in marks) == 1
    assert at.button(key=f"sm_act_{sick.id}_{state}").label == "See why"


def test_a_verdict_that_was_taken_back_is_not_told(open_page, make_run):
    run = make_run("finished", step=100)
    said_by_the_doctor(run, "healthy", alarm=False, step=60)
    said_by_the_doctor(run, "divergence", alarm=True, step=180)  # the run went back to 100
    at = open_page()
    assert "Healthy" in texts(at) and "Divergence" not in texts(at)


@pytest.mark.parametrize("alarm", [True, False])
def test_a_verdict_from_elsewhere_is_text(alarm, open_page, make_run):
    run = make_run("finished")
    run.log_event("verdict", step=90, who="doctor", name="healthy", word="**b** [l](http://a.example)",
                  alarm=alarm, since=40, rule="x/y", text="Words.", numbers=[])  # fmt: skip
    at = open_page()
    shown = [m.value for m in at.markdown if "a.example" in m.value.replace("\\", "")]
    assert len(shown) == 1 and r"\*\*b\*\*" in shown[0] and r"\[l\]" in shown[0]


def test_home_leads_to_the_curves_of_runs_that_make_points(open_page, make_run):
    run = make_run("finished", recipe="toy_mlp", dataset="ring")
    at = open_page()
    assert "Explore" not in labels(at)
    at.button(key=f"sm_act_{run.id}_finished").click().run()
    assert not at.exception
    assert at.query_params["run"] in ([run.id], run.id) and run.id in texts(at).replace("\\", "")


@pytest.mark.parametrize("state", ["failed", "interrupted"])
def test_home_offers_one_best_next_step(state, open_page, make_run):
    make_run(state, error="`d_loss` became NaN at step 100." if state == "failed" else "")
    at = open_page()
    assert "Train now" not in labels(at)
    if state == "failed":
        assert "became NaN at step 100" in texts(at)
