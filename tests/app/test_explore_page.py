"""The explore page without a browser: which parts it draws for which run, and errors in words."""

import json
import shutil

import numpy as np

from gan_core import recipes
from gan_core.explore.foreign import importing
from gan_core.explore.foreign.fetch import Refused
from gan_core.explore.library import BUNDLED, Library
from tests.app.conftest import texts

PARTS = {
    "explore_source",
    "explore_image",
    "explore_matrix",
    "explore_opinion",
    "explore_time",
    "explore_tools",
    "explore_directions",
    "explore_neighbours",
    "explore_dimensions",
}


def parts(at) -> dict[str, dict]:
    """Name of each component on the page -> its data."""
    found = [element.proto for element in at.get("bidi_component")]
    return {
        proto.component_name.removeprefix("ganscope_"): json.loads(proto.json)
        for proto in found
        if "explore" in proto.component_name
    }


def test_every_part_is_drawn_for_the_run_in_the_address(open_page, make_run):
    make_run()
    run = make_run()
    make_run()
    at = open_page("explore.py", run=run.id)
    assert not at.exception
    assert set(parts(at)) == PARTS
    assert all(data == {"run": run.id} for data in parts(at).values())


def test_the_newest_run_is_the_default(open_page, make_run):
    make_run()
    newest = make_run()
    at = open_page("explore.py")
    assert parts(at)["explore_image"] == {"run": newest.id}
    assert at.query_params["run"] in (newest.id, [newest.id])


def test_choosing_another_run_changes_the_address(open_page, make_run):
    first, second = make_run(), make_run()
    at = open_page("explore.py", run=second.id)
    at.selectbox(key="explore_run").set_value(first.id).run()
    assert not at.exception
    assert parts(at)["explore_image"] == {"run": first.id}
    assert at.query_params["run"] in (first.id, [first.id])


def test_an_unknown_run_is_said_in_words(open_page, make_run):
    make_run()
    at = open_page("explore.py", run="00099-nothing-here")
    assert not at.exception
    assert "00099" in texts(at)
    assert not parts(at)


def test_a_deleted_run_is_said_in_words(open_page, make_run):
    make_run()
    run = make_run()
    shutil.rmtree(run.path)
    at = open_page("explore.py", run=run.id)
    assert not at.exception
    assert run.id.split("-")[0] in texts(at)


def test_without_runs_a_bundled_generator_is_shown_and_training_offered(open_page):
    at = open_page("explore.py")
    assert not at.exception
    assert "No run of your own" in texts(at)
    assert "Train now" in texts(at)
    assert set(parts(at)) == PARTS
    assert parts(at)["explore_image"] == {"run": "bundled-digits"}


def test_every_bundled_generator_is_in_the_box_and_has_a_card(open_page):
    at = open_page("explore.py", run="bundled-fashion")
    assert not at.exception
    shown = at.selectbox(key="explore_run").options
    assert shown[:2] == ["Digits (comes with the app)", "Fashion (comes with the app)"]
    card = json.loads((BUNDLED / "fashion.json").read_text())
    assert card["command"].startswith("python -m gan_core train --recipe ")
    assert any(code.value == card["command"] for code in at.code)


def test_an_opened_file_can_be_forgotten(open_page, store):
    plan = {
        "z": 2,
        "classes": 0,
        "output": "b",
        "low": -1.0,
        "layers": [
            {
                "name": "a",
                "kind": "Dense",
                "inputs": ["z"],
                "params": {"units": 16, "use_bias": False, "activation": "tanh"},
            },
            {
                "name": "b",
                "kind": "Reshape",
                "inputs": ["a"],
                "params": {"target_shape": [4, 4, 1]},
            },
        ],
    }
    arrays = {"a/kernel": np.ones((2, 16), np.float32)}
    name = Library(store.root).add(
        plan, arrays, title="mine.keras", origin="a file", prior="normal"
    )
    at = open_page("explore.py", run=name)
    assert parts(at)["explore_image"] == {"run": name}
    assert "Opened from a file" in texts(at)
    at.button(key="forget").click().run()
    assert not at.exception
    assert Library(store.root).ids() == ["bundled-digits", "bundled-fashion"]


