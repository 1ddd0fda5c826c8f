"""Folders, zips and tars of pictures: classes, splits, litter, traps. Nothing is ever unpacked."""

import collections
import io
import os
import pickle
import tarfile
import zipfile

import pytest

from gan_core.errors import DataError
from gan_core.importing import forms_list, trees
from gan_core.importing.base import Unusable
from gan_core.importing.forms import pictures
from tests.unit.importing.made import folder, photo, stored, zipped

PNG = stored(photo(1))


def files_of(names):
    return dict.fromkeys(names, PNG)


def tarred(place, files, mode="w"):
    """A tar of {name: bytes}, or of ready TarInfos."""
    with tarfile.open(place, mode) as archive:
        for name, data in files.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return place


def written(place, files):
    for name, data in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


MAKERS = {
    "folder": written,
    "zip": lambda place, files: zipped(place.with_suffix(".zip"), files),
    "tar": lambda place, files: tarred(place.with_suffix(".tar"), files),
    "tgz": lambda place, files: tarred(place.with_suffix(".tgz"), files, "w:gz"),
}


@pytest.fixture(params=MAKERS)
def made(request, tmp_path):
    """A function that makes a folder or an archive of {name: bytes}."""
    return lambda files: MAKERS[request.param](tmp_path / "made", files)


OPENED = []


@pytest.fixture(autouse=True)
def closed():
    """What a test opened is closed after it."""
    yield
    while OPENED:
        OPENED.pop().close()


def opened(path):
    source = pictures.open(path, {})
    OPENED.append(source)
    return source, [(item.name, item.class_name) for item in source.items]


def test_subfolders_are_classes(made):
    source, items = opened(made(files_of(["b/2.png", "a/1.png", "a/deeper/3.png"])))
    assert items == [("a/1.png", "a"), ("a/deeper/3.png", "a"), ("b/2.png", "b")]
    assert source.labelled and source.pixels(2, 16).size == (64, 48)


@pytest.mark.parametrize(
    "names, said",
    [
        (["a/1.png", "b/2.png", "cover.png"], "since pictures lie beside them (1)."),
        ([f"{i}/1.png" for i in range(1001)], "since they are more than 1,000 (1,001)."),
    ],
)
def test_it_is_said_why_folders_are_no_classes(tmp_path, names, said):
    source, items = opened(zipped(tmp_path / "x.zip", files_of(names)))
    assert {class_name for _, class_name in items} == {""}
    assert len(source.notes) == 1 and said in source.notes[0]


def test_long_and_like_names_of_folders_are_classes_of_their_own(tmp_path):
    long = "c" * 80
    names = [f"{long}1/1.png", f"{long}2/2.png", "cat/3.png", "cat /4.png"]
    source, items = opened(zipped(tmp_path / "x.zip", files_of(names)))
    assert [name for _, name in items] == ["cat", "cat (2)", "c" * 64, f"{'c' * 56} (2)"]
    assert not source.notes


def test_names_that_begin_with_a_dot_and_a_slash(tmp_path):
    """As `tar czf x.tgz .` makes them."""
    folders = [tarfile.TarInfo(name) for name in ("./", "./a")]
    for each in folders:
        each.type = tarfile.DIRTYPE
    files = dict.fromkeys(folders, b"") | files_of(["./a/1.png", "./b/./2.png"])
    for path in (
        tarred(tmp_path / "x.tgz", files, "w:gz"),
        zipped(tmp_path / "x.zip", files_of(["./a/1.png", "./b/./2.png"])),
    ):
        source, items = opened(path)
        assert items == [("a/1.png", "a"), ("b/2.png", "b")] and not source.passed_over


@pytest.mark.parametrize(
    "names",
    [
        ["1.png", "2.png"],
        ["a/1.png", "2.png"],
        ["only/1.png", "only/2.png"],
        ["x/y/1.png", "x/y/2.png"],
    ],
)
def test_no_classes_where_not_all_lie_in_one_of_several(made, names):
    source, items = opened(made(files_of(names)))
    assert [name for _, name in items] == ["", ""] and not source.labelled


def test_a_folder_around_everything_does_not_count(made):
    _, items = opened(made(files_of(["my pets/cats/1.png", "my pets/dogs/1.png"])))
    assert [name for _, name in items] == ["cats", "dogs"]


def test_splits_are_told_by_their_folders(made):
    names = ["train/cat/1.png", "train/dog/1.png", "test/cat/2.png", "val/dog/3.png"]
    source, items = opened(made(files_of(names)))
    held_out = {item.name: item.held_out for item in source.items}
    assert [name for name, held in held_out.items() if held] == ["test/cat/2.png", "val/dog/3.png"]
    assert dict(items)["train/dog/1.png"] == "dog"


