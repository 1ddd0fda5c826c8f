"""The chosen run on the Runs page: family, checkpoints and their rules, history, what is taken away."""

import json

import numpy as np
import pytest

from gan_core import recipes
from gan_core.runs.saved import checkpoints
from gan_core.storage import files, locks
from gan_core.web import process
from tests.app.test_pages import said_by_the_doctor


def save(run, *steps):
    for step in steps:
        checkpoints.save_checkpoint(run.path, step, {"a": np.zeros(9, np.float32)}, {})


def said(at):
    """Every sentence on the page, as it is read."""
    return "\n".join(e.value for kind in (at.markdown, at.caption) for e in kind).replace("\\", "")


def family_of(at):
    return json.loads(at.get("bidi_component")[0].proto.json)


@pytest.fixture
def parent_and_child(make_run, store):
    parent = make_run("finished", name="baseline")
    save(parent, 50, 100)
    settings = parent.config | {"g_lr": 0.001}
    link = {"run": parent.id, "step": 50, "changes": {"g_lr": 0.001, "num_steps": 90}}
    child = store.create(settings, parent=link)
    child.write_status(state="stopped", step=70)
    return parent, child


def test_the_family_shows_forks_and_what_was_changed(open_page, parent_and_child):
    parent, child = parent_and_child
    data = family_of(open_page("runs.py"))
    assert [m["id"] for m in data["members"]] == [parent.id, child.id]
    assert data["chosen"] == child.id
    first, second = data["members"]
    assert (first["checkpoints"], first["parent"]) == ([50, 100], None)
    assert (second["parent"], second["fork"], second["step"]) == (parent.id, 50, 70)
    assert second["change"] == f"g_lr {parent.config['g_lr']:.4g} → 0.001"


def test_a_sick_run_has_no_tick_in_the_family(open_page, parent_and_child):
    parent, _ = parent_and_child
    said_by_the_doctor(parent, "divergence", alarm=True)
    assert [m["sick"] for m in family_of(open_page("runs.py"))["members"]] == [True, False]


def test_hostile_links_and_names_do_not_break_the_tree(open_page, make_run, store):
    run = make_run("finished", name="<img src=x onerror=alert(1)>")
    store.create(run.config, parent={"run": run.id, "step": 5, "changes": {"<b>": "</dd><script>"}})
    at = open_page("runs.py")
    assert not at.exception
    html = "".join(str(e.proto) for e in at.get("html"))
    assert "<script>" not in html and "<img" not in html


def test_pins_and_rules_are_saved_and_logged(open_page, make_run):
    run = make_run("finished")
    save(run, 50, 100)
    at = open_page("runs.py")
    at.multiselect(key=f"pins_{run.id}").set_value([50]).run()
    assert run.notes().pinned_steps == (50,)
    at.number_input(key=f"keep_last_{run.id}").set_value(5)
    at.number_input(key=f"keep_every_{run.id}").set_value(200)
    at.number_input(key=f"budget_{run.id}").set_value(40)
    at.button(key=f"sm_keep_{run.id}").click().run()
    notes = run.notes()
    assert (notes.keep_last, notes.keep_every, notes.budget_bytes) == (5, 200, 40_000_000)
    assert [(e["who"], e["kind"]) for e in run.events()] == [("page", "noted")] * 2
    assert not at.exception


def test_a_run_near_its_limit_says_so(open_page, make_run):
    run = make_run("finished")
    (run.path / "log.txt").write_bytes(bytes(1_900_000))
    run.update_notes("test", budget_bytes=2_000_000)
    at = open_page("runs.py")
    assert any("older checkpoints go" in w.value for w in at.warning)


def test_the_history_tells_who_did_what(open_page, make_run):
    run = make_run("finished", name="old")
    run.update_notes("command line", name="new")
    run.log_event("knob", step=7, who="page", changes={"g_lr": [0.002, 0.001]})
    (trail,) = [f.value for f in open_page("runs.py").dataframe if "Who" in f.value]
    assert list(trail["Who"])[:2] == ["page", "command line"]
    assert list(trail["What"])[:2] == ["knob turned: g_lr 0.002 → 0.001", "renamed: name old → new"]


