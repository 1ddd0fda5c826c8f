"""The translators that come with the app: small, as their cards say, and ready without anything else."""

import hashlib
import json

import numpy as np
import pytest

from gan_core import data
from gan_core.errors import RunError
from gan_core.explore.explorer import At
from gan_core.explore.translator_sources import BUNDLED, BundledTranslator, bundled
from gan_core.explore.translators import Translators
from gan_core.lab import Lab

NAMES = ["translator-edges_to_digits", "translator-digits_and_paper"]
WAYS = {NAMES[0]: ["target"], NAMES[1]: ["b", "a"]}
ALL = [(name, way) for name, ways in WAYS.items() for way in ways]


@pytest.fixture(scope="module")
def translators(tmp_path_factory):
    """Of a fresh machine: no runs, no data."""
    lab = Lab(tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("none") / "data")
    return Translators(lab)


def test_both_are_here_and_small():
    assert bundled() == NAMES
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) <= 2_000_000


@pytest.mark.parametrize("name", NAMES)
def test_the_card_is_that_of_the_file(name, translators):
    path = BUNDLED / f"{name.removeprefix('translator-')}.npz"
    card = json.loads(path.with_suffix(".json").read_text())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == card["sha256"]
    assert path.stat().st_size == card["bytes"]
    with np.load(path, allow_pickle=False) as arrays:
        assert {arrays[key].dtype for key in arrays.files} == {np.dtype(np.float16)}
    assert card["licence"] and card["data_licence"] and "--seed 1" in card["command"]
    facts = translators.facts(name)
    assert facts["data"] and facts["steps"] == [card["step"]]
    assert [way["towards"] for way in facts["ways"]] == WAYS[name]
    assert translators.source(name).notes() == {"inputs": []}
    with pytest.raises(RunError, match="Nothing is kept"):
        translators.source(name).keep("inputs", [])


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("name", "way"), ALL)
def test_it_translates_as_its_card_says(name, way, translators):
    rows = translators.rows(name, way)
    made = translators.translate(At(name), way, rows.inputs)[2]
    apart = np.abs(made.astype(float) - rows.truths).mean() / 127.5
    values = translators.source(name).card["quality"]
    written = values["l1" if way == "target" else f"to_{way}/l1"]
    assert apart == pytest.approx(written, abs=0.002)
    assert apart < 0.06 < np.abs(rows.inputs.astype(float) - rows.truths).mean() / 127.5
    assert values["class_kept"] >= 0.96


@pytest.mark.parametrize(("name", "way"), ALL)
def test_its_discriminator_tells_targets_from_what_it_learned_against(name, way, translators):
    """Of pairs outputs; of two sides, where outputs have become too good, images of the other side."""
    at, rows = At(name), translators.rows(name, way)
    inputs, truths = rows.inputs[:64], rows.truths[:64]
    fakes = translators.translate(at, way, inputs)[2] if way == "target" else inputs
    real, fake = (translators.patches(at, way, inputs, some)[1] for some in (truths, fakes))
    assert real.shape[1] * real.shape[2] > 1
    assert real.mean() > fake.mean() + 0.03


def test_there_and_back_brings_the_input_back(translators):
    rows = translators.rows(NAMES[1], "b")
    _, _, made, back = translators.there_and_back(At(NAMES[1]), "b", rows.inputs[:50])
    apart = np.abs(back.astype(float) - rows.inputs[:50]).mean() / 127.5
    assert apart < 0.06 < np.abs(made.astype(float) - rows.inputs[:50]).mean() / 127.5


def test_what_is_not_here_is_said(tmp_path):
    with pytest.raises(RunError, match="There is no translator `translator-moon` here"):
        BundledTranslator("translator-moon", tmp_path)


def test_the_data_are_those_that_come_with_the_app(tmp_path):
    for name in NAMES:
        assert data.spec(name.removeprefix("translator-"), tmp_path).available
