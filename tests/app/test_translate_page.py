"""The Translate page without a browser: which parts it draws for which run, and errors in words."""

import io
import json
import shutil
import threading
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_core.explore.translator_sources import bundled
from pages.ui.translate import many
from tests.app.conftest import texts

PATIENCE = 600  # seconds; a busy machine is slow, not wrong
PARTS = {f"translate_{name}" for name in ("source", "draw", "output", "good", "time", "held_out")}
PAIRS = {"recipe": "fast_pix2pix", "dataset": "edges_to_digits"}
SIDES = {"recipe": "fast_cyclegan", "dataset": "digits_and_paper"}


def parts(at) -> dict[str, dict]:
    """Name of each component on the page -> its data."""
    found = [element.proto for element in at.get("bidi_component")]
    return {
        proto.component_name.removeprefix("ganscope_"): json.loads(proto.json)
        for proto in found
        if "translate" in proto.component_name
    }


@pytest.mark.parametrize("kind", [PAIRS, SIDES])
def test_every_part_is_drawn_for_the_run_in_the_address(open_page, make_run, kind):
    make_run()
    run = make_run(**kind)
    make_run(**PAIRS)
    at = open_page("translate.py", run=run.id)
    assert not at.exception
    assert set(parts(at)) == PARTS
    assert all(data == {"run": run.id} for data in parts(at).values())
    assert "No translator of your own" not in texts(at)


def test_the_newest_run_that_translates_is_the_default(open_page, make_run):
    make_run(**PAIRS)
    newest = make_run(**SIDES)
    make_run()
    at = open_page("translate.py")
    assert parts(at)["translate_draw"] == {"run": newest.id}
    assert at.query_params["run"] in (newest.id, [newest.id])


def test_choosing_another_run_leaves_nothing_of_the_last_one_in_the_address(open_page, make_run):
    first, second = make_run(**PAIRS), make_run(**SIDES)
    at = open_page("translate.py", run=second.id, step="5", towards="a", input="AAAA")
    at.selectbox(key="translate_run").set_value(first.id).run()
    assert not at.exception
    assert parts(at)["translate_draw"] == {"run": first.id}
    assert dict(at.query_params) in ({"run": first.id}, {"run": [first.id]})


def test_a_run_that_has_just_begun_is_offered(open_page, make_run):
    run = make_run(state="running", step=0, **PAIRS)
    at = open_page("translate.py", run=run.id)
    assert not at.exception and set(parts(at)) == PARTS


def test_an_unknown_run_is_said_in_words(open_page, make_run):
    make_run(**PAIRS)
    at = open_page("translate.py", run="00099-nothing-here")
    assert not at.exception
    assert "00099" in texts(at) and not parts(at)


def test_a_deleted_run_is_said_in_words(open_page, make_run):
    make_run(**PAIRS)
    run = make_run(**PAIRS)
    shutil.rmtree(run.path)
    at = open_page("translate.py", run=run.id)
    assert not at.exception
    assert run.id.split("-")[0] in texts(at) and not parts(at)


def test_a_run_of_another_task_says_where_to_look(open_page, make_run):
    run = make_run()
    at = open_page("translate.py", run=run.id)
    assert not at.exception
    assert "does not translate pictures" in texts(at) and not parts(at)
    assert at.button(key="to_trying").label == "Open Explore"


def test_an_unknown_bundled_translator_is_said_in_words(open_page):
    at = open_page("translate.py", run="translator-nothing")
    assert not at.exception
    assert "There is no translator" in texts(at) and not parts(at)


def test_without_runs_a_bundled_translator_is_shown_with_its_card_and_training_offered(open_page):
    at = open_page("translate.py")
    assert not at.exception
    assert "No translator of your own" in texts(at)
    assert at.button(key="train_translator")
    assert set(parts(at)) == PARTS
    assert parts(at)["translate_draw"] == {"run": bundled()[0]}
    assert any("python -m gan_core train --recipe" in code.value for code in at.code)


def test_pictures_go_through_a_bundled_translator_into_a_zip(open_page):
    """Of the second, which has two directions: one picture, towards paper."""
    at = open_page("translate.py", run=bundled()[1])
    out = io.BytesIO()
    Image.new("L", (28, 28)).save(out, "PNG")
    given = at.get("file_uploader")[0]
    given.upload("black.png", out.getvalue(), "image/png").run()
    at.button(key="many_go").click().run()
    assert not at.exception
    _, job = at.session_state["translate_many_job"]
    job.wait(PATIENCE)
    at.run()
    assert not at.exception and job.state == "done"
    assert not at.button(key="many_go").disabled
    assert "many_cancel" not in [button.key for button in at.button]
    with zipfile.ZipFile(io.BytesIO(job.packed("png"))) as found:
        facts = json.loads(found.read("translated.json"))
        assert (facts["run"], facts["step"], facts["towards"]) == (bundled()[1], 1000, "b")
        (name,) = (n for n in found.namelist() if n.endswith(".png"))
        with Image.open(io.BytesIO(found.read(name))) as picture:
            assert picture.size == (28, 28)
            assert np.median(np.asarray(picture.convert("L"))) > 150  # paper is light
    at.segmented_control(key="many_way").set_value("a").run()
    assert "translate_many_job" not in at.session_state  # of the other direction


def test_a_job_in_progress_can_be_ended(open_page, monkeypatch):
    """The translator is opened when the page has shown that it works."""
    opened = threading.Event()
    real = many._opened

    def later(*args):
        opened.wait(PATIENCE)
        return real(*args)

    monkeypatch.setattr(many, "_opened", later)
    at = open_page("translate.py", run=bundled()[0])
    out = io.BytesIO()
    Image.new("L", (28, 28)).save(out, "PNG")
    at.get("file_uploader")[0].upload("black.png", out.getvalue(), "image/png").run()
    at.button(key="many_go").click().run()
    assert at.button(key="many_go").disabled
    at.button(key="many_cancel").click().run()
    opened.set()
    _, job = at.session_state["translate_many_job"]
    job.wait(PATIENCE)
    at.run()
    assert not at.exception and job.state == "cancelled"
    assert "Cancelled after 0 of 1." in texts(at)