def test_best_quality_size_and_pins_are_in_the_table(open_page, make_run):
    good, bad = make_run("finished"), make_run("finished")
    for run, values in ((good, (9.0, 4.25)), (bad, (7.0,))):
        for i, value in enumerate(values):
            line = {"step": i, "count": 9, "extractor": "x", "values": {"fd_x": value}}
            files.append_jsonl(run.path / "evals.jsonl", line)
    at = open_page("runs.py")
    at.selectbox(key="run_order").set_value("Best Fréchet").run()
    table = at.dataframe[0].value
    assert list(table["Fréchet"]) == ["4.2", "7.0"] and list(table["Run"]) == [good.id, bad.id]
    assert all(size.endswith("kB") for size in table["Size"])
    bad.update_notes("test", pinned=True)
    at.run()
    assert list(at.dataframe[0].value["Run"]) == [f"⚑ {bad.id}", good.id]


def test_cloning_fills_the_form_of_a_new_run(open_page, make_run):
    make_run("finished", recipe="hinge_sn")
    at = open_page("runs.py")
    at.button(key="sm_clone").click().run()
    assert not at.exception
    assert at.session_state["draft"]["recipe"] == "hinge_sn"


def test_a_clone_of_a_run_of_before_has_nothing_that_came_later(open_page, store):
    """A run made before there were settings for colour trains without them, and so does its clone."""
    later = recipes.get("fast_gan").in_colour
    old = recipes.config("fast_gan", "pixel_faces").model_dump()
    run = store.create({n: v for n, v in old.items() if n not in ("small_levels", "r1_gamma")})
    run.write_status(state="finished", step=1, num_steps=1, wall_time=1.0, images_seen=64)
    at = open_page("runs.py")
    at.button(key="sm_clone").click().run()
    assert not at.exception
    changes = at.session_state["draft"]["changes"]
    assert (changes["small_levels"], changes["r1_gamma"]) == (2, 0.0)
    assert changes["g_lr"] == old["g_lr"] != later["g_lr"]


def again(at):
    """Draw the form with what was typed: here, unlike in a browser, every run closes a dialog."""
    return at.button(key="sm_sweep").click().run()


def test_a_sweep_is_refused_in_words_or_told_how_many_runs_it_has(open_page, make_run):
    make_run("finished")
    at = again(open_page("runs.py"))
    at.text_area(key="sweep_lines_grid").set_value("glr = 1, 2")
    again(at)
    assert "Did you mean" in "\n".join(e.value for e in at.error)
    assert at.button(key="sweep_go").disabled
    at.text_area(key="sweep_lines_grid").set_value("g_lr = 0.001, 0.002\nwidth = 16, 32")
    at.text_input(key="sweep_seeds").set_value("1, 2")
    again(at)
    assert "**8 runs** of 1,000 steps" in said(at)


def test_a_sweep_is_queued_listed_stopped_and_taken_up(open_page, make_run, store):
    lab = process.get_lab()
    lab.shutdown()  # its queue stands still: what is started waits in it
    files.write_json(store.root / "queue.json", [make_run("queued").id])
    at = again(open_page("runs.py"))
    at.segmented_control(key="sweep_kind").set_value("list")
    again(at)
    at.text_area(key="sweep_lines_list").set_value("width = 16, d_lr = 0.002\nwidth = 32")
    at.button(key="sweep_go").click()
    again(at)
    assert not at.exception
    ids = lab.queue()[1:]
    assert [store.get(i).config["width"] for i in ids] == [16, 32]
    at = open_page("runs.py")
    key = store.get(ids[0]).header["note"].replace(" ", "_")
    assert "0 of 2 done, 2 waiting" in said(at)
    at.button(key=f"sm_stop_{key}").click().run()
    assert lab.queue()[1:] == []
    at.button(key=f"sm_go_{key}").click().run()
    assert lab.queue()[1:] == ids and not at.exception


def test_where_another_server_trains_this_one_says_that_it_watches(open_page, make_run, store):
    make_run("finished")
    with locks.hold(store.root / ".server.lock", "held"):
        at = open_page("runs.py")
    assert "Another GANscope server trains" in at.info[0].value


