"""Train, choosing: the form is made from the settings themselves and loses nothing."""

import json
import re

import numpy as np
import pytest

from gan_core import recipes
from gan_core.config import SETTINGS
from pages.ui.shared import forms, settings
from tests.app.conftest import texts


def pick(at, group, name):
    """Click a card, as the component reports it."""
    at.session_state[group] = {"pick": [name, 1]}
    at.session_state["json"] = True  # for config_shown
    return at.run()


def cards_of(at, index):
    return json.loads(at.get("bidi_component")[index].proto.json)["options"]


def warnings(at) -> dict[str, str]:
    """What cards of recipes say to look at first."""
    return {card["name"]: card["warning"] for card in cards_of(at, 0) if card["warning"]}


def config_shown(at) -> dict:
    """What stands under `Settings as JSON`, opened where it is not."""
    if not at.code:
        at.session_state["json"] = True
        at.run()
    return json.loads(at.code[0].value)


SWAPPED = "Data changed from mnist_5k to ring: toy_mlp cannot train on mnist_5k."


def test_defaults_are_the_recipe_s_own(open_page):
    at = open_page("train.py")
    assert not at.exception
    assert config_shown(at) == recipes.config("fast_gan", "mnist_5k").model_dump()


def test_cards_say_what_does_not_fit(open_page):
    at = open_page("train.py")
    names = [card["name"] for card in cards_of(at, 0)]
    given = {"style_patches", "style_vgg19"}  # two pictures of a person, no data set
    assert sorted(names) == sorted({*recipes.names()} - given)
    assert names[0] == recipes.DEFAULT
    assert not any(card["other"] for card in cards_of(at, 0))  # nobody chose the data
    misfits = {card["name"]: card["misfit"] for card in cards_of(at, 1)}
    assert misfits["mnist_5k"] == ""
    assert misfits["ring"].startswith("not for fast_gan, pick toy_mlp")
    assert misfits["stacked_mnist"].startswith("not for fast_gan, pick fast_dcgan")


def test_pairs_and_sides_have_cards_that_say_what_they_are(open_page):
    at = open_page("train.py")
    cards = {card["name"]: card for card in cards_of(at, 1)}
    assert cards["edges_to_digits"]["summary"] == (
        "Edges to digits. A line drawing becomes a picture. 4,500 pairs to learn from, 10 classes."
    )
    assert "2,250 and 2,250 images to learn from" in cards["digits_and_paper"]["summary"]
    names = [
        "pixel_faces",
        "edges_to_digits",
        "grey_to_faces",
        "digits_and_paper",
        "faces_and_glasses",
    ]
    assert all(cards[name]["image"].startswith("data:image/png") for name in names)
    assert not cards["pixel_faces"]["misfit"]
    fitting = [not card["misfit"] for card in cards_of(at, 1)]
    assert fitting == sorted(fitting, reverse=True)  # what can be chosen comes first
    assert "`edges_to_digits` holds pairs of images" in cards["edges_to_digits"]["misfit"]
    assert "holds two sides" in cards["faces_and_glasses"]["misfit"]


def test_data_that_are_reachable_by_name_alone_get_a_card_when_they_are_chosen(open_page):
    at = open_page("train.py")
    at.session_state["draft"] = dict(at.session_state["draft"], dataset="hole_to_digits")
    at.run()
    assert not at.exception
    cards = {card["name"]: card for card in cards_of(at, 1)}
    assert "hole_to_digits" in cards and "quarter_to_faces" not in cards


def test_a_download_s_card_tells_its_terms_before_it_begins(open_page):
    at = open_page("train.py")
    foots = {card["name"]: card["foot"] for card in cards_of(at, 1)}
    assert foots["fashion_mnist"].endswith("downloads 31 MB once. Licence: MIT")
    assert "Licence" not in foots["mnist_5k"]  # nothing is fetched for it


