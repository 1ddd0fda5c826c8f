"""Which data sets there are, and loading one by its name."""

import difflib
import functools
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from gan_core.data import content_style, derived, described, faces, setfile, stacked, toy
from gan_core.data.base import Dataset, DatasetSpec
from gan_core.data.builtin import KNOWN
from gan_core.data.download import Progress, download
from gan_core.data.names import RULE as NAME_RULE
from gan_core.data.names import is_name, plain
from gan_core.data.passed_over import passed_over
from gan_core.errors import DataError, UnknownDataError
from gan_core.storage.assets import ASSETS

BUILT_IN = (
    "mnist_5k", faces.FACES.name, "mnist", "fashion_mnist", "ring", stacked.NAME, *derived.LISTED,
    faces.GLASSES.name, "kmnist", "cifar10", "facades", "apple2orange", "horse2zebra",
)  # fmt: skip


def default_data_dir() -> Path:
    """GAN_DATA_DIR, else a folder in the user's cache; the same whatever the current directory."""
    chosen = os.environ.get("GAN_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path("ganscope") / "data"


def specs(data_dir: Path | str) -> list[DatasetSpec]:
    """All data sets: the built-in ones, then the files of the folder by name.

    A file that cannot be used is listed too, with its problem. Reads headers and labels only.
    """
    folder = _folder(data_dir)
    listed = [_built_in_spec(name, folder) for name in BUILT_IN]
    return listed + [_listed_spec(path) for path in _own_files(folder)]


def spec(name: str, data_dir: Path | str) -> DatasetSpec:
    """The metadata of one data set; UnknownDataError if there is none of this name."""
    folder = _folder(data_dir)
    if name in BUILT_IN:
        return _built_in_spec(name, folder)
    if content_style.is_name(name):
        return content_style.spec(name)
    if is_name(name) and _is_file(name, folder):
        return _file_spec(folder / f"{name}.npz")
    if made := _derived(name, folder):
        return derived.spec_of(*made)
    listed = {found.name: found for found in specs(folder)}
    if name in listed:
        return listed[name]
    for found in unread(folder):
        if found.name == name.rstrip("/") or found.name.lower() == f"{name}.npz".lower():
            raise DataError(f"`{found.name}` in {folder} cannot be used. {found.problem}")
    raise UnknownDataError(_unknown(name, [s for s in listed.values() if not s.problem], folder))


def unread(data_dir: Path | str) -> list[DatasetSpec]:
    """What lies in the folder and is no data set: folders, other formats, each with its problem."""
    folder = _folder(data_dir)
    return [described.of_problem(name, folder / name, why) for name, why in passed_over(folder)]


def load(
    name: str,
    data_dir: Path | str,
    *,
    progress: Progress | None = None,
    base_url: str = "",
) -> Dataset:
    """A data set in memory, downloaded first where needed.

    Args:
        progress: called with (bytes_done, bytes_total) during a download; may raise to cancel.
        base_url: where the known sets are downloaded from; "" is where each is published.

    Raises:
        DataError: unknown name, unusable file, or a failed download.
    """
    again = functools.partial(load, data_dir=data_dir, progress=progress, base_url=base_url)
    if made := _generated(name, _folder(data_dir), again):
        return made
    found = spec(name, data_dir)
    if found.kind == content_style.KIND:
        return content_style.dataset(found, *content_style.load(name))
    path = _path(name, _folder(data_dir))
    repair = " If it is damaged, delete it to download it again."
    hint = repair if found.source == "download" else ""
    if found.problem:
        where = found.origin if found.source == "file" else path
        raise DataError(f"{where} cannot be used. {found.problem}{hint}")
    if found.download_bytes:
        download(KNOWN[name], path, base_url=base_url, progress=progress)
    try:
        layout, arrays = setfile.read(path)
    except DataError as error:
        raise DataError(f"{path} cannot be used. {error}{hint}") from error
    except MemoryError as error:
        raise DataError(f"{path} cannot be used. It does not fit in memory.") from error
    usable = described.of_layout(name, path, layout)
    return Dataset(found if found.digest == usable.digest else usable, arrays)


def _generated(name: str, folder: Path, base: Callable[[str], Dataset]) -> Dataset | None:
    """A set that has no file in the folder, where need be made from another one that `base` loads."""
    if name == "ring":
        return toy.load_ring()
    if name in faces.SPECS:
        return faces.load(name)
    if name == stacked.NAME:
        return stacked.stack(base("mnist"))
    if made := _derived(name, folder):
        how, found = made
        derived.spec_of(how, found)  # before anything is downloaded
        return derived.load(how, base(found.name))
    return None


def picture(name: str, data_dir: Path | str) -> bytes:
    """PNG of a few images of a set of one's own, or of a downloaded one; b"" for others.

    Kept until the file changes.
    """
    path = _folder(data_dir) / f"{name}.npz"
    made = name in BUILT_IN and not (name in KNOWN and KNOWN[name].files)
    if made or not is_name(name):
        return b""
    try:
        return setfile.inspect(path).picture
    except DataError:
        return b""


def _derived(name: str, folder: Path) -> tuple[derived.Derived, DatasetSpec] | None:
    """What a name of a derived set means, and the set that it is made from.

    None where it is not one, or a file of one's own has this name or there is none to make it from.
    """
    if not is_name(name) or (name not in BUILT_IN and _is_file(name, folder)):
        return None
    found = [
        (how, spec(how.base, folder))
        for how in derived.read(name)
        if how.base in BUILT_IN or _is_file(how.base, folder)
    ]
    fitting = [(how, base) for how, base in found if not derived.misfit(how, base)]
    return next(iter(fitting or found), None)


def _is_file(name: str, folder: Path) -> bool:
    return os.path.isfile(folder / f"{name}.npz")


def _folder(data_dir: Path | str) -> Path:
    return Path(data_dir).expanduser().absolute()


def _path(name: str, folder: Path) -> Path:
    return (ASSETS if name in KNOWN and not KNOWN[name].files else folder) / f"{name}.npz"


def _own_files(folder: Path) -> list[Path]:
    """The folder's .npz files but those of the downloadable sets, by name."""
    downloads = {f"{name}.npz" for name, known in KNOWN.items() if known.files}
    try:
        files = [path for path in folder.iterdir() if path.suffix == ".npz" and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DataError(f"The data folder {folder} cannot be read ({error.strerror}).") from error
    return sorted(p for p in files if p.name not in downloads and not p.name.startswith("."))


def _unknown(name: str, listed: list[DatasetSpec], folder: Path) -> str:
    names = [found.name for found in listed]
    known = names + derived.names([found.name for found in listed if found.kind == "images"])
    close = difflib.get_close_matches(name[:64], known, n=1)
    guess = f" Did you mean `{close[0]}`?" if close else ""
    rule = "" if is_name(name) else f" Names are {NAME_RULE}."
    return (
        f"Unknown data set {name[:64]!r}.{guess}{rule} Available: {', '.join(names)}. "
        f"Sets of your own are .npz files in {folder}; `datasets add PATH` makes one."
    )


def _built_in_spec(name: str, folder: Path) -> DatasetSpec:
    if name == "ring":
        return toy.RING
    if name == stacked.NAME:
        return stacked.spec_of(_built_in_spec("mnist", folder))
    if name in faces.SPECS:
        return faces.spec(name)
    if name in derived.LISTED:
        how = derived.read(name)[0]
        base = _built_in_spec(how.base, folder)
        if not base.problem:
            return derived.spec_of(how, base)
        return described.of_problem(name, _path(base.name, folder), derived.misfit(how, base))
    known, path = KNOWN[name], _path(name, folder)
    if known.files and not os.path.lexists(path):
        return described.of_table(known, download_bytes=known.download_bytes)
    try:
        return described.of_layout(name, path, setfile.inspect(path, look=False))
    except DataError as error:
        return described.of_table(known, problem=str(error))


def _listed_spec(path: Path) -> DatasetSpec:
    """Like _file_spec, but a file whose name cannot be used is a problem too."""
    if path.stem in BUILT_IN:
        return described.of_problem(
            path.name, path, f"`{path.stem}` is a built-in set. Rename the file."
        )
    if not is_name(path.stem):
        rule = f"Rename the file, for example to {plain(path.stem)}.npz. Allowed: {NAME_RULE}."
        return described.of_problem(path.stem, path, f"Its name cannot be used. {rule}")
    return _file_spec(path)


def _file_spec(path: Path) -> DatasetSpec:
    try:
        return described.of_layout(path.stem, path, setfile.inspect(path))
    except DataError as error:
        return described.of_problem(path.stem, path, str(error))
