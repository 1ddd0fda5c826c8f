"""The one table of metrics: it knows all that is measured, and nobody keeps a copy that differs."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from gan_core.bench.time_to_quality import KEPT
from gan_core.export.model_card import MEASURES
from gan_core.metric_table import ROLES, charts_of, colour_of, find, is_distance, names_of, other
from gan_core.metric_table.charts import CHARTS, FIRST, first_charts
from gan_core.metric_table.metrics import QUALITY, TRAINING, first_shown, is_known, measured_by
from gan_core.metric_table.page import text
from pages.ui.compare import quality
from pages.ui.shared.glossary import terms

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests" / "golden" / "golden.json").read_text())["recipes"]


class TestNames:
    @pytest.mark.parametrize("recipe", GOLDEN)
    def test_every_metric_of_every_recipe_has_a_chart(self, recipe):
        ids = {chart.id for chart in CHARTS}
        for name in GOLDEN[recipe]["metric_names"]:
            assert is_known(name) and find(name).chart in ids, name

    def test_families_take_every_name_that_begins_so(self):
        assert find("fd_judge_2k").title == find("fd_random_400").title == "Fréchet distance"
        assert find("penalty/r1").log and find("penalty/r1").role == "d"
        assert find("class_accuracy/3").title == "right class, class 3"

    @pytest.mark.parametrize(
        ("name", "title"),
        [
            ("r1", "R1 penalty"),
            ("r2", "R2 penalty"),
            ("zero_centred", "Zero centred penalty"),
            ("gradient_penalty", "Gradient penalty"),
            ("penalty", "penalty"),
        ],
    )
    def test_a_penalty_has_its_own_title(self, name, title):
        assert find(f"penalty/{name}").title == title

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("fd_judge_2k", "judge features, 2k fakes"),
            ("fd_random_400", "random features, 400 fakes"),
            ("fd_points_2k", "2k points"),
            ("fd_x", "x features"),
        ],
    )
    def test_the_name_of_a_distance_says_how_it_was_taken(self, name, said):
        assert measured_by(name) == said

    def test_a_standard_error_is_no_measure_of_its_own(self):
        assert is_distance("fd_judge_2k") and not is_distance("fd_judge_2k_error")
        error = find("fd_judge_2k_error")
        assert (error.better, error.listed) == ("", False)

    @pytest.mark.parametrize("name", ["cycle_loss", "x", "g_", "_error", "penalties", "a/b/c"])
    def test_of_an_unknown_name_nothing_is_claimed(self, name):
        metric = find(name)
        assert metric.name == name
        assert (metric.role, metric.chart, metric.better, metric.log) == ("", "", "", False)
        assert metric.spec()["range"] is None and metric.tag
        assert name == "_error" or not is_known(name)

    @pytest.mark.parametrize("chosen", [MEASURES, KEPT, quality.MEASURES])
    def test_measures_that_are_chosen_elsewhere_are_in_the_table(self, chosen):
        for name in chosen:
            assert is_known(name), name

    def test_names_stand_once(self):
        names = [m.name for m in (*TRAINING, *QUALITY)]
        assert len(names) == len(set(names))

    def test_compare_begins_with_losses_and_accuracies(self):
        assert set(first_shown()) == {"g_loss", "d_loss", "fake_accuracy", "real_accuracy"}

    def test_both_sides_of_a_chart(self):
        assert names_of("loss") == ("g_loss", "d_loss")
        assert names_of("penalties") == ()


class TestCharts:
    def test_they_can_be_sent_as_json(self):
        for loss in ("non_saturating", "wasserstein", "relativistic", "of_tomorrow"):
            assert json.loads(json.dumps(charts_of(loss))) == charts_of(loss)

    def test_a_loss_without_odds_has_one_score_and_no_guides(self):
        ids = [chart["id"] for chart in charts_of("hinge")]
        assert ids == [
            "loss", "accuracy", "score", "gradients", "penalties", "augment", "classes",
            "l1", "cycle", "identity", "nce", "loss_b", "loss_a", "cycle_a", "cycle_b",
            "identity_b", "identity_a", "accuracy_b", "accuracy_a",
        ]  # fmt: skip
        assert "guides" not in charts_of("hinge")[0]
        score = charts_of("hinge")[2]
        assert [line["name"] for line in score["series"]] == ["fake_score", "real_score"]

    @pytest.mark.parametrize("kind", FIRST)
    def test_what_is_shown_first_is_there_and_near_the_top(self, kind):
        ids = [c.get("beside", c["id"]) for c in charts_of("least_squares", kind)]
        assert set(first_charts(kind)) <= set(ids)
        assert ids[0] == first_charts(kind)[0]

    def test_two_directions_stand_in_rows_of_two(self):
        """What is made of a is judged by D of b, and comes back to a."""
        rows = {}
        for chart in charts_of("least_squares", "both_ways"):
            if "beside" in chart:
                names = [line["name"] for line in chart["series"]]
                rows.setdefault(chart["beside"], []).append((chart["towards"], *names))
        assert rows == {
            "losses": [("b", "g_loss_b", "d_loss_b"), ("a", "g_loss_a", "d_loss_a")],
            "cycles": [("b", "cycle_a"), ("a", "cycle_b")],
            "identities": [("b", "identity_b"), ("a", "identity_a")],
            "accuracies": [
                ("b", "fake_accuracy_b", "real_accuracy_b"),
                ("a", "fake_accuracy_a", "real_accuracy_a"),
            ],
        }

    def test_guessing_of_least_squares_is_drawn_under_that_loss_only(self):
        """0.5 ((0.5 - 1)^2 + 0.5^2): what D pays that calls everything one half."""
        by_id = {chart["id"]: chart for chart in charts_of("least_squares", "both_ways")}
        assert [guide["y"] for guide in by_id["loss_a"]["guides"]] == [0.25]
        others = {chart["id"]: chart for chart in charts_of("hinge", "both_ways")}
        assert "guides" not in others["loss_a"]

    def test_guessing_is_drawn_where_d_answers_one_half(self):
        """softplus(0) of each half: the minimum that a discriminator which knows nothing has."""
        guides = charts_of("non_saturating")[0]["guides"]
        assert [guide["y"] for guide in guides] == pytest.approx([1.386294, 0.693147], abs=1e-6)

    def test_shares_have_the_whole_axis_and_penalties_go_by_their_beginning(self):
        by_id = {chart["id"]: chart for chart in charts_of("non_saturating")}
        assert by_id["accuracy"]["range"] == by_id["classes"]["range"] == [0, 1.04]
        assert "range" not in by_id["score"]
        assert (by_id["penalties"]["prefix"], by_id["penalties"]["role"]) == ("penalty/", "d")
        assert "series" not in by_id["penalties"]

    def test_known_to_components_is_all_of_training(self):
        assert set(other()["known"]) == {m.name for m in TRAINING}

    def test_every_term_is_in_the_glossary(self):
        asked = {m.term for m in (*TRAINING, *QUALITY)} | {chart.term for chart in CHARTS}
        assert asked - {""} <= set(terms())


class TestColours:
    def test_the_page_has_the_same(self):
        css = (ROOT / "assets" / "shell.css").read_text()
        pairs = dict(re.findall(r"--gs-(\w+): light-dark\((#\w+, #\w+)\)", css))
        for name in (*ROLES, "ink", "muted"):
            assert pairs[name] == f"{colour_of(name)}, {colour_of(name, dark=True)}", name

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_the_theme_has_the_same(self, theme):
        file = ROOT / ".streamlit" / "config.toml"
        given = tomllib.loads(file.read_text())["theme"][theme]
        named = {"orange": "g", "yellow": "fake", "blue": "d", "green": "real"}
        for word, role in named.items():
            assert given[f"{word}Color"] == colour_of(role, dark=theme == "dark")

    def test_what_lies_on_black_has_those_of_the_dark_theme(self):
        shared = ROOT / "assets" / "components" / "shared"
        drawn = {
            name.lower(): "#" + bytes(json.loads(colour)).hex().upper()
            for name, colour in re.findall(
                r"export const ([A-Z]+) = (\[.+\]);", (shared / "on_black.js").read_text("utf-8")
            )
        }
        css = (shared / "base.css").read_text("utf-8")
        mark = drawn.pop("mark")
        assert drawn == {role: colour_of(role, dark=True) for role in ("g", "fake", "real")}
        assert f"--mark: {mark};" in css
        for role in ("fake", "real"):
            assert f"--{role}-on-black: {drawn[role]};" in css

    def test_no_component_keeps_a_copy(self):
        own = [r.dark.upper() for r in ROLES.values()]
        own += [", ".join(str(v) for v in bytes.fromhex(colour[1:])) for colour in own]
        folder = ROOT / "assets" / "components"
        files = {p for p in folder.rglob("*") if p.suffix in (".js", ".css")}
        for file in files - {folder / "shared" / name for name in ("on_black.js", "base.css")}:
            text = file.read_text("utf-8").upper()
            assert [colour for colour in own if colour in text] == [], file

    def test_lines_of_the_plane_are_those_of_a_run(self):
        """Learn trains without a server and a table: its two charts say the same of the same numbers."""
        source = (ROOT / "assets/components/learn/graphs.js").read_text("utf-8")
        rows = re.findall(r'\["(\w+)", (?:t\()?"(\w+)"\)?, "(\w+)", (true|false)\]', source)
        table = {"g_loss": "g_loss", "d_loss": "d_loss", "fake": "fake_prob", "real": "real_prob"}
        assert {row[0] for row in rows} == {*table}
        for name, label, role, dashed in rows:
            metric = find(table[name])
            own = ROLES[metric.role]
            assert (label, role, dashed == "true") == (own.short, metric.role, own.dashed)
            assert f'word: "{metric.term}"' in source

    def test_no_file_of_python_keeps_a_copy(self):
        own = {c.upper() for r in ROLES.values() for c in (r.light, r.dark)}
        files = [*(ROOT / "gan_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
        table = ROOT / "gan_core" / "metric_table" / "roles.py"
        for file in set(files) - {table}:
            found = {c.upper() for c in re.findall(r"#[0-9a-fA-F]{6}\b", file.read_text("utf-8"))}
            assert not found & own, file


def test_the_page_of_docs_is_that_of_the_table():
    page = ROOT / "docs" / "metrics.md"
    command = "python -m gan_core.metric_table.page > docs/metrics.md"
    assert page.read_text("utf-8") == text(), command