def test_own_data_say_where_they_lie_and_what_is_wrong(open_page, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    rng = np.random.default_rng(0)
    whole, labels = rng.integers(0, 256, (40, 8, 8), np.uint8), np.arange(40) % 2 * 5 + 3
    np.savez(folder / "good.npz", x_train=whole, y_train=labels)
    np.savez(folder / "dark.npz", x_train=whole // 128, y_train=labels)
    np.savez(folder / "flat.npz", x_train=whole.reshape(40, 64))
    np.savez(folder / "my cats.npz", x_train=whole)
    (folder / "CATS.NPZ").write_bytes(b"")
    at = open_page("train.py")
    assert not at.exception
    cards = {card["name"]: card for card in cards_of(at, 1)}
    order = [card["name"] for card in cards_of(at, 1)]
    assert order[:3] == ["dark", "good", "mnist_5k"]  # one's own first, what cannot be used last
    assert cards["good"]["summary"] == "good. 36 images to learn from, 2 classes."
    assert cards["good"]["image"].startswith("data:image/png;base64,")
    assert (cards["good"]["warning"], cards["good"]["misfit"]) == ("", "")
    assert cards["dark"]["warning"].startswith("Values go from 0 to 1, so all images are nearly")
    assert cards["dark"]["misfit"] == ""
    for name in ("flat", "my cats"):
        assert (cards[name]["summary"], cards[name]["image"]) == ("Cannot be used.", "")
        assert cards[name]["misfit"]
    shown = texts(at)
    assert str(folder) in shown
    assert "`python -m gan_core datasets add FILE --name NAME`" in shown  # in full, below the cards
    assert "`x_train = x_train * 255`" in shown
    assert "rename it to CATS" in shown
    labels = {e.label for e in at.expander}
    assert {"Look at these first: 1", "Cannot be used: 3 in that folder"} <= labels


def test_a_recipe_that_needs_other_data_takes_it_along(open_page):
    at = pick(open_page("train.py"), "recipe_cards", "toy_mlp")
    assert not at.exception
    shown = config_shown(at)
    assert (shown["recipe"], shown["dataset"], shown["batch_size"]) == ("toy_mlp", "ring", 256)
    assert warnings(at) == {"toy_mlp": SWAPPED}
    at = pick(at, "recipe_cards", "toy_mlp")
    at.text_input(key="note").set_value("x").run()
    assert warnings(at) == {"toy_mlp": SWAPPED}  # as long as it is so
    dashed = {card["name"]: card["other"] for card in cards_of(at, 0) if card["other"]}
    assert "fast_gan" not in dashed and "toy_mlp" not in dashed
    assert dashed["fast_pix2pix"].startswith("not for mnist_5k: it needs pairs of images")


def test_data_that_were_chosen_come_back_with_a_recipe_that_they_fit(open_page):
    at = pick(open_page("train.py"), "data_cards", "fashion_mnist")
    at = pick(at, "recipe_cards", "toy_mlp")
    assert config_shown(at)["dataset"] == "ring"
    at = pick(at, "recipe_cards", "fast_gan")
    assert config_shown(at)["dataset"] == "fashion_mnist"
    assert warnings(at) == {"fast_gan": "Data is fashion_mnist again, as you chose."}
    at = pick(at, "recipe_cards", "dcgan")
    assert config_shown(at)["dataset"] == "fashion_mnist" and not warnings(at)


def test_special_settings_only_where_the_recipe_names_them(open_page):
    at = open_page("train.py")
    assert "set_gp_weight" not in [n.key for n in at.number_input]
    at = pick(at, "recipe_cards", "wgan_gp")
    assert at.number_input(key="set_gp_weight").value == 10.0


def test_changes_survive_another_recipe_and_another_page(open_page):
    at = open_page("train.py")
    at.number_input(key="set_batch_size").set_value(96).run()
    at = pick(at, "recipe_cards", "hinge_sn")
    at.switch_page("runs.py").run()
    at.switch_page("train.py").run()
    shown = config_shown(at)
    assert (shown["recipe"], shown["batch_size"], shown["loss"]) == ("hinge_sn", 96, "hinge")
    assert "1 changed" in texts(at)


def test_back_to_defaults(open_page):
    at = open_page("train.py")
    at.number_input(key="set_batch_size").set_value(96).run()
    at.button(key="sm_defaults").click().run()
    assert config_shown(at)["batch_size"] == 64


def test_every_setting_has_bounds_and_help(open_page):
    at = open_page("train.py")
    asked = {widget.key.removeprefix("set_"): widget for widget in at.number_input}
    assert {"batch_size", "g_lr", "seed"} <= set(asked)
    for name, widget in asked.items():
        assert "at most" in widget.help or "less than" in widget.help, name
        assert f"`{name}`" in widget.help and "_" not in widget.label and "`" not in widget.label
    help_text = forms.help_text("ema_half_life", 500)
    assert all(words in help_text for words in ("alf-life", "(steps)", "at most 1,000,000", "500."))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("batch_size", 0, "must be at least 1"),
        ("width", -3, "must be at least 1"),
        ("batch_size", 1.5, "whole number"),
        ("g_lr", 11.0, "must be at most 10"),
        ("beta_2", 1.0, "must be less than 1"),
        ("seed", 2**31, "must be less than"),
    ],
)
def test_a_value_that_cannot_be_used_is_said_and_nothing_starts(
    name, typed, says, open_page, store
):
    at = pick(open_page("train.py"), "recipe_cards", "dcgan")
    at.number_input(key=f"set_{name}").set_value(typed).run()
    assert at.number_input(key=f"set_{name}").value == typed
    assert any(says in m.value for m in at.markdown)  # under the field
    at.button(key="train").click().run()
    assert says in "\n".join(e.value for e in at.error)
    assert store.ids() == []