def test_an_unknown_generator_is_said_in_words(open_page):
    at = open_page("explore.py", run="opened-0123456789ab")
    assert not at.exception
    assert "There is no generator" in texts(at)
    assert not parts(at)


def test_a_run_of_points_says_where_to_look(open_page, store):
    run = store.create(recipes.config("toy_mlp", "ring").model_dump())
    run.write_status(state="finished", step=10)
    at = open_page("explore.py", run=run.id)
    assert not at.exception
    assert "makes points, not images" in texts(at)
    assert not parts(at)
    assert at.button(key="to_train").label == "Open its Train page"


def test_the_newest_run_with_images_is_the_default(open_page, make_run, store):
    newest = make_run()
    points = store.create(recipes.config("toy_mlp", "ring").model_dump())
    points.write_status(state="finished", step=10)
    at = open_page("explore.py")
    assert parts(at)["explore_image"] == {"run": newest.id}
    assert points.id not in at.selectbox(key="explore_run").options


def test_with_runs_of_points_alone_a_bundled_generator_is_shown(open_page, store):
    points = store.create(recipes.config("toy_mlp", "ring").model_dump())
    points.write_status(state="finished", step=10)
    at = open_page("explore.py")
    assert not at.exception
    assert "No run of your own yet that makes images" in texts(at)
    assert parts(at)["explore_image"] == {"run": "bundled-digits"}


def test_the_box_follows_an_address_that_changed_by_itself(open_page, make_run):
    first, second = make_run(), make_run()
    at = open_page("explore.py", run=second.id)
    at.selectbox(key="explore_run").set_value(first.id).run()
    at.query_params["run"] = second.id  # what the browser's Back does
    at.run()
    assert not at.exception
    assert at.selectbox(key="explore_run").value == second.id
    assert parts(at)["explore_image"] == {"run": second.id}


def test_home_opens_runs_of_points_instead_of_exploring_them(open_page, make_run, store):
    make_run()
    for _ in range(2):  # the newest has a panel of its own, the other one a row
        points = store.create(recipes.config("toy_mlp", "ring").model_dump())
        points.write_status(state="finished", step=10)
    at = open_page()
    assert not at.exception
    shown = {b.key: b.label for b in at.button if (b.key or "").startswith("sm_act_")}
    of_points = {label for key, label in shown.items() if "toy_mlp" in key}
    of_images = {label for key, label in shown.items() if "fast_gan" in key}
    assert of_points == {"Curves"}
    assert of_images == {"Explore"}


def test_ready_generators_open_in_one_press_and_a_missing_network_is_said(open_page, monkeypatch):
    at = open_page("explore.py", run="bundled-fashion")
    ready = [b.key for b in at.button if (b.key or "").startswith(("ready_", "hosted_"))]
    assert ready == ["ready_bundled-digits", "ready_bundled-fashion", "hosted_0"]
    at.button(key="ready_bundled-digits").click().run()
    assert not at.exception
    assert parts(at)["explore_image"] == {"run": "bundled-digits"}

    def offline(address, **_):
        raise Refused("`x` cannot be found. This server may be offline.")

    monkeypatch.setattr(importing, "from_url", offline)
    at.button(key="hosted_0").click().run()
    assert "may be offline" in at.error[0].value
    card = Library(BUNDLED).card("bundled-digits")  # what the address would give
    arrays = Library(BUNDLED).arrays("bundled-digits")
    found = importing.Found(card["plan"], arrays, "tfjs")
    monkeypatch.setattr(importing, "from_url", lambda address, **_: found)
    at.button(key="hosted_0").click().run()
    assert not at.exception
    name = parts(at)["explore_image"]["run"]
    assert name.startswith("opened-")
    assert "googleapis" in texts(at)