def test_damaged_notes_are_said_and_saved_with_one_press(open_page, make_run):
    run = make_run("finished", name="dear", pinned_steps=[50])
    save(run, 50, 100)
    (run.path / "notes.json").write_text("{")
    at = open_page("runs.py")
    assert "notes.json is damaged" in at.warning[0].value.replace("\\", "")
    assert "dear" in [header.value for header in at.header]
    at.button(key="sm_save_notes").click().run()
    assert not at.exception and not at.warning
    assert run.notes().pinned_steps == (50,) and run.notes_problem() == ""


def test_take_away_says_what_goes_in_and_comes_out(open_page, make_run):
    make_run("finished")
    at = open_page("runs.py")
    assert not at.code  # its colours are a large script, for who asks only
    at.session_state["usage"] = True
    at.run()
    assert any("load_model" in c.value for c in at.code)
    html = "".join(e.value for e in at.get("html"))
    for name, words in (
        ("z", "float32 [N, 64], drawn from N(0, 1)"),
        ("classes", "float32 [N, 10], one-hot, in this order: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        ("output", "float32 [N, 28, 28, 1], from -1 (black) to 1 (white)"),
    ):
        assert f"<dt>{name}</dt><dd>{words}</dd>" in html


def swept(store, run, **settings):
    made = store.create(run.config | settings, note="sweep efdb6ae4")
    made.write_status(state="finished", step=100, num_steps=100)
    return made


def test_a_sweep_says_what_it_varies(open_page, make_run, store):
    first = make_run("finished")
    for g_lr in (0.001, 0.002):
        for seed in (1, 2, 3):
            swept(store, first, g_lr=g_lr, seed=seed)
    at = open_page("runs.py")
    assert not at.exception
    assert "g_lr 0.001, 0.002; 3 seeds" in said(at)
    assert "6 of 6 done, tag sweep efdb6ae4" in said(at)
    html = "".join(str(e.proto) for e in at.get("html"))
    assert "6 runs: g_lr 0.001, 0.002; 3 seeds" in html


def test_why_checkpoints_stay_is_a_sentence_that_adds_up(open_page, make_run):
    run = make_run("finished")
    run.update_notes("test", keep_every=100, keep_last=3)
    save(run, *range(100, 900, 100))
    html = "".join(str(e.proto) for e in open_page("runs.py").get("html"))
    assert "8: the newest 3, 8 by every 100 steps, some both" in html


@pytest.mark.parametrize(
    ("steps", "pinned", "told"),
    [
        ((100,), (), "1: the newest, by every 1,000 steps"),
        ((100,), (100,), "1: the newest, by every 1,000 steps, pinned"),
        ((100, 200), (), "2: the newest, 1 by every 1,000 steps"),
        ((100, 200), (100,), "2: the newest, 1 by every 1,000 steps, 1 pinned, one both"),
    ],
)
def test_few_checkpoints_have_their_reasons_without_plurals(
    open_page, make_run, steps, pinned, told
):
    run = make_run("finished")
    run.update_notes("test", keep_every=1000, keep_last=1, pinned_steps=pinned)
    save(run, *steps)
    html = "".join(str(e.proto) for e in open_page("runs.py").get("html"))
    assert f"{told}<" in html


def test_steps_that_explore_shows_besides_the_checkpoints_are_counted(open_page, make_run):
    run = make_run("finished")
    for step in (10, 20, 40, 100):
        checkpoints.save_weights(run.path, step, {}, {})
    save(run, 100)
    html = "".join(str(e.proto) for e in open_page("runs.py").get("html"))
    assert "1: the newest, by every 1,000 steps; 3 more with weights alone, to look at" in html
    checkpoints.drop_weights(run.path, (10, 20, 40))
    assert "weights alone" not in "".join(str(e.proto) for e in open_page("runs.py").get("html"))


def test_the_doctors_last_word_stands_with_the_run(open_page, make_run):
    run = make_run("finished")
    run.log_event(
        "verdict",
        step=90,
        who="doctor",
        name="divergence",
        word="Divergence",
        alarm=True,
        since=40,
        rule="x/y",
        text="Words.",
        numbers=[],
    )
    at = open_page("runs.py")
    assert "Divergence" in "".join(str(e.proto) for e in at.get("html"))
    assert ":material/warning:" in said(at)