def test_advanced_is_one_and_the_same_expander_whatever_is_changed(open_page):
    """Streamlit knows an expander by its label: one that counts would close at the first change."""
    at = open_page("train.py")
    before = [e.proto.id for e in at.expander] if hasattr(at.expander[0].proto, "id") else []
    for value in (96, 97, 64):
        at.number_input(key="set_batch_size").set_value(value).run()
        assert [e.label for e in at.expander if e.label.startswith("Advanced")] == ["Advanced"]
        if before:
            assert [e.proto.id for e in at.expander] == before
    assert "all default" in texts(at)


def test_settings_stand_in_the_order_in_which_they_are_read(open_page):
    at = open_page("train.py")
    asked = [w.key for w in at.number_input if w.key in ("set_n_critic", "set_g_lr", "set_d_lr")]
    assert asked == ["set_n_critic", "set_g_lr", "set_d_lr"]


def test_several_devices_are_asked_for_where_there_are_several(open_page, monkeypatch):
    at = open_page("train.py")
    assert "set_replicas" not in {w.key for w in at.number_input}
    monkeypatch.setenv("GAN_CPU_DEVICES", "2")
    at.run()
    at.number_input(key="set_replicas").set_value(2.0).run()
    assert config_shown(at)["replicas"] == 2
    at.number_input(key="set_replicas").set_value(3.0).run()
    assert any("cannot be shared evenly by `replicas=3`" in e.value for e in at.error)  # 64
    at.number_input(key="set_replicas").set_value(4.0).run()
    assert any("this machine seems to have 2" in e.value for e in at.error)


def test_every_setting_is_asked_once():
    """However settings are grouped: none is lost and none doubled."""
    names = [name for name, setting in SETTINGS.items() if not setting.apart]
    found = [name for group in settings.grouped(names) for name in group.names]
    assert sorted(found) == sorted(names)