def test_a_class_called_test_is_a_class_where_there_is_no_training_folder(made):
    _, items = opened(made(files_of(["test/1.png", "other/1.png"])))
    assert [name for _, name in items] == ["other", "test"]


LITTER = {
    ".DS_Store": "hidden", "__MACOSX/a/._1.png": "hidden", "a/._1.png": "hidden",
    ".ipynb_checkpoints/1.png": "hidden", "Thumbs.db": "hidden", "a/desktop.ini": "hidden",
    "notes.txt": "no picture", "a/raw.NEF": "camera", "b/x.heic": "JPEG", "b/y.svg": "PNG",
    "inside.zip": "unpack", "README": "no picture",
}  # fmt: skip


def test_litter_is_passed_over_and_is_no_class(made):
    source, items = opened(made(files_of(["a/1.png", "b/2.png"]) | dict.fromkeys(LITTER, b"x")))
    assert items == [("a/1.png", "a"), ("b/2.png", "b")]
    told = dict(source.passed_over)
    assert all(any(why in said for said in told.values()) for why in LITTER.values())
    assert not any(
        ".png" in name and "._" not in name and name[0] != "." for name in told if "MAC" not in name
    )


def test_a_picture_without_an_ending_is_known_by_its_first_bytes(made):
    _, items = opened(made({"a/one": PNG, "a/two": b"nothing", "a/three.png": PNG}))
    assert [name for name, _ in items] == ["a/one", "a/three.png"]


def test_empty_classes_are_no_classes_and_told(made, tmp_path):
    path = made(files_of(["a/1.png", "b/2.png"]) | {"c/notes.txt": b"x"})
    if path.is_dir():
        (path / "d").mkdir()
    source, items = opened(path)
    assert {name for _, name in items} == {"a", "b"}
    assert any("c" in note and "no class" in note for note in source.notes)


def test_names_that_differ_in_capitals_only(made):
    source, items = opened(made(files_of(["Cats/1.png", "cats/A.png", "cats/a.png"])))
    if len(items) < 3:
        pytest.skip("this file system takes them for one")
    assert [name for _, name in items] == ["Cats", "cats", "cats"]
    assert any("Cats, cats" in note for note in source.notes)


NAMES = ["кошки/кот.png", "猫/ネコ 1.png", "قطط/قط.png", "e\u0301te\u0301/🐈.png"]


def test_names_in_any_script(made):
    _, items = opened(made(files_of(NAMES)))
    assert {name for _, name in items} == {"кошки", "猫", "قطط", "été"}
    assert all(name.isprintable() for name, _ in items)


def test_a_zip_that_does_not_say_that_its_names_are_utf8(tmp_path):
    path = zipped(tmp_path / "a.zip", files_of(["xxxxxx/1.png", "b/1.png"]))
    data = path.read_bytes().replace(b"xxxxxx", "été!".encode())
    path.write_bytes(data)
    assert {name for _, name in opened(path)[1]} == {"été!", "b"}


def test_control_characters_and_half_characters_are_replaced(tmp_path):
    place = tmp_path / "x"
    place.mkdir()
    for name in (b"a\x1b[31m.png", b"b\xff\xfe.png", "gnp\u202egpj.png".encode()):
        with open(os.path.join(os.fsencode(place), name), "wb") as file:
            file.write(PNG)
    source, items = opened(place)
    assert len(items) == 3 and all(name.isprintable() for name, _ in items)
    assert [source.pixels(i, 16).size for i in range(3)] == [(64, 48)] * 3


def test_links_are_not_followed(tmp_path):
    place = folder(tmp_path / "x", 3)
    secret = folder(tmp_path / "secret", 3)
    (place / "link.png").symlink_to(secret / "000.png")
    (place / "all").symlink_to(secret)
    (place / "round").symlink_to(place)
    source, items = opened(place)
    assert [name for name, _ in items] == ["000.png", "001.png", "002.png"]
    assert dict(source.passed_over) == dict.fromkeys(
        ("all", "link.png", "round"), "a link; links are not followed"
    )


def test_what_becomes_a_link_after_it_was_listed_is_not_followed_either(tmp_path):
    place = folder(tmp_path / "x", 3)
    source, _ = opened(place)
    (place / "001.png").unlink()
    (place / "001.png").symlink_to(place / "000.png")
    with pytest.raises(Unusable) as caught:
        source.pixels(1, 16)
    assert caught.value.reason == "gone"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_called_png_is_no_picture_and_nobody_waits_for_it(tmp_path):
    place = folder(tmp_path / "x", 3)
    os.mkfifo(place / "pipe.png")
    source, items = opened(place)
    assert len(items) == 3 and ("pipe.png", "no plain file") in source.passed_over
    with pytest.raises(DataError, match="plain file"):
        forms_list.recognise(place / "pipe.png", {})


