"""Writes the files of this folder; see README.md."""

from pathlib import Path

import h5py
import numpy as np
import scipy.io
import scipy.sparse

HERE = Path(__file__).parent
COUNT = 24


def pictures() -> np.ndarray:
    """uint8 [N, 32, 32, 3]; no axis is like another, so that a wrong order shows."""
    n, row, column, colour = np.ogrid[:COUNT, :32, :32, :3]
    return ((5 * n + 3 * row + 7 * column * (row > 15) + 40 * colour) % 256).astype(np.uint8)


def save(name: str, arrays: dict, **how) -> None:
    scipy.io.savemat(HERE / name, arrays, **how)


def main() -> None:
    images, labels = pictures(), (np.arange(COUNT) % 3 + 1)[:, None].astype(np.uint8)
    svhn = {"X": images.transpose(1, 2, 3, 0), "y": labels}
    save("svhn.mat", svhn)
    save("svhn_packed.mat", svhn, do_compression=True)
    grey = images[:, :28, :28, 0]
    rows = grey.transpose(0, 2, 1).reshape(COUNT, 784)  # column by column
    train = {"images": rows, "labels": labels.astype(float), "writers": labels.astype(float)}
    test = {"images": rows[:6], "labels": labels[:6].astype(float)}
    dataset = {"train": train, "test": test, "mapping": np.arange(6.0).reshape(3, 2)}
    save("emnist_packed.mat", {"dataset": dataset}, do_compression=True)
    two = np.zeros(2, [("a", "O")])
    odd = {
        "a_sparse": scipy.sparse.eye(5),
        "complex": np.ones((3, 3)) * 1j,
        "nothing": np.zeros((0, 0)),
        "cells": np.array(["one", "two", "three"], object),
        "mixed": np.array(["one", 2], object),
        "text": "hello",
        "two": two,
        "images": grey.transpose(1, 2, 0),
        "one": 3.0,
    }
    save("odd.mat", odd)
    save("version4.mat", {"X": grey[:, :, 0]}, format="4")
    path = HERE / "svhn_73.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file.create_dataset("X", data=svhn["X"].T, compression="gzip")
        file["y"] = labels.T
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\0\2IM")


if __name__ == "__main__":
    main()