def test_the_form_asks_in_this_order():
    assert [tuple(group) for group in settings.grouped(SETTINGS)] == [
        ("Run", ("recipe", "dataset", "seed", "num_steps", "num_minutes")),
        (
            "Networks",
            ("width", "latent_dim", "dropout", "picture_size", "picture_levels", "upsampling")
            + ("levels", "small_levels", "d_levels"),
        ),
        (
            "Loss",
            ("loss", "gp_weight", "r1_gamma", "r2_gamma", "class_weight", "label_smoothing")
            + (
                "instance_noise",
                "gan_weight",
                "l1_weight",
                "cycle_weight",
                "identity_weight",
                "nce_weight",
                "content_weight",
                "style_weight",
                "tv_weight",
                "style_layers",
                "content_layers",
                "patch_levels",
                "penalty_at",
                "noise_steps",
                "r1_every",
            ),
        ),
        (
            "Updates",
            ("batch_size", "n_critic", "g_lr", "d_lr", "beta_1", "beta_2", "lr_half_steps")
            + ("ema_half_life", "pool_size", "lr_decay_start", "jitter")
            + ("picture_lr", "coarse_steps", "start_from", "augment", "ema_ramp"),
        ),
        ("Kept on disk", ("sample_every", "checkpoint_every")),
        ("Speed", ("device", "precision", "steps_per_call", "steps_per_second", "replicas")),
    ]


def test_a_setting_of_another_version_has_words_too():
    assert settings.label("new_setting") == "New setting"
    assert settings.label("n_critic") == "D updates per G"


@pytest.mark.parametrize(
    ("limit", "steps", "minutes"), [("own", 6000, None), (5, None, 5.0), ("other", None, None)]
)
def test_how_long(limit, steps, minutes, open_page):
    at = open_page("train.py")
    at.button_group(key="limit").set_value(limit).run()
    shown = config_shown(at)
    assert (shown["num_steps"], shown["num_minutes"]) == (steps, minutes)
    assert not at.exception


def test_a_limit_of_one_s_own(open_page):
    at = open_page("train.py")
    at.button_group(key="limit").set_value("other").run()
    at.number_input(key="set_num_steps").set_value(1234).run()
    assert config_shown(at)["num_steps"] == 1234


def test_an_excluded_bound_is_explained_under_the_field(open_page):
    at = open_page("train.py")
    at.number_input(key="set_beta_1").set_value(1.0).run()
    assert "must be less than 1" in texts(at)
    at.button(key="train").click().run()
    assert "must be less than 1" in "\n".join(e.value for e in at.error)
    assert at.number_input(key="set_beta_1").value == 1.0


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("{", "This is not JSON"),
        ("[1]", "Settings must be a JSON object"),
        ('{"glr": 1}', "Did you mean"),
        ('{"batch_size": 0}', "must be at least 1"),
        ('{"recipe": "dcgn"}', "Unknown recipe"),
        ("[" * 50_000, "the nesting has no end"),
        (f'{{"seed": {"9" * 5000}}}', "a number or the nesting has no end"),
        ('{"seed": NaN}', "must be a finite number"),
    ],
)
def test_pasted_settings_are_checked(pasted, problem, open_page):
    at = open_page("train.py")
    at.number_input(key="set_batch_size").set_value(96).run()
    at.text_area(key="pasted").set_value(pasted)
    at.button(key="check").click().run()
    assert problem in "\n".join(e.value for e in at.error).replace("\\", "")
    assert config_shown(at)["batch_size"] == 96
    assert at.text_area(key="pasted").value == pasted


def test_pasted_settings_fill_the_form(open_page):
    at = open_page("train.py")
    wanted = recipes.config("r3gan", "mnist_5k", seed=9, num_minutes=5, g_lr=0.005).model_dump()
    at.text_area(key="pasted").set_value("\ufeff" + json.dumps(wanted))  # as some editors save it
    at.button(key="check").click().run()
    assert not at.error
    assert config_shown(at) == wanted
    assert at.button_group(key="limit").value == 5


def test_speed_is_the_one_measured_here_where_there_is_one(open_page, make_run):
    at = open_page("train.py")
    feet = {card["name"]: card["foot"] for card in cards_of(at, 0)}
    assert re.fullmatch(r"6,000 steps, about \d min on two cores", feet["fast_gan"])
    make_run("finished", step=2000)  # in 20 s
    at = open_page("train.py")
    feet = {card["name"]: card["foot"] for card in cards_of(at, 0)}
    assert feet["fast_gan"] == "readable in 5 s, full run 1 min"
    assert "on two cores" in feet["dcgan"]
