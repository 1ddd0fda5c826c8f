"""The one file that leaves the house: what is in it, what a hostile name can do, what is refused."""

import base64
import hashlib
import json
import re
import struct
import zlib
from html.parser import HTMLParser

import numpy as np
import pytest

from gan_core import recipes
from gan_core.errors import ConfigError, RunError
from gan_core.export import models
from gan_core.export.web import card, pack, page, size, write
from gan_core.lab import Lab
from gan_core.runs.store import RunStore
from gan_core.tasks.synthesis import TrainedGenerator

HOSTILE = '</script><img src=x onerror="alert(1)">{script}{weights}&amp;\u2028'


class Elements(HTMLParser):
    """Tags and the text of each script, by its id or type."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self._open = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._open = dict(attrs).get("id") or dict(attrs)["type"]

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open:
            self.scripts[self._open] = self.scripts.get(self._open, "") + data


def generator(names=("a", "b"), wide=4):
    import keras

    z, classes = keras.Input((3,), name="z"), keras.Input((len(names),), name="classes")
    x = keras.layers.Dense(16 * wide)(keras.layers.Concatenate()([z, classes]))
    x = keras.layers.ReLU()(keras.layers.Reshape((4, 4, wide))(x))
    x = keras.layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x)
    model = keras.Model([z, classes], x)
    return TrainedGenerator(model, "00001-x", 7, 3, len(names), "normal", tuple(names))


@pytest.fixture(scope="module")
def hostile():
    texts = dict.fromkeys(
        ("title", "about", "recipe", "data", "licence", "origin", "quality"), HOSTILE
    )
    return Elements(write.web_page(generator((HOSTILE, "b")), texts).decode())


def test_hostile_names_and_texts_stay_data(hostile):
    assert [tag for tag, _ in hostile.tags] == [
        "html", "head", "meta", "meta", "meta", "meta", "title", "style", "body", "main",
        *["script"] * 3,
    ]  # fmt: skip
    card = json.loads(hostile.scripts["card"])
    assert card["title"] == card["licence"] == card["classes"][0] == HOSTILE


def test_the_policy_lets_this_script_run_and_nothing_be_fetched(hostile):
    (policy,) = [a["content"] for t, a in hostile.tags if a.get("http-equiv")]
    digest = hashlib.sha256(hostile.scripts["module"].encode()).digest()
    only = f"script-src 'sha256-{base64.b64encode(digest).decode()}' 'wasm-unsafe-eval';"
    assert only in policy  # WebAssembly of this very script, no text that is run as one
    assert policy.startswith("default-src 'none';") and policy.count("unsafe") == 1
    assert not [a for _, a in hostile.tags if "src" in a or "href" in a]


def test_no_module_is_left_open(hostile):
    script = hostile.scripts["module"]
    assert not re.findall(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert script.count("const $start = ") == 1


def test_what_only_a_reader_of_the_source_needs_stays_behind(hostile):
    script = hostile.scripts["module"]
    assert not re.findall(r"^(?: |//|/\*\*.*\*/$)", script, re.MULTILINE)
    assert "`" in script and "@param" not in script and "@import" not in script


@pytest.mark.parametrize("kind", ["generator", "translator", "style"])
def test_no_text_of_the_page_goes_over_lines(kind):
    """Comments and spaces at the begin of lines are taken out: they must not be part of a text."""
    found: dict = {}
    page._gather(page.FOLDER / f"{kind}.js", found)
    for path in found:
        code = page._COMMENT.sub("", path.read_text("utf-8"))
        for line in code.splitlines():
            assert line.count("`") % 2 == 0, f"{path.name}: {line}"


def test_weights_are_those_of_the_network_to_half_precision():
    made = generator()
    found = Elements(write.web_page(made, {"title": "x"}).decode())
    told, data = carried(found)
    for entry, value in zip(told["entries"], made.model.get_weights(), strict=True):
        read = np.frombuffer(data, "<f2", entry["size"], entry["at"])
        np.testing.assert_allclose(read, value.ravel(), rtol=5e-4, atol=1e-7)


def carried(found):
    """(plans and entries, bytes of the weights) of a page: its text read as docs/web_page.md says."""
    (attrs,) = [a for _, a in found.tags if "data-sha256" in a]
    data = b"".join(_group(found.scripts["weights"][i : i + 11]) for i in range(
        0, len(found.scripts["weights"]), 11))[: int(attrs["data-bytes"])]  # fmt: skip
    assert hashlib.sha256(data).hexdigest() == attrs["data-sha256"]
    whole = zlib.decompress(data)
    (length,) = struct.unpack("<I", whole[:4])
    return json.loads(whole[4 : 4 + length]), whole[4 + length :]


def _group(text: str) -> bytes:
    number = sum((ALPHABET.index(c)) * 94**i for i, c in enumerate(text))
    return number.to_bytes(9, "big")


ALPHABET = "".join(map(chr, range(0x20, 0x7F))).replace("<", "")


@pytest.mark.parametrize("size", [0, 1, 8, 9, 10, 1000])
def test_any_bytes_are_text_that_ends_no_script(size):
    data = np.random.default_rng(size).bytes(size) if size else b""
    for each in (data, bytes(size), b"\xff" * size):
        text = pack.text(each)
        assert set(text) <= set(ALPHABET) and len(text) == -(-size // 9) * 11
        groups = [text[i : i + 11] for i in range(0, len(text), 11)]
        assert b"".join(map(_group, groups))[:size] == each


def test_numbers_beyond_half_precision_keep_their_value():
    entries, data = pack.packed({"k": np.array([1e6, 1e-3], np.float32)})
    assert entries[0]["type"] == "float32"
    np.testing.assert_array_equal(np.frombuffer(data, "<f4", 2), np.float32([1e6, 1e-3]))


def test_points_are_refused(tmp_path):
    import keras

    z = keras.Input((2,))
    made = TrainedGenerator(keras.Model(z, keras.layers.Dense(2)(z)), "00001-x", 1, 2, 0, "normal")
    with pytest.raises(ConfigError, match="makes points, no images"):
        models.export(made, "web", tmp_path / "x.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["bundled-digits", "translator-digits_and_paper"])
def test_what_comes_with_the_app_leaves_on_the_command_line(name, tmp_path, capsys):
    from gan_core.cli import main

    folders = ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]
    out = tmp_path / "page.html"
    assert main(["export", name, "--format", "web", "--out", str(out), *folders]) in (0, None)
    found = Elements(out.read_text(encoding="utf-8"))
    card = json.loads(found.scripts["card"])
    assert card["licence"] == "CC BY-SA 3.0" and out.stat().st_size < 1_000_000
    if card["kind"] == "translator":
        assert [way["name"] for way in card["ways"]] == ["a to b", "b to a"]
        assert all(len(way["examples"]) == write.EXAMPLES for way in card["ways"])
        assert card["ways"][1]["ground"] != [0, 0, 0]  # paper is what there is most of
    else:
        assert len(card["directions"]) == 8 and len(card["directions"][0]) == card["z"]


def test_one_way_of_a_translator_leaves_alone_and_a_large_page_is_announced(
    tmp_path, capsys, monkeypatch
):
    from gan_core.cli import main

    command = [
        "export",
        "translator-digits_and_paper",
        "--format",
        "web",
        "--runs-dir",
        str(tmp_path),
    ]
    both, one = tmp_path / "both.html", tmp_path / "one.html"
    assert main([*command, "--out", str(both)]) in (0, None)
    assert (
        capsys.readouterr().err
        == "the translator (a to b) of translator-digits_and_paper at step 1000\n"
    )
    monkeypatch.setattr(size, "MOST", 100_000)
    assert main([*command, "--towards", "a", "--out", str(one)]) in (0, None)
    assert "this page will have about 0." in capsys.readouterr().err
    card = json.loads(Elements(one.read_text(encoding="utf-8")).scripts["card"])
    assert [way["way"] for way in card["ways"]] == ["a"]
    assert one.stat().st_size < 0.65 * both.stat().st_size


def test_the_size_of_a_page_is_known_without_its_networks(tmp_path):
    """Of full-width networks as docs/web_page.md has them; small pages as they are."""
    runs = RunStore(tmp_path / "runs")

    def expected(recipe, dataset):
        run = runs.create(recipes.config(recipe, dataset).model_dump())
        return size.of_run(run, tmp_path / "data")

    assert expected("fast_gan", "mnist_5k") == pytest.approx(814_000, rel=0.03)
    assert expected("acgan", "mnist_5k") == expected("dcgan", "mnist_5k") == size.MOST
    assert expected("cyclegan", "digits_and_paper") > 5 * size.MOST
    lost = runs.create(recipes.config("fast_gan", "mnist_5k").model_dump() | {"dataset": "gone"})
    assert size.of_run(lost, tmp_path / "data") == 0


@pytest.mark.parametrize(("step", "said"), [(4, "Fréchet distance 12.3"), (3, "")])
def test_a_run_says_how_good_it_was_at_the_very_step(tmp_path, step, said):
    run = RunStore(tmp_path / "runs").create(recipes.config("fast_gan", "mnist_5k").model_dump())
    line = {"step": 4, "count": 200, "extractor": "judge:1", "values": {"fd_judge_200": 12.34}}
    (run.path / "evals.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    found = card.of_run(run, tmp_path / "data", step)
    assert found["quality"].startswith(said) and bool(found["quality"]) == bool(said)
    assert (found["title"], found["step"]) == ("Fast GAN, mnist_5k", str(step))
    assert found["licence"] == "CC BY-SA 3.0"


def test_an_unknown_id_is_refused(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    from gan_core.explore import unowned

    with pytest.raises(RunError, match="no translator `translator-nothing`"):
        unowned.open_network("translator-nothing", lab.store.root, lab.data_dir)


def test_every_name_of_a_module_is_told_apart():
    for kind in ("generator", "translator", "style"):
        names = re.findall(r"^const (\$\w+) = ", page._script(kind), re.MULTILINE)
        assert len(names) == len(set(names)) >= 10


def test_the_page_asks_for_every_word_that_it_has_and_for_no_other():
    sources = {path.stem: path.read_text(encoding="utf-8") for path in page.FOLDER.glob("*.js")}
    english, korean = sources.pop("words").split("  ko: {")
    known = [re.findall(r"\b([a-z_0-9]+):\s+\"", told) for told in (english, korean.split("};")[0])]
    assert known[0] == known[1]
    said = set(re.findall(r"\"([a-z_0-9]+)\"", "".join(sources.values())))
    asked = set(re.findall(r"\bword\(\s*\"([a-z_]+)\"", "".join(sources.values())))
    assert asked <= set(known[0]) <= said


def test_the_style_network_leaves_as_one_page_below_the_limit_and_as_nothing_else(tmp_path, capsys):
    from gan_core.cli import main
    from gan_core.networks import style_numpy

    out, rest = tmp_path / "style.html", ["--runs-dir", str(tmp_path / "runs")]
    assert main(["export", "style-instant", "--format", "web", "--out", str(out), *rest]) in (
        0,
        None,
    )
    assert out.stat().st_size <= write.MOST
    found = Elements(out.read_text(encoding="utf-8"))
    card = json.loads(found.scripts["card"])
    assert (card["kind"], card["weights"]["kind"], len(card["styles"])) == ("style", "int8", 6)
    told, data = carried(found)
    kernels = [entry for entry in told["entries"] if entry["type"] == "int8"]
    stored = style_numpy.arrays("predict") | style_numpy.arrays("transform")
    assert {entry["key"] for entry in kernels} == {key for key in stored if key.endswith(".kernel")}
    for entry in kernels:  # as they came with the app, number by number
        own = np.frombuffer(data, np.int8, entry["size"], entry["at"])
        np.testing.assert_array_equal(own, stored[entry["key"]].ravel())
    command = ["export", "style-instant", "--format", "keras", "--out", str(tmp_path / "s.keras")]
    assert main([*command, *rest]) not in (0, None)
    assert "leaves as a web page" in capsys.readouterr().err
