"""Pictures made by script, each different from the others, and folders and archives of them."""

import io
import zipfile

import numpy as np
from PIL import Image


def photo(seed, width=64, height=48):
    """A picture with coloured blots, in RGB; other seeds give pictures that are not alike."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def stored(picture, kind="PNG", **options):
    """The bytes of a picture file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def folder(place, count=30, classes=("",), ending="png", start=0):
    """A folder of different pictures, in turn of each class; the folder."""
    for i in range(count):
        inside = place / classes[i % len(classes)]
        inside.mkdir(parents=True, exist_ok=True)
        kind = {"jpg": "JPEG"}.get(ending, ending.upper())
        (inside / f"{i:03d}.{ending}").write_bytes(stored(photo(start + i), kind))
    return place


def zipped(place, files):
    """A zip of {name: bytes}, or of (name or ZipInfo, bytes); its path."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, data)
    return place
