"""The compare page without a browser: choosing, settings that differ, quality, hostile text."""

import json

import pytest

from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.storage import files


def measure(run, fd, *, count=2000, extractor="judge", **values):
    line = {
        "step": 90,
        "time": 1.0,
        "count": count,
        "extractor": extractor,
        "values": {"fd_judge_2k": fd, "fd_judge_2k_error": 0.1, **values},
    }
    files.append_jsonl(run.path / "evals.jsonl", line)


def opened(open_page, runs):
    at = open_page("compare.py", runs=",".join(run.id for run in runs))
    assert not at.exception
    return at


def table_with(at, column):
    return next(table.value for table in at.table if column in table.value)


def said(at):
    return "\n".join(e.value for kind in (at.markdown, at.caption, at.error) for e in kind)


def test_the_address_chooses_and_follows(open_page, make_run):
    runs = [make_run("finished"), make_run("finished", recipe="hinge_sn"), make_run("stopped")]
    at = opened(open_page, runs[:2])
    assert at.multiselect(key="compared").value == [run.id for run in runs[:2]]
    at.multiselect(key="compared").set_value([run.id for run in runs]).run()
    assert at.query_params["runs"] in ([",".join(r.id for r in runs)], ",".join(r.id for r in runs))
    data = json.loads(at.get("bidi_component")[0].proto.json)
    assert [run["id"] for run in data["runs"]] == [run.id for run in runs]


def test_only_what_differs_is_listed_and_marked(open_page, make_run):
    at = opened(open_page, [make_run("finished"), make_run("finished", recipe="hinge_sn")])
    table = table_with(at, "setting")
    names = set(table["setting"])
    assert {"recipe", "loss", "g\\_lr"} <= names and "seed" not in names
    row = table[table["setting"] == "recipe"].iloc[0]
    assert (row["1"], row["2"]) == ("fast\\_gan", "**hinge\\_sn**")
    at.toggle(key="all_settings").set_value(True).run()
    assert "seed" in set(table_with(at, "setting")["setting"])


def test_same_settings_say_so(open_page, make_run):
    at = opened(open_page, [make_run("finished"), make_run("finished")])
    assert "All settings are the same." in said(at)
    assert "Nothing measured yet" in said(at)


def test_the_best_of_each_measure_is_marked(open_page, make_run):
    one, two = make_run("finished"), make_run("finished", recipe="hinge_sn")
    measure(one, 7.5, recall=0.4)
    measure(one, 90.0, recall=0.9)  # newer, but worse
    measure(two, 4.1, recall=0.3)
    at = opened(open_page, [one, two])
    table = table_with(at, "Fréchet")
    assert list(table["Fréchet"]) == ["7.5", "best **4.1**"]
    assert list(table["recall"]) == ["best **0.4**", "0.3"]
    assert list(table["training time"]) == ["0:20", "0:20"]


def train(run, steps, seconds_a_step):
    with MetricsWriter(run.path, ("g_loss",)) as metrics:
        for step in range(1, steps + 1):
            metrics.append(step, 64 * step, seconds_a_step * step, (), [1.0])


def test_the_cost_to_reach_a_quality_counts_from_the_first_measurement_there(open_page, make_run):
    one, two, three = (make_run("finished") for _ in range(3))
    for run, pace, values in ((one, 1.0, (50, 9, 8)), (two, 0.5, (60, 30, 9.5)), (three, 2, (99,))):
        train(run, 100, pace)
        for i, value in enumerate(values):
            line = {
                "step": 30 * (i + 1),
                "count": 2000,
                "extractor": "judge",
                "values": {"fd_judge_2k": value},
            }
            files.append_jsonl(run.path / "evals.jsonl", line)
    at = opened(open_page, [one, two, three])
    # 9.5 is what the better two reached; 99 would tell nothing of them.
    assert list(table_with(at, "Fréchet")["steps to 9.5"]) == ["best **60**", "90", "not reached"]
    at.number_input(key="compare_target").set_value(10.0).run()
    table = table_with(at, "Fréchet")
    assert list(table["Fréchet"]) == ["best **8**", "9.5", "99"]
    assert list(table["time to 10"]) == ["1:00", "best **0:45**", "not reached"]
    assert list(table["steps to 10"]) == ["best **60**", "90", "not reached"]
    assert list(table["images to 10"]) == ["best **3,840**", "5,760", "not reached"]


