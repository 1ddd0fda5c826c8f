"""The bundled faces are the file that assets/pixel_faces.md describes, and so are the sets made of it."""

import hashlib
import zlib

import numpy as np
import pytest

from gan_core import data
from gan_core.data import faces
from gan_core.errors import DataError
from gan_core.storage.assets import ASSETS

GLASSES_AT = (slice(8, 18), slice(4, 28))  # rows and columns, as the page beside the file says


@pytest.fixture(scope="module")
def stored():
    with np.load(ASSETS / "pixel_faces.npz") as opened:
        return {key: opened[key] for key in opened.files}


@pytest.fixture(scope="module")
def loaded():
    return data.load("pixel_faces", "nowhere"), data.load("faces_and_glasses", "nowhere")


def shown(stored, name):
    """What each face shows of an attribute, in words."""
    column = stored["attribute_names"].tolist().index(name)
    return stored["attribute_values"][column][stored["attributes"][:, column]]


def drawn(stored, k):
    """Face k by the page's own words, one pixel after the other."""
    start = int(stored["num_colours"][:k].sum())
    rows = [[stored["colours"][start + p] for p in row] for row in stored["places"][k]]
    return np.kron(np.array(rows), np.ones((2, 2, 1))).astype(np.uint8)


def test_file_matches_its_description_and_is_small():
    file = (ASSETS / "pixel_faces.npz").read_bytes()
    page = (ASSETS / "pixel_faces.md").read_text(encoding="utf-8")
    assert hashlib.sha256(file).hexdigest() in page and f"{len(file):,} bytes" in page
    assert len(file) < 700_000 and "CC0 1.0" in page


def test_a_face_is_drawn_from_its_palette_and_its_class_is_what_it_wears(stored, loaded):
    where = {image.tobytes(): k for k, image in enumerate(faces.read(faces.PATH)[0])}
    assert len(where) == 5000  # no face twice
    plain, _ = loaded
    hats = shown(stored, "hat") != ""
    for images, labels in (
        (plain.train, plain.train_labels),
        (plain.held_out, plain.held_out_labels),
    ):
        found = [where[image.tobytes()] for image in images]
        assert (images[3] == drawn(stored, found[3])).all()
        assert (hats[found] == (labels >= 2)).all()
        assert (np.array(found) % 2 == labels % 2).all()
    assert np.bincount(plain.train_labels).tolist() == [1125] * 4
    assert np.bincount(plain.held_out_labels).tolist() == [125] * 4
    assert plain.spec.class_names == ("plain", "glasses", "hat", "hat and glasses")


def test_a_face_and_its_twin_differ_in_the_eyes_alone(loaded):
    _, sides = loaded
    held_out = sides.splits["held_out"]
    for side in "ab":
        differ = (held_out[side] != held_out[f"{side}_truth"]).any(-1)
        assert differ.any((1, 2)).all()
        differ[:, *GLASSES_AT] = False
        assert not differ.any()


def test_glasses_are_put_on_and_taken_off_between_the_eyes(loaded):
    """The bridge of the glasses changes what is seen of the nose."""
    held_out = loaded[1].splits["held_out"]
    bare = np.concatenate([held_out["a"], held_out["b_truth"]])
    worn = np.concatenate([held_out["a_truth"], held_out["b"]])
    bridge = (slice(None), slice(10, 14), slice(14, 18))  # between the eyes: skin, or the frame
    assert (np.abs(bare[bridge].astype(int) - worn[bridge]).max((1, 2, 3)) > 0).mean() > 0.9


def test_no_face_is_on_both_sides_and_none_is_in_both_splits(loaded):
    plain, sides = loaded
    parts = [sides.splits[split][side] for split in ("train", "held_out") for side in "ab"]
    whole = [image.tobytes() for part in parts for image in part]
    assert len(whole) == len(set(whole)) == 5000
    held_out = {image.tobytes() for image in plain.held_out}
    assert {image.tobytes() for image in np.concatenate(parts[2:])} == held_out
    train = sides.splits["train"]
    assert set(train) == {"a", "b", "a_label", "b_label"}
    for side in "ab":
        assert np.bincount(train[f"{side}_label"]).tolist() == [1125] * 2


@pytest.mark.parametrize("name", ["pixel_faces", "faces_and_glasses"])
def test_what_the_table_says_is_true(loaded, name):
    dataset = loaded[name == "faces_and_glasses"]
    assert dataset.spec == data.spec(name, "nowhere")
    assert faces.digests(*faces.read(faces.PATH))[name] == dataset.spec.digest
    arrays = [a for split in dataset.splits.values() for a in split.values()]
    assert not any(array.flags.writeable for array in arrays)
    assert dataset.spec.num_bytes == sum(a.nbytes for a in arrays if a.ndim == 4)


def test_the_digest_is_that_of_a_file_with_these_images(save, data_dir):
    """As docs/run_folder.md says."""
    images, labels = faces.read(faces.PATH)[0], np.arange(5000) % 4
    save({"x_train": images, "y_train": labels}, compressed=True)
    assert data.spec("mine", data_dir).digest == data.spec("pixel_faces", data_dir).digest
    text = (
        f"x_train 5000 32 32 3 {zlib.crc32(images.tobytes()):08x}\n"
        f"y_train 5000 {hashlib.sha256(labels.astype('<i8').tobytes()).hexdigest()}"
    )
    assert (
        data.spec("pixel_faces", data_dir).digest == hashlib.sha256(text.encode()).hexdigest()[:32]
    )


def test_without_its_file_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(faces, "PATH", tmp_path / "pixel_faces.npz")
    spec = data.spec("pixel_faces", tmp_path)
    assert not spec.available and "pixel_faces.npz is not there" in spec.problem
    (tmp_path / "pixel_faces.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match="pixel_faces.npz cannot be used. It is damaged"):
        data.load("pixel_faces", tmp_path)
