"""The compare page without a browser: choosing, settings that differ, quality, hostile text."""

import json

import pytest

from gan_core import files


def measure(run, fd, *, count=2000, extractor="judge", **values):
    line = {"step": 90, "time": 1.0, "count": count, "extractor": extractor,
            "values": {"fd_judge_2k": fd, "fd_judge_2k_error": 0.1, **values}}  # fmt: skip
    files.append_jsonl(run.path / "evals.jsonl", line)


def opened(open_page, runs):
    at = open_page("compare.py", runs=",".join(run.id for run in runs))
    assert not at.exception
    return at


def tables(at):
    return [table.value for table in at.table]


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
    table = tables(at)[0]
    names = set(table["setting"])
    assert {"recipe", "loss", "g\\_lr"} <= names and "seed" not in names
    row = table[table["setting"] == "recipe"].iloc[0]
    assert (row["1"], row["2"]) == ("fast\\_gan", "**hinge\\_sn**")
    at.toggle(key="all_settings").set_value(True).run()
    assert "seed" in set(tables(at)[0]["setting"])


def test_same_settings_say_so(open_page, make_run):
    at = opened(open_page, [make_run("finished"), make_run("finished")])
    assert "All settings are the same." in said(at)
    assert "Nothing measured yet" in said(at)


def test_the_best_of_each_measure_is_marked(open_page, make_run):
    one, two = make_run("finished"), make_run("finished", recipe="hinge_sn")
    measure(one, 90.0)
    measure(one, 7.5, recall=0.4)  # the newest counts
    measure(two, 4.1, recall=0.3)
    table = tables(opened(open_page, [one, two]))[1]
    assert list(table["Fréchet"]) == ["7.5", "best **4.1**"]
    assert list(table["recall"]) == ["best **0.4**", "0.3"]
    assert list(table["training time"]) == ["0:20", "0:20"]


def test_nothing_is_best_among_different_measures(open_page, make_run):
    one, two = make_run("finished"), make_run("finished", recipe="hinge_sn")
    measure(one, 7.5)
    measure(two, 4.1, count=500)
    at = opened(open_page, [one, two])
    assert list(tables(at)[1]["Fréchet"]) == ["7.5", "4.1"]
    assert "no best is marked" in said(at)


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
    table = tables(opened(open_page, runs))[-1]
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