def test_links_in_archives(tmp_path):
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    path = zipped(tmp_path / "a.zip", [(link, b"/etc/passwd"), ("1.png", PNG)])
    assert ("link.png", "a link; links are not followed") in opened(path)[0].passed_over
    info = tarfile.TarInfo("link.png")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard = tarfile.TarInfo("hard.png")
    hard.type, hard.linkname = tarfile.LNKTYPE, "/etc/passwd"
    path = tarred(tmp_path / "a.tar", {info: b"", hard: b"", "1.png": PNG})
    source, items = opened(path)
    assert [name for name, _ in items] == ["1.png"] and len(source.passed_over) == 2


@pytest.mark.parametrize(
    "name", ["../1.png", "a/../../1.png", "/etc/1.png", "C:/1.png", "..\\..\\1.png"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_paths_that_lead_elsewhere(tmp_path, kind, name):
    path = MAKERS[kind](tmp_path / "a", {name: PNG, "ok.png": PNG})
    source, items = opened(path)
    assert [name for name, _ in items] == ["ok.png"]
    assert [why for _, why in source.passed_over] == ["its path leads elsewhere"]


def test_the_same_name_twice_in_a_zip(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = zipped(tmp_path / "a.zip", [("1.png", PNG), ("1.png", b"other")])
    source, items = opened(path)
    assert len(items) == 1 and source.passed_over == [("1.png", "is there twice")]
    assert source.pixels(0, 16).size == (64, 48)


def test_a_zip_bomb_is_passed_over_and_overlapping_files_are_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bomb.bmp": bytes(40_000_000), "1.png": PNG})
    source, items = opened(path)
    assert len(items) == 1 and "zip bomb" in source.passed_over[0][1]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("1.png", PNG)
        twin = zipfile.ZipInfo("2.png")
        archive.writestr(twin, PNG)
        twin.header_offset = archive.filelist[0].header_offset
    with pytest.raises(DataError, match="share their bytes"):
        opened(tmp_path / "b.zip")


def test_encrypted_and_unusually_packed_files(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ok.png", PNG)
        archive.writestr("odd.png", PNG, zipfile.ZIP_BZIP2)
        archive.writestr("secret.png", PNG)
        archive.filelist[-1].flag_bits |= 1
    told = dict(opened(path)[0].passed_over)
    assert "password" in told["secret.png"] and "unusual method" in told["odd.png"]


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2"])
def test_what_only_says_that_it_is_an_archive(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"<html>Not found</html>" * 50)
    with pytest.raises(DataError, match="damaged"):
        forms_list.recognise(path, {})


def test_a_damaged_picture_in_a_zip_is_that_pictures_problem(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.png", PNG)
        archive.writestr("2.png", stored(photo(2)))
    data = bytearray(path.read_bytes())
    data[data.index(b"IDAT") + 20] ^= 255
    path.write_bytes(data)
    source, _ = opened(path)
    with pytest.raises(Unusable):
        source.pixels(0, 16)
    assert source.pixels(1, 16).size == (64, 48)


def test_a_cut_off_tgz_is_refused_in_words(tmp_path):
    path = tarred(tmp_path / "a.tgz", {f"{i}.png": stored(photo(i)) for i in range(9)}, "w:gz")
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(DataError, match="damaged, or cut off"):
        opened(path)


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(trees, "MOST_FILES", 5)
    for path in (
        folder(tmp_path / "x", 7),
        folder(tmp_path / "y", 6, ("cat", "dog")),  # few in each
        zipped(tmp_path / "a.zip", files_of(f"{i}.png" for i in range(7))),
    ):
        with pytest.raises(DataError, match="more than 5 files"):
            opened(path)


def test_one_file_that_is_too_large(tmp_path, monkeypatch):
    place = folder(tmp_path / "x", 2)
    monkeypatch.setattr(trees, "MOST_BYTES", 100)
    with pytest.raises(Unusable) as caught:
        opened(place)[0].pixels(0, 16)
    assert caught.value.reason == "too large"


def test_nothing_to_read_is_said_with_what_is_there(tmp_path):
    place = tmp_path / "thesis"
    written(place, {"1.pdf": b"x", "2.pdf": b"x", "a/notes.txt": b"x", ".git/x": b"x"})
    told = r"3 files: 2 \.pdf \(a drawing or a document; export its pages as PNG\), 1 \.txt\."
    with pytest.raises(DataError, match=r"no pictures in thesis\. It holds " + told):
        forms_list.recognise(place, {})
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="It is empty"):
        forms_list.recognise(tmp_path / "empty", {})


@pytest.mark.parametrize(
    "name, data, said",
    [
        (
            "train-images-idx3-ubyte",
            b"<html>",
            "Received: 3c 68 74 6d 6c 3e. Allowed: 00 00, a type",
        ),
        ("t10k-labels-idx1-ubyte.gz", b"<html>", "does not begin as its name says"),
        ("a.npy", b"\x93NUMPX", "Received: 93 4e 55 4d 50 58. Allowed: 93 4e 55 4d 50 59"),
        ("a.h5", b"HDF", "Allowed: 89 48 44 46"),
        ("a.npy", b"", "a.npy is empty. Read are pictures"),
        (
            "a.png",
            PNG,
            "a.png is one picture, and a network learns from 20 or more: choose the folder",
        ),
        ("DSC1", PNG, "DSC1 is one picture"),
        ("data_batch_1", b"xyz", "data_batch_1 is nothing that can be read here. Read are"),
        ("a.pdf", b"xyz", "nothing that can be read here: a drawing or a document; export its"),
    ],
)
def test_a_single_file_that_cannot_be_read_is_told_for_what_it_is(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError) as caught:
        forms_list.recognise(tmp_path / name, {})
    assert said in str(caught.value)


def test_pictures_and_data_that_are_not_read_are_said_with_what_converts_them(tmp_path):
    written(tmp_path / "x", {"1.heic": b"x", "2.HEIC": b"x", "train.parquet": b"x", "a.json": b"x"})
    with pytest.raises(DataError) as caught:
        forms_list.recognise(tmp_path / "x", {})
    said = str(caught.value)
    assert "2 .heic (an HEIC or AVIF picture; export it as JPEG)" in said
    assert "1 .parquet (a Parquet file; read it with `pandas.read_parquet`" in said
    assert "1 .json (JSON; save numbers with `numpy.savez`" in said


def test_arrays_and_tables_in_a_folder_are_chosen_by_themselves(tmp_path):
    for name in ("a/train.csv", "a/sets.npz", "a/x.mat"):
        place = tmp_path / name.replace("/", " ")
        written(place, {name: b"1,2\n"})
        with pytest.raises(DataError, match=f"1 {name[-4:]}\\. Choose {name} itself: arrays and"):
            forms_list.recognise(place, {})
        path = zipped(tmp_path / "a.zip", {name: b"1,2\n"})
        with pytest.raises(DataError, match=f"Unpack it and choose {name} itself"):
            forms_list.recognise(path, {})


def torch_zip(path):
    """As torch.save has written since 1.6."""
    zipped(
        path, {"archive/data.pkl": b"\x80\2}q\0.", "archive/version": b"3", "archive/data/0": b"x"}
    )
    return path.read_bytes()


def test_files_of_data_that_are_not_read_are_called_what_they_are(tmp_path):
    whole = torch_zip(tmp_path / "whole.zip")
    files = {
        "a.pt": whole, "b.pt": whole[:70], "c.bin": whole, "d.zip": whole[:70],
        "e.pth": pickle.dumps({"x": collections.OrderedDict()}, 2), "f.pt": b"\x80\2", "g.ckpt": b"",
        "h.parquet": b"PAR1", "i": b"PAR1..", "j.tfrecord-00000-of-00010": b"x", "k.arrow": b"x",
        "l.json": b"[]",
    }  # fmt: skip
    said = {}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(DataError) as caught:
            forms_list.recognise(tmp_path / name, {})
        said[name[0]] = str(caught.value)
    for name in "abcdefg":
        assert "is a file of PyTorch, which is not read: save its arrays with" in said[name], name
    for name, words in {
        "h": "Parquet",
        "i": "Parquet",
        "j": "TFRecord",
        "k": "Arrow",
        "l": "JSON",
    }.items():
        assert words in said[name] and "which is not read: " in said[name]
    assert all("Read are pictures" in each for each in said.values())


def test_what_is_not_there_is_said_with_the_nearest_that_is(tmp_path):
    with pytest.raises(DataError, match=f"The nearest that does: {tmp_path}"):
        forms_list.recognise(tmp_path / "pics" / "deep", {})
    for name in ("x" * 5000, "a\0b", "a\x1b[31mb"):
        with pytest.raises(DataError, match="no path|does not exist") as caught:
            forms_list.recognise(tmp_path / name, {})
        assert str(caught.value).isprintable() and len(str(caught.value)) < 1000
