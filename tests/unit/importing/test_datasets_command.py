"""`datasets add` and what comes after: the numbers of the check-up, one clear line where it cannot be."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from gan_core import cli, data, importing, recipes
from gan_core.cli import datasets_expect
from gan_core.lab import Lab
from gan_core.runs.store import RunStore
from pages.ui.data import expect
from pages.ui.shared import text
from tests.unit.importing.made import folder, photo, stored


@pytest.fixture
def call(tmp_path, capsys):
    """A function that runs a command; (exit code, stdout, stderr)."""

    def run(*words):
        dirs = ["--data-dir", str(tmp_path / "data"), "--runs-dir", str(tmp_path / "runs")]
        code = cli.main([*map(str, words), *dirs])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def pets(tmp_path):
    place = folder(tmp_path / "my pets", 60, ("cat", "dog"))
    (place / "cat" / "broken.png").write_bytes(b"x")
    (place / "cat" / "again.png").write_bytes(stored(photo(0)))
    return place


def test_a_folder_becomes_a_set_with_one_command(call, pets, tmp_path):
    code, out, _ = call("datasets", "add", pets, "--licence", "CC0", "--size", "28", "--grey")
    assert code == 0 and "62 pictures, 61 usable" in out and "1 near copies left out" in out
    assert "1 cannot be read as a picture: cat/broken.png" in out
    assert "kept my_pets: 54 images to learn from, 6 held out, 28 x 28 x 1, 2 classes" in out
    spec = data.spec("my_pets", tmp_path / "data")
    assert (spec.title, spec.licence, spec.class_names) == ("my pets", "CC0", ("cat", "dog"))


def test_flags_change_the_plan(call, pets, tmp_path):
    words = ("--name", "zoo", "--fit", "pad", "--held-out", ".2", "--classes", "cat=Katze", "dog=",
             "--keep-copies", "--title", "Zoo", "--origin", "mine", "--no-grey")  # fmt: skip
    code, out, _ = call("datasets", "add", pets, *words)
    assert code == 0 and "kept zoo: 25 images to learn from, 6 held out, 32 x 32 x 3" in out
    assert data.spec("zoo", tmp_path / "data").title == "Zoo"


def test_json_has_the_numbers_of_the_check_up(call, pets, tmp_path):
    code, out, _ = call("datasets", "add", pets, "--dry-run", "--json")
    told, found = json.loads(out), importing.check_up(pets)
    rows = importing.chosen(found, found.suggested)
    assert code == 0 and told["kept"] is None and not (tmp_path / "data" / "my_pets.npz").exists()
    assert (
        (told["num_train"], told["num_held_out"])
        == (len(rows.train), len(rows.held_out))
        == (54, 6)
    )
    assert told["check_up"]["num_usable"] == found.num_usable == 61
    assert told["check_up"]["copies"] == [["cat/000.png", "cat/again.png"]]
    assert told["left_out"] == {"damaged": 1, "near copy": 1}
    code, out, _ = call("datasets", "add", pets, "--json")
    assert json.loads(out)["kept"]["name"] == "my_pets"


def test_show_rename_remove_restore(call, pets):
    call("datasets", "add", pets, "--licence", "CC0")
    code, out, _ = call("datasets", "show", "my_pets")
    assert code == 0 and "CC0" in out and "from folder" in out and "1 damaged, 1 near copy" in out
    assert json.loads(call("datasets", "show", "my_pets", "--json")[1])["card"]["fit"] == "crop"
    assert call("datasets", "rename", "my_pets", "zoo")[:2] == (0, "zoo\n")
    code, _, err = call("datasets", "remove", "zoo")
    assert code == 0 and "30 days" in err and "zoo" not in call("datasets")[1]
    assert json.loads(call("datasets", "--bin", "--json")[1])[0]["name"] == "zoo"
    assert "zoo" in call("datasets", "--bin")[1]
    assert call("datasets", "restore", "zoo")[0] == 0 and "zoo" in call("datasets")[1]


def test_removing_and_renaming_name_the_runs_that_need_the_set(call, pets, tmp_path):
    call("datasets", "add", pets)
    assert "note: runs" not in call("datasets", "remove", "my_pets")[2]
    call("datasets", "restore", "my_pets")
    store = RunStore(tmp_path / "runs")
    ids = [store.create(recipes.config("fast_gan", "my_pets").model_dump()).id for _ in range(6)]
    shown = ", ".join(ids[::-1][:5]) + " and 1 more"
    told = call("datasets", "remove", "my_pets")[2]
    assert f"runs on `my_pets` can be looked at; to train on, they need it: {shown}" in told
    call("datasets", "restore", "my_pets")
    told = call("datasets", "rename", "my_pets", "zoo")[2]
    assert f"runs on `my_pets` go on only under that name: {shown}" in told


@pytest.mark.parametrize(
    "words, said",
    [
        (("add", "{}/nothing"), "does not exist"),
        (("add", "{}", "--name", "my cats"), "cannot be a name"),
        (("add", "{}", "--name", "mnist"), "comes with the app"),
        (("add", "{}", "--size", "31"), "Allowed: 28, 32, 64, 128"),
        (("add", "{}", "--held-out", "0.9"), "Allowed: 0.05 to 0.3"),
        (("add", "{}", "--classes", "cow=x"), "no class `cow`. Found: cat, dog"),
        (("add", "{}", "--classes", "cow"), "needs NAME=VALUE"),
        (("add", "{}/cat", "--classes", "a=b"), "no class `a`. Found: none"),
        (("show", "nothing"), "Unknown data set"),
        (("remove", "mnist_5k"), "comes with the app"),
        (("rename", "nothing", "x"), "no set `nothing`"),
        (("restore", "nothing"), "in the bin"),
    ],
)
def test_one_clear_line_where_it_cannot_be(call, pets, words, said):
    code, out, err = call("datasets", *(word.format(pets) for word in words))
    assert code == 2 and said in err.splitlines()[-1] and err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in err


@pytest.mark.parametrize("flags", [(), ("--dry-run",), ("--dry-run", "--json")])
def test_too_few_pictures(call, tmp_path, flags):
    code, out, err = call("datasets", "add", folder(tmp_path / "few", 9), *flags)
    assert code == 2 and err.splitlines()[-1].startswith("error: 8 pictures to learn from are too")
    assert "would keep" not in out
    if "--json" in flags:
        told = json.loads(out)
        assert (
            "too few" in told["problem"] and told["verdict"] == f"Cannot be used: {told['problem']}"
        )
    else:
        assert "Cannot be used: 8 pictures to learn from are too few" in out


@pytest.mark.parametrize(
    "flags, said",
    [(("--size", "31"), "Allowed: 28"), (("--held-out", "0.9"), "Allowed: 0.05"),
     (("--name", "mnist"), "comes with the app"), (("--classes", "cat=", "dog="), "too few"),
     (("--title", "a\nb"), "`title` must be one line"), (("--origin", "x" * 3000), "`origin` must be"),
     (("--classes", "cat=a\nb"), "printable")],
)  # fmt: skip
@pytest.mark.parametrize("dry", [("--dry-run",), ()])
def test_a_dry_run_ends_as_keeping_would(call, pets, flags, said, dry):
    code, out, err = call("datasets", "add", pets, *dry, *flags)
    assert code == 2 and said in err.splitlines()[-1] and "would keep" not in out


@pytest.mark.parametrize("dry", [("--dry-run",), ()])
def test_large_pictures_cannot_stay_as_they_are(call, tmp_path, dry):
    for i in range(30):
        photo(i, 300, 280).save(tmp_path / f"{i}.png")
    code, _, err = call("datasets", "add", tmp_path, "--name", "large", "--size", "0", *dry)
    assert code == 2 and "have 300 x 280 pixels. Allowed as they are: 4 to 256 a side" in err


@pytest.mark.parametrize("dry", [("--dry-run",), ()])
def test_a_disk_that_is_too_small_is_known_before(call, pets, dry, monkeypatch):
    full = type("", (), {"total": 10**9, "used": 10**9 - 3_000_000, "free": 3_000_000})
    monkeypatch.setattr("gan_core.importing.refusals.shutil.disk_usage", lambda path: full)
    code, _, err = call("datasets", "add", pets, *dry)
    assert code == 2 and "are needed" in err and "has 3 MB" in err


def test_what_fits_goes_by_both_sides(call, tmp_path):
    """A height of 30 is no multiple of 4."""
    images = np.random.default_rng(0).integers(0, 256, (260, 30, 32, 3), np.uint8)
    np.save(tmp_path / "flat.npy", images)
    code, out, _ = call("datasets", "add", tmp_path / "flat.npy", "--dry-run")
    assert code == 0 and "260 images at 32 x 30." in out
    told = json.loads(call("datasets", "add", tmp_path / "flat.npy", "--dry-run", "--json")[1])
    assert {row["recipe"] for row in told["expected"] if row["fits"]} == {"mlp_gan"}
    assert call("datasets", "add", tmp_path / "flat.npy")[0] == 0
    own = data.spec("flat", tmp_path / "data")
    fits = {name for name in recipes.names() if not recipes.get(name).misfit(own)}
    assert fits == {"mlp_gan"}


def test_the_verdict_and_what_fits_are_those_of_the_page(call, pets, tmp_path):
    """The page reckons both from the same functions, and judges by the same numbers."""
    words = ("datasets", "add", pets, "--dry-run", "--size", "64")
    _, out, _ = call(*words)
    told = json.loads(call(*words, "--json")[1])
    assert "Can be used, but is small: 60 images at 64 x 64 in 2 classes. From about 200 on" in out
    assert told["verdict"] in out and told["verdict"].endswith("2,000 are good.")
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    page = expect.table(lab, "images", told["check_up"]["num_usable"])["64 3 1"]
    assert [(row["recipe"], row["off"]) for row in page] == [
        (row["recipe"], not row["fits"]) for row in told["expected"]
    ]
    for row, own in zip(page, told["expected"], strict=True):
        if own["fits"]:
            speed = own["steps_per_second"]
            assert (
                row["speed"] == (f"{speed:.1f}" if speed else "–") and row["steps"] == own["steps"]
            )
            assert row["memory"] == text.size(own["memory_bytes"])
            assert own["recipe"] in out
        else:
            assert own["why"]
    script = Path(datasets_expect.__file__).parents[2] / "assets/components/data/checkup.js"
    limits = dict(re.findall(r"^const (FEW|LOSS) = ([\d.]+);", script.read_text(), re.MULTILINE))
    assert {name: float(value) for name, value in limits.items()} == {
        "FEW": datasets_expect.FEW,
        "LOSS": datasets_expect.LOSS,
    }


def test_flags_before_and_after_the_word_are_one(tmp_path, pets, capsys):
    dirs = ("--data-dir", str(tmp_path / "data"), "--runs-dir", str(tmp_path / "runs"), "--json")
    assert cli.main(["datasets", *dirs, "add", str(pets)]) == 0
    assert json.loads(capsys.readouterr().out)["kept"]["name"] == "my_pets"
    assert (tmp_path / "data" / "my_pets.npz").exists()


def test_cards_are_no_strange_files_of_the_folder(call, pets):
    call("datasets", "add", pets)
    assert "card.json" not in call("datasets")[1]


def test_a_run_trains_on_it_and_refuses_to_go_on_with_other_pictures(call, pets, tmp_path):
    call("datasets", "add", pets, "--size", "28", "--grey")
    code, out, _ = call("train", "--recipe", "mlp_gan", "--dataset", "my_pets", "--steps", "2")
    run = out.split()[-1]
    assert code == 0 and "my_pets" in run
    call("datasets", "remove", "my_pets")
    other = folder(tmp_path / "others", 60, ("cat", "dog"), start=500)
    call("datasets", "add", other, "--name", "my_pets", "--size", "28", "--grey")
    code, _, err = call("resume", run, "--steps", "4")
    assert code == 2 and "my_pets" in err and "data" in err