def test_a_branch_that_was_good_before_its_fork_costs_what_its_parent_did(
    open_page, make_run, store
):
    parent = make_run("finished")
    train(parent, 100, 1.0)
    measure(parent, 5.0)  # at step 90
    child = store.create(parent.config | {"g_lr": 0.5}, parent={"run": parent.id, "step": 95})
    with MetricsWriter(child.path, ("g_loss",), first_step=96) as metrics:
        metrics.append(96, 64 * 96, 96.0, (), [1.0])
    files.append_jsonl(
        child.path / "evals.jsonl",
        {"step": 96, "count": 2000, "extractor": "judge", "values": {"fd_judge_2k": 4.0}},
    )
    at = opened(open_page, [parent, child])
    at.number_input(key="compare_target").set_value(6.0).run()
    assert list(table_with(at, "Fréchet")["steps to 6"]) == ["at most 90"] * 2


def test_what_differs_and_what_came_of_it_goes_to_the_axes(open_page, make_run):
    one, two = make_run("finished"), make_run("finished", recipe="hinge_sn")
    measure(one, 7.5)
    at = opened(open_page, [one, two])
    data = json.loads(at.get("bidi_component")[1].proto.json)
    axes = {axis["name"]: axis["values"] for axis in data["axes"]}
    assert axes["recipe"] == ["fast_gan", "hinge_sn"] and "seed" not in axes
    assert axes["best Fréchet"] == [7.5, None] and axes["training, min"] == [20 / 60] * 2


def test_a_run_measured_once_cost_at_most_that_much(open_page, make_run):
    once, often = make_run("finished"), make_run("finished")
    for run in (once, often):
        train(run, 100, 1.0)
    measure(often, 90.0)
    files.append_jsonl(
        often.path / "evals.jsonl",
        {"step": 95, "count": 2000, "extractor": "judge", "values": {"fd_judge_2k": 7.0}},
    )
    measure(once, 8.0)  # at 90, for the first time: it may have been there at step 10
    at = opened(open_page, [once, often])
    table = table_with(at, "Fréchet")
    assert list(table["time to 8"]) == ["best **at most 1:30**", "1:35"]
    assert list(table["steps to 8"]) == ["best **at most 90**", "95"]
    measure(once, 7.0)
    at.number_input(key="compare_target").set_value(7.0).run()
    assert list(table_with(at, "Fréchet")["steps to 7"]) == ["best **90**", "95"]


def test_nobody_is_the_quickest_while_another_may_have_been_quicker(open_page, make_run):
    early, once = make_run("finished"), make_run("finished")
    for run in (early, once):
        train(run, 100, 1.0)
    for step, value in ((20, 30.0), (40, 8.0)):
        line = {"step": step, "count": 2000, "extractor": "judge", "values": {"fd_judge_2k": value}}
        files.append_jsonl(early.path / "evals.jsonl", line)
    measure(once, 7.5)
    table = table_with(opened(open_page, [early, once]), "Fréchet")
    assert list(table["steps to 8"]) == ["40", "at most 90"]


def test_different_data_have_no_common_scale(open_page, make_run):
    digits, clothes = make_run("finished"), make_run("finished", dataset="fashion_mnist")
    measure(digits, 7.5)
    measure(clothes, 81.0)
    at = opened(open_page, [digits, clothes])
    assert not [name for name in table_with(at, "Fréchet") if " to " in name]  # no common target
    assert "on different data" in said(at)
    charts, axes = (json.loads(part.proto.json) for part in at.get("bidi_component")[:2])
    assert [run["data"] for run in charts["runs"]] == ["mnist_5k", "fashion_mnist"]
    assert charts["target"] is None
    values = {axis["name"]: axis["values"] for axis in axes["axes"]}
    assert values["best Fréchet, mnist_5k"] == [7.5, None]
    assert values["best Fréchet, fashion_mnist"] == [None, 81.0]
    assert axes["axes"][-1]["name"] == "training, min"  # all runs are on the last axis


