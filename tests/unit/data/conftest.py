"""Small .npz files to read, whole and spoiled."""

import numpy as np
import pytest


@pytest.fixture
def data_dir(tmp_path):
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def arrays():
    """A valid set: 40 grey images of 8 x 6, four classes of 10."""
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 6), dtype=np.uint8)
    return {"x_train": images, "y_train": np.arange(40, dtype=np.uint8) % 4}


@pytest.fixture
def save(data_dir):
    """Writes arrays as `<data_dir>/mine.npz` (or another name) and returns the path."""

    def write(arrays, name="mine", *, compressed=False):
        path = data_dir / f"{name}.npz"
        (np.savez_compressed if compressed else np.savez)(path, **arrays)
        return path

    return write
