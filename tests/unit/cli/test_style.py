"""`style` on the command line: files and names in, one picture out, everything else in words."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from gan_core.cli import main
from gan_core.data import content_style


@pytest.fixture
def call(tmp_path, capsys):
    """Run `style` with a size and folders of the test; (exit code, stdout, stderr)."""

    def run(*words):
        folders = ["--runs-dir", tmp_path / "runs", "--data-dir", tmp_path / "data"]
        try:
            code = main(["style", *map(str, [*words, *folders])])
        except SystemExit as leaving:
            code = leaving.code
        return code, *capsys.readouterr()

    return run


def picture(path, size=(90, 60), mode="RGB"):
    pixels = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(pixels).convert(mode).save(path)
    return path


def test_instant(call, tmp_path):
    content = picture(tmp_path / "c.png", mode="RGBA")
    out = tmp_path / "made.png"
    code, told, _ = call("--content", content, "--style", "marble", "--out", out, "--size", "64")
    assert (code, told.strip()) == (0, str(out))
    with Image.open(out) as made:
        assert made.size == (64, 43) and made.mode == "RGB"


def test_a_mix_strength_and_colours(call, tmp_path):
    made = []
    for words in ((), ("--strength", "0.2"), ("--keep-colours",), ("--style", "mosaic=3")):
        out = tmp_path / f"{len(made)}.png"
        wanted = ("--content", "fruit", "--style", "marble", "--out", out, "--size", "48")
        assert call(*wanted, *words)[0] == 0
        made.append(out.read_bytes())
    assert len(set(made)) == 4


def test_optimise_is_a_run(call, tmp_path):
    out = tmp_path / "made.png"
    code, told, said = call(
        "--content", "lake", "--style", "hatching", "--out", out, "--mode", "optimise",
        "--size", "64", "--steps", "3",
    )  # fmt: skip
    assert code == 0, said
    run_id = told.strip().splitlines()[-1]
    assert run_id.endswith("style_patches-lake_in_hatching")
    samples = tmp_path / "runs" / run_id / "samples"
    with Image.open(out) as made, Image.open(samples / "000003.png") as last:
        assert np.abs(np.asarray(made).astype(int) - np.asarray(last)).max() <= 1


def test_own_pictures_are_kept_with_the_run(call, tmp_path):
    content, style = picture(tmp_path / "c.png"), picture(tmp_path / "s.png", (60, 60))
    code, told, said = call(
        "--content", content, "--style", style, "--out", tmp_path / "made.png",
        "--mode", "optimise", "--size", "48", "--steps", "1",
    )  # fmt: skip
    assert code == 0, said
    run_id = told.strip().splitlines()[-1]
    assert run_id.endswith(content_style.OWN)
    assert (tmp_path / "runs" / run_id / "inputs" / "content.png").is_file()


@pytest.mark.parametrize(
    "words, said",
    [
        (("--size", "8"), "`--size` must be 32 to 1024"),
        (("--size", "5000"), "`--size` must be 32 to 1024"),
        (("--strength", "2"), "between 0 and 1"),
        (("--strength", "nan"), "between 0 and 1"),
        (("--steps", "4"), "`--steps` is for `--mode optimise`"),
        (("--download",), "`--download` is for `--mode optimise`"),
        (("--mode", "optimise", "--strength", "0.5"), "`--strength` is for `--mode instant`"),
        (("--mode", "optimise", "--style", "marble"), "One style is optimised at a time"),
        (("--style", "marble=0", "--style", "marble", "--style", "marble"), "1 to 3 styles"),
        (("--style", "marble=-1"), "at least 0"),
        (("--style", "nowhere.png"), "`nowhere.png` cannot be read.*flow_strokes"),
        (("--mode", "optimise", "--steps", "0"), "num_steps` must be at least 1"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(call, tmp_path, words, said):
    import re

    wanted = ("--content", "fruit", "--style", "mosaic", "--out", tmp_path / "x.png")
    code, told, complaint = call(*wanted, *words)
    assert code == 2 and not told and re.search(said, complaint), complaint
    assert complaint.count("\n") == 1 and not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_bad_files(call, tmp_path, data):
    bad = tmp_path / "bad.png"
    bad.write_bytes(data)
    code, _, complaint = call("--content", bad, "--style", "mosaic", "--out", tmp_path / "x.png")
    assert code == 2 and "`bad.png`" in complaint and "canal, fruit, lake" in complaint


def test_narrow_pictures(call, tmp_path):
    """20 to 1: at once always, step by step where enough is left of the shorter side."""
    content = picture(tmp_path / "c.png", (400, 20))
    wanted = ("--content", content, "--style", "mosaic", "--out", tmp_path / "x.png")
    assert call(*wanted, "--size", "128")[0] == 0
    code, _, complaint = call(*wanted, "--size", "128", "--mode", "optimise")
    assert code == 2 and "128 x 6 pixels" in complaint


def test_vgg19_is_never_downloaded_unasked(call, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # nobody sits there
    code, _, complaint = call(
        "--content", "fruit", "--style", "mosaic", "--out", tmp_path / "x.png", "--mode",
        "optimise", "--engine", "vgg19",
    )  # fmt: skip
    assert code == 2 and "80 MB" in complaint and "style_patches" in complaint
    assert not (tmp_path / "keras").exists() and not [*(tmp_path / "runs").glob("0*")]


def test_layers_go_by_words(call, tmp_path):
    wanted = ("--content", "fruit", "--style", "mosaic", "--out", tmp_path / "x.png")
    optimise = (*wanted, "--mode", "optimise", "--size", "32", "--steps", "1")
    code, _, complaint = call(*optimise, "--content-layers", "motifs")
    assert code == 2 and "edges of brightness" in complaint
    code, _, complaint = call(*optimise, "--style-layers", "colour")
    assert code == 2 and "dots, strokes" in complaint
    code, _, complaint = call(*wanted, "--style-layers", "dots")
    assert code == 2 and "--mode optimise" in complaint
    assert call(*optimise, "--style-layers", "strokes,texture")[0] == 0
    (run,) = (tmp_path / "runs").glob("0*")
    assert json.loads((run / "config.json").read_text())["config"]["patch_levels"] == "2,3"
