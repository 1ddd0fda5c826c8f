"""Thousands of damaged pictures, archives and arrays through the importer.

    python -m tests.reliability.import_fuzz --files 3000 --seed 1

Each is good or is refused in words: no other exception, nothing half kept, no growth of memory. What the
child catches without having expected it is counted by kind: it is told to people as damage.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import io
import os
import pickle
import struct
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from gan_core import data, importing
from gan_core.errors import GanError

FORMATS = Path(__file__).parents[1] / "data" / "formats"  # files of MATLAB
CLASSES = ("cat", "dog", "owl")
FOLDER = 60  # pictures in a folder; every fourth of them is whole


def photo(rng):
    small = rng.integers(0, 256, (5, 6, 3), np.uint8)
    return Image.fromarray(small).resize((48, 40), Image.Resampling.BICUBIC)


def stored(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def picture_bytes(rng) -> tuple[str, bytes]:
    """(ending, bytes) of a whole picture of any kind."""
    picture, which = photo(rng), rng.integers(12)
    exif = Image.Exif()
    exif[0x0112] = int(rng.integers(0, 10))
    made = (
        ("png", "PNG", {}),
        ("jpg", "JPEG", {"exif": exif}),
        ("jpg", "JPEG", {"progressive": True}),
        ("gif", "GIF", {}),
        ("webp", "WEBP", {"exif": exif}),
        ("bmp", "BMP", {}),
        ("tif", "TIFF", {"compression": "tiff_lzw"}),
        ("tif", "TIFF", {"exif": exif}),
        ("png", "PNG", {"exif": exif}),
        ("tif", "TIFF", {"compression": "tiff_deflate"}),
        ("webp", "WEBP", {"lossless": True}),
        ("gif", "GIF", {"save_all": True, "append_images": [photo(rng)]}),
    )[which]
    mode = ("RGB", "L", "P", "RGBA", "CMYK", "I;16", "1", "LA")[rng.integers(8)]
    try:
        if mode == "I;16":
            values = np.asarray(picture.convert("L")).astype(np.uint16) * 257
            return made[0], stored(Image.fromarray(values), made[1])
        return made[0], stored(picture.convert(mode), made[1], **made[2])
    except (OSError, KeyError, ValueError):  # this kind cannot hold that mode
        return made[0], stored(picture, made[1])


def mutated(rng, whole: bytes) -> bytes:
    """Bytes flipped, cut, doubled, moved or set to extremes."""
    found, how = bytearray(whole), rng.integers(6)
    if how == 0:
        return bytes(found[: rng.integers(0, len(found) + 1)])
    if how == 1:
        at = int(rng.integers(0, len(found)))
        return bytes(found[:at] + rng.bytes(int(rng.integers(1, 40))) + found[at:])
    for _ in range(int(rng.integers(1, 12))):
        # headers are where the numbers stand that matter
        end = min(len(found), 200) if rng.random() < 0.6 else len(found)
        at = int(rng.integers(0, end))
        if how == 2:
            found[at] = int(rng.integers(256))
        elif how == 3:
            found[at] ^= 1 << int(rng.integers(8))
        else:
            value = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0")[
                rng.integers(4)
            ]
            found[at : at + 4] = value[: len(found) - at]
    return bytes(found)


def folder_of(rng, place: Path) -> int:
    """A folder of pictures of which three in four are damaged; how many."""
    for i in range(FOLDER):
        inside = place / CLASSES[rng.integers(3)]
        inside.mkdir(parents=True, exist_ok=True)
        ending, whole = picture_bytes(rng)
        (inside / f"{i}.{ending}").write_bytes(whole if i % 4 == 0 else mutated(rng, whole))
    return FOLDER


def archive_of(rng, place: Path) -> Path:
    out, files = io.BytesIO(), [picture_bytes(rng) for _ in range(32)]
    if rng.random() < 0.6:
        packing = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)[rng.integers(2)]
        with zipfile.ZipFile(out, "w", packing) as archive:
            for i, (ending, whole) in enumerate(files):
                archive.writestr(f"{CLASSES[i % 3]}/{i}.{ending}", whole)
        path, whole = place / "x.zip", bytearray(out.getvalue())
        if rng.random() < 0.5:  # its table of contents
            start = whole.rindex(b"PK\x01\x02", 0, len(whole) - 22)
            return _written(path, bytes(whole[:start]) + mutated(rng, bytes(whole[start:])))
    else:
        ending = ("tar", "tar.gz", "tar.xz")[rng.integers(3)]
        with tarfile.open(
            fileobj=out, mode={"tar": "w", "tar.gz": "w:gz", "tar.xz": "w:xz"}[ending]
        ) as tar:
            for i, (kind, whole) in enumerate(files):
                info = tarfile.TarInfo(f"{CLASSES[i % 3]}/{i}.{kind}")
                info.size = len(whole)
                tar.addfile(info, io.BytesIO(whole))
        path, whole = place / f"x.{ending}", out.getvalue()
    return _written(path, mutated(rng, bytes(whole)))


def array_of(rng, place: Path) -> Path:
    images = rng.integers(0, 256, (30, 8, 8, 3), np.uint8)
    grey, labels, out = images[..., 0], np.arange(30) % 3, io.BytesIO()
    kind = ("npz", "npy", "idx", "idx.gz", "csv", "mat", "pickle", "h5")[rng.integers(8)]
    if kind == "npz":
        dtype = (np.uint8, np.float32, np.int64)[rng.integers(3)]
        np.savez(out, images=images.astype(dtype), labels=labels)
    elif kind == "npy":
        np.save(out, images if rng.random() < 0.5 else grey.astype(np.float32) / 255)
    elif kind.startswith("idx"):
        head = struct.pack(">HBB3I", 0, 8, 3, *grey.shape)
        out.write(
            gzip.compress(head + grey.tobytes()) if kind == "idx.gz" else head + grey.tobytes()
        )
    elif kind == "csv":
        np.savetxt(out, np.column_stack([labels, grey.reshape(30, -1)]), "%d", ",")
    elif kind == "mat":
        names = ("svhn.mat", "svhn_packed.mat", "emnist_packed.mat", "svhn_73.mat")
        out.write((FORMATS / names[rng.integers(4)]).read_bytes())
    elif kind == "pickle":
        rows = rng.integers(0, 256, (30, 3072), np.uint8)
        pickle.dump({b"data": rows, b"labels": labels.tolist()}, out)
    else:
        import h5py

        with h5py.File(out, "w") as file:
            file["images"], file["labels"] = images, labels
    name = {
        "idx": "train-images-idx3-ubyte",
        "idx.gz": "train-images-idx3-ubyte.gz",
        "pickle": "data_batch_1",
    }.get(kind, f"x.{kind}")
    return _written(place / name, mutated(rng, out.getvalue()))


def _written(path: Path, whole: bytes) -> Path:
    path.write_bytes(whole)
    return path


@dataclasses.dataclass
class Seen:
    """What came of it all."""

    files: int = 0
    kept: int = 0
    refused: Counter = dataclasses.field(default_factory=Counter)
    skipped: Counter = dataclasses.field(default_factory=Counter)
    unforeseen: Counter = dataclasses.field(default_factory=Counter)


def one(path: Path, target: Path, seen: Seen) -> None:
    """Check it, keep it where it can be, and look that it is whole or not there."""
    try:
        found = importing.check_up(path)
        for each in found.skipped:
            seen.skipped[each.reason] += 1
            note(each.text, path, seen)
        importing.keep(path, found, dataclasses.replace(found.suggested, name="mine"), target)
    except GanError as error:
        assert str(error) and len(str(error)) < 3000 and "Traceback" not in str(error)
        seen.refused[str(error)[:30]] += 1
        note(str(error), path, seen)
        assert not target.exists() or not os.listdir(target), os.listdir(target)
        return
    assert sorted(os.listdir(target)) == ["mine.card.json", "mine.npz"]
    made = data.load("mine", target)
    assert made.spec.num_train >= 20 and not made.spec.problem
    seen.kept += 1
    for name in os.listdir(target):
        os.unlink(target / name)


def note(text: str, path: Path, seen: Seen) -> None:
    """Count errors that the child caught without having expected them."""
    if text.startswith("It is damaged ("):
        seen.unforeseen[f"{path.suffix or 'folder'}: {text[15:75]}"] += 1


def fuzz(files: int, seed: int, tell=lambda seen: None) -> Seen:
    """So many files in all: two in three are pictures in folders, the others archives and arrays."""
    rng, seen = np.random.default_rng(seed), Seen()
    while seen.files < files:
        for make in (folder_of, *(archive_of, array_of) * (FOLDER // 4)):
            if seen.files >= files:
                break
            with tempfile.TemporaryDirectory() as room:
                place = Path(room) / "in"
                place.mkdir()
                made = make(rng, place)
                seen.files += made if make is folder_of else 1
                one(place if make is folder_of else made, Path(room) / "out", seen)
        tell(seen)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    own = psutil.Process()

    def tell(seen):
        size, children = own.memory_info().rss >> 20, len(own.children())
        print(
            f"{seen.files} files, {seen.kept} kept; {size} MB, {children} children", file=sys.stderr
        )

    seen = fuzz(args.files, args.seed, tell)
    for what in ("kept", "refused", "skipped", "unforeseen"):
        print(what, getattr(seen, what))


if __name__ == "__main__":
    main()
