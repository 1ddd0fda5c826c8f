"""Makes assets/pixel_faces.npz, the bundled colour images, from what make_pixel_faces.mjs draws.

Run once by a maintainer, in a folder of its own (the project itself needs neither node nor npm):

    mkdir faces && cd faces
    npm install @dicebear/core@9.4.3 @dicebear/collection@9.4.3 @resvg/resvg-js@2.6.2
    cp PROJECT/tools/make_pixel_faces.mjs . && mkdir out && node make_pixel_faces.mjs out
    cd PROJECT && python -m tools.make_pixel_faces faces/out
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from gan_core.data import faces

OUT = Path(__file__).resolve().parents[1] / "assets" / "pixel_faces.npz"
UNSEEN = {"backgroundType", "backgroundRotation", "secondaryBackgroundColor"}  # all plain grounds


def read(path: Path) -> np.ndarray:
    """Images as they are designed, uint8 [N, 16, 16, 3]: each pixel is drawn as 2 x 2."""
    large = np.fromfile(path, np.uint8).reshape(-1, 32, 32, 3)
    small = large[:, ::2, ::2]
    if not np.array_equal(small.repeat(2, 1).repeat(2, 2), large):
        raise SystemExit(f"{path.name} is not made of 2 x 2 pixels: is this another version?")
    return small


def packed(face: np.ndarray, twin: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(places [16, 16], of the twin's eyes, colours [K, 3] in the order of their first place)."""
    pixels = np.concatenate([face.reshape(-1, 3), twin[faces.EYES].reshape(-1, 3)])
    _, first, which = np.unique(pixels, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.argsort(order)[which.reshape(-1)].astype(np.uint8)
    return place[:256].reshape(16, 16), place[256:], pixels[np.sort(first)]


def attributes(shows: list[dict]) -> dict[str, np.ndarray]:
    """What each face shows: a number a name, and the text that each number stands for."""
    names = sorted({name for face in shows for name in face} - UNSEEN)
    values = [sorted({face.get(name, "") for face in shows}) for name in names]
    most = max(map(len, values))
    return {
        "attributes": np.array(
            [[v.index(f.get(n, "")) for n, v in zip(names, values, strict=True)] for f in shows],
            np.uint8,
        ),
        "attribute_names": np.array(names),
        "attribute_values": np.array([v + [""] * (most - len(v)) for v in values]),
    }


def main() -> None:
    """Packs the faces; prints the digests that gan_core/data/faces.py and the page beside it have."""
    folder = Path(sys.argv[1])
    drawn, twins = read(folder / "faces.raw"), read(folder / "twins.raw")
    beside = drawn != twins
    beside[:, faces.EYES[0], faces.EYES[1]] = False
    if beside.any():
        raise SystemExit("A face and its twin differ not in the eyes alone.")
    parts = [packed(face, twin) for face, twin in zip(drawn, twins, strict=True)]
    places, eyes, colours = zip(*parts, strict=True)
    np.savez_compressed(
        OUT,
        places=np.stack(places),
        eyes=np.stack(eyes).reshape(-1, *drawn[0][faces.EYES].shape[:2]),
        colours=np.concatenate(colours),
        num_colours=np.array([len(c) for c in colours], np.uint8),
        **attributes(json.loads((folder / "faces.json").read_text())),
    )
    found, with_or_without = faces.read(OUT)
    if not (
        np.array_equal(found[:, ::2, ::2], drawn)
        and np.array_equal(with_or_without[:, ::2, ::2], twins)
    ):
        raise SystemExit("The faces do not come back as they were.")
    digest = hashlib.sha256(OUT.read_bytes()).hexdigest()
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, SHA-256 {digest}")
    print(f"digests of the sets: {faces.digests(found, with_or_without)}")


if __name__ == "__main__":
    main()
