"""The table of all measures of a run that translates."""

from pages.ui.shared import measures

LINE = {
    "step": 9, "count": 40, "extractor": "judge:0123456789ab:pairs", "judge_accuracy": 0.99,
    "values": {"l1": 0.05, "class_kept": 0.97}, "real": {"l1": 0.0}, "noise": {},
    "beside": {
        "input": {"l1": 0.37}, "mean": {"l1": 0.3, "class_kept": 0.1}, "<script>": {"l1": 1.0},
    },
}  # fmt: skip


def cells(html):
    return [part.split("<")[0] for part in html.replace("<th", "<td").split(">")[1:]]


def test_what_learned_nothing_stands_beside():
    table = measures._table(LINE)
    assert all(f">{word}</th>" in table for word in ("outputs", "input as it is", "mean image"))
    assert "noise" not in table and "0.37" in cells(table) and "97.0%" in cells(table)
    assert "40 held-out images, by `judge 0123456789ab`" in measures._about(LINE)


def test_a_name_of_a_stranger_is_not_shown():
    assert "script" not in measures._table(LINE)


def test_other_runs_are_beside_noise():
    line = LINE | {"noise": {"l1": 0.9}}
    del line["beside"]
    table = measures._table(line)
    assert ">fakes</th>" in table and ">noise</th>" in table and "0.90" in cells(table)
