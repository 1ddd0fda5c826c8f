"""Words that are explained: one file for pages and components, nothing named that is not in it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gan_core import __version__
from gan_core.metric_table.metrics import QUALITY, TRAINING
from pages.ui.shared import about, glossary, tour

WANTED = (  # what a newcomer meets on Train, Explore and Compare
    "loss", "z", "ema", "raw", "epoch", "frechet", "precision", "recall", "coverage", "density", "kl",
    "sefa", "local", "truncation", "prior", "sigma", "class_conditional", "spectral_normalisation",
    "generator", "fake", "discriminator", "real",
)  # fmt: skip
COMPONENTS = glossary.FILE.parent
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("key", WANTED)
def test_every_word_has_one_sentence(key):
    name, sentence = glossary.terms()[key]
    assert name
    assert sentence[0].isupper()
    assert re.fullmatch(r"[^.]*(\d\.\d[^.]*)*\.", sentence), sentence  # one full stop, at its end
    assert len(sentence) < 200


def test_the_glossary_of_the_docs_is_made_from_the_same_words():
    page = ROOT / "docs" / "glossary.md"
    assert page.read_text("utf-8") == glossary.page(), glossary.page.__doc__


def test_tours_stop_where_there_is_something_and_use_known_words():
    text = (COMPONENTS / "tour_stops.js").read_text("utf-8")
    words = {w for part in re.findall(r"words: \[([^\]]*)", text) for w in re.findall(r"\w+", part)}
    assert words and words <= set(glossary.terms())
    keys = set(re.findall(r"\.st-key-(\w+)", text))
    pages = "\n".join(path.read_text("utf-8") for path in (ROOT / "pages").rglob("*.py"))
    for key in keys:
        made = re.sub(r"^panel_\w+$", "panel_{name}", re.sub(r"^\w+_panel$", "{part}_panel", key))
        assert f'"{key}"' in pages or f'"{made}"' in pages, key


def test_only_train_and_explore_have_a_tour(monkeypatch):
    monkeypatch.setattr(tour, "selected_run_id", lambda: None)
    assert [tour.of(page) for page in ("Home", "Runs", "Explore", "Train")] == [
        "", "", "explore", "new",
    ]  # fmt: skip


def test_components_ask_only_for_words_that_there_are():
    asked = set()
    for path in COMPONENTS.rglob("*.js"):
        text = path.read_text("utf-8")
        asked |= set(re.findall(r"\b(?:term|explained)\(\s*\"(\w+)\"", text))
        asked |= set(re.findall(r"\bexplain\([^()]*,\s+\"(\w+)\",?\s*\)", text))
    asked |= {m.term for m in (*TRAINING, *QUALITY)} - {""}
    assert len(asked) >= 15
    assert asked <= set(glossary.terms())


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_pages_read_what_a_browser_reads():
    script = "import(process.argv[1]).then((m) => console.log(JSON.stringify(m.default)))"
    command = ["node", "--input-type=module", "-e", script, "--", glossary.FILE.as_uri()]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert {k: tuple(v) for k, v in json.loads(told.stdout).items()} == glossary.terms()


def test_the_four_colours_unfold_on_every_page(open_page):
    for page in ("home.py", "train.py", "explore.py", "compare.py", "runs.py"):
        at = open_page(page)
        (fold,) = [h for h in at.get("html") if 'class="gs-words"' in h.proto.body]
        for css in ("gs-g", "gs-fake", "gs-d", "gs-real"):
            assert f'<i class="{css}"></i>' in fold.proto.body


def test_tabs_are_named_by_page_and_run(open_page, make_run, store, monkeypatch):
    run = make_run(step=2340, num_steps=6000)
    short = run.id.split("-")[0]
    titles = {
        ("Home", None): "GANscope", ("Compare", None): "Compare - GANscope",
        ("Train", None): "Train - GANscope", ("Train", run.id): f"{short} 2,340 of 6,000 - GANscope",
        ("Explore", run.id): f"Explore {short} - GANscope",
        ("Explore", "bundled-digits"): "Explore - GANscope",
        ("Train", "00099-gone-away"): "Train - GANscope", ("Runs", run.id): "Runs - GANscope",
    }  # fmt: skip
    for (page, run_id), title in titles.items():
        monkeypatch.setattr(about, "selected_run_id", lambda run_id=run_id: run_id)
        assert about.tab_title(page) == title


def test_about_tells_version_and_shortcuts():
    words = about.words()
    assert __version__ in words
    assert "Ctrl+Z" in words
