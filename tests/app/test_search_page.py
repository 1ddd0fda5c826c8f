"""A search on the Runs page: planned or refused in words, listed, and what came of it."""

import pytest

pytest.importorskip("optuna", reason="the extra `search` is not installed")

from gan_core.runs import searches
from gan_core.runs.quality import FILE
from gan_core.runs.records import State
from gan_core.storage import files
from gan_core.sweeps import background, search, trials
from gan_core.web import process


def said(at):
    return " ".join(str(each.value) for each in (*at.markdown, *at.caption)).replace("\\", "")


def again(at):
    """Draw the form with what was typed: every run closes a dialog here."""
    return at.button(key="sm_sweep").click().run()


def test_a_search_is_refused_in_words_or_told_what_it_would_do(open_page, make_run):
    make_run()
    at = again(open_page("runs.py"))
    at.segmented_control(key="sweep_kind").set_value("search")
    again(at)
    at.text_area(key="sweep_lines_search").set_value("g_lr = 2..1")
    again(at)
    assert "low..high" in " ".join(each.value for each in at.error).replace("\\", "")
    assert at.button(key="sweep_go").disabled
    at.text_area(key="sweep_lines_search").set_value("g_lr = 0.0001..0.01")
    again(at)
    assert "20 runs" in said(at) and not at.button(key="sweep_go").disabled


def test_a_search_shows_its_runs_and_what_came_of_them(open_page, store):
    lab = process.get_lab()
    ranges = search.parse_ranges(["g_lr=0.0001..0.01"])
    spec = search.plan(lab, "toy_mlp", "ring", ranges, num_steps=20, trials=9)
    searches.write(store.root, spec)
    for at in range(6):
        config = trials.config_of(lab, spec, {"g_lr": 0.0002 * 2**at})
        run = lab.create(config, who="test", note=spec.name)
        values = {"fd_points": 2.0 + abs(at - 3)}
        line = {"step": config.num_steps, "time": 1.0, "count": 100, "extractor": "points"}
        files.append_jsonl(run.path / FILE, line | {"values": values})
        pruned = at == 5
        run.write_status(state=State.STOPPED if pruned else State.FINISHED, step=config.num_steps)
        run.update_notes("test", tags=(spec.name, *((searches.PRUNED,) if pruned else ())))
    at = open_page("runs.py")
    assert "g_lr 0.0001 to 0.01" in said(at)
    assert "6 of 9 tried, 1 ended early, best Fréchet 2 (00004)" in said(at)
    key = spec.name.replace(" ", "_")
    assert at.button(key=f"sm_go_{key}").label == "Go on"
    assert "History" not in said(at)  # computed only when it is looked at


def test_a_search_that_begins_is_seen_before_it_has_a_run(open_page, store, monkeypatch):
    """And the page follows one that trains nothing just now, since its next run comes."""
    monkeypatch.setattr(background, "going", lambda lab: {"sweep 0a1b2c3d"})
    assert "A search begins" in said(open_page("runs.py"))
    lab = process.get_lab()
    config = lab.make_config("toy_mlp", "ring", num_steps=20)
    run = lab.create(config, who="test", note="sweep 0a1b2c3d")
    run.write_status(state=State.FINISHED, step=20)
    run.update_notes("test", tags=("sweep 0a1b2c3d",))
    assert "A search begins" not in said(open_page("runs.py"))
    monkeypatch.setattr(background, "is_going", lambda lab, name: name == "sweep 0a1b2c3d")
    assert [e.label for e in open_page("runs.py").expander if "Sweeps" in e.label] == [
        "Sweeps: 1 going on"
    ]


def test_what_is_typed_into_a_sweep_stays_while_runs_end(open_page, monkeypatch):
    from pages.ui.runs import sweeps

    anew = []
    monkeypatch.setattr(sweeps.st, "rerun", lambda: anew.append(1))
    for is_open in (True, False):
        monkeypatch.setattr(sweeps.st, "session_state", {sweeps.OPEN: is_open})
        sweeps.show_anew()
    assert anew == [1]