def test_without_a_choice_the_two_newest_are_one_press_away(open_page, make_run):
    runs = [make_run("finished"), make_run("finished"), make_run("queued", step=0)]
    at = open_page("compare.py")
    assert at.button(key="compare_offer").label == "Compare the two newest"
    at.button(key="compare_offer").click().run()
    assert not at.exception
    assert at.multiselect(key="compared").value == [runs[1].id, runs[0].id]


def test_one_chosen_run_is_offered_its_parent(open_page, make_run, store):
    parent = make_run("finished")
    make_run("finished")
    child = store.create(parent.config, parent={"run": parent.id, "step": 50})
    at = open_page("compare.py", runs=child.id)
    at.button(key="compare_offer").click().run()
    assert at.multiselect(key="compared").value == [child.id, parent.id]


def test_nothing_is_best_among_different_measures(open_page, make_run):
    one, two = make_run("finished"), make_run("finished", recipe="hinge_sn")
    measure(one, 7.5)
    measure(two, 4.1, count=500)
    at = opened(open_page, [one, two])
    assert list(table_with(at, "Fréchet")["Fréchet"]) == ["7.5", "4.1"]
    assert "Measured in different ways" in said(at) and "no best is marked" in said(at)


@pytest.mark.parametrize("line", [{"values": 7}, {"step": "x"}, [], {"values": {"fd_x": "<b>"}}])
def test_damaged_measurements_are_left_out(open_page, make_run, line):
    one, two = make_run("finished"), make_run("finished")
    (one.path / "evals.jsonl").write_text(json.dumps(line) + "\n")
    opened(open_page, [one, two])


def test_text_of_runs_is_data(open_page, make_run):
    runs = [
        make_run("finished", name="<img src=x onerror=alert(1)> **b** :red[x]"),
        make_run("finished"),
    ]
    table = table_with(opened(open_page, runs), "training time")
    shown = table.iloc[0, 0]
    assert "\\<img" in shown and "\\*\\*b\\*\\*" in shown and "\\[x\\]" in shown


def test_addresses_that_name_nothing_are_harmless(open_page, make_run):
    make_run("finished")
    make_run("finished")
    at = open_page("compare.py", runs="../../etc,<b>,00099-a-b")
    assert not at.exception
    assert at.multiselect(key="compared").value == []


def test_more_than_eight_are_not_taken(open_page, make_run):
    runs = [make_run("finished", step=0) for _ in range(9)]
    assert len(opened(open_page, runs).multiselect(key="compared").value) == 8


def test_a_link_inside_the_app_replaces_what_was_chosen(open_page, make_run):
    runs = [make_run("finished") for _ in range(3)]
    at = opened(open_page, runs[:2])
    at.query_params["runs"] = f"{runs[2].id},{runs[0].id},{runs[0].id}"
    at.run()
    assert at.multiselect(key="compared").value == [runs[2].id, runs[0].id]


def test_the_runs_page_leads_here_with_a_companion(open_page, make_run):
    runs = [make_run("finished"), make_run("finished")]
    at = open_page("runs.py")
    at.button(key="sm_compare").click().run()
    assert not at.exception
    assert at.multiselect(key="compared").value == [runs[1].id, runs[0].id]


def test_runs_that_differ_by_their_seed_alone_are_a_group(open_page, make_run, store):
    first, other = make_run("finished"), make_run("finished", recipe="hinge_sn")
    again = store.create(first.config | {"seed": 2})
    at = opened(open_page, [first, again, other])
    runs = json.loads(at.get("bidi_component")[0].proto.json)["runs"]
    assert runs[0]["group"] == runs[1]["group"] != runs[2]["group"]
