"""Makes tests/data/foreign/keras-VERSION.zip: tiny generators as one version of Keras writes them.

Each zip holds models with random weights (.keras, some also .h5) and, as NAME.npz, what they were
fed and what this very Keras answered. Run once a version, each in an environment of its own:

    python3.11 -m venv V && V/bin/pip install REQUIREMENTS
    V/bin/python tools/make_foreign_fixtures.py tests/data/foreign

    2.12.0   tensorflow-cpu==2.12.1
    2.13.1   tensorflow-cpu==2.13.1
    2.14.0   tensorflow-cpu==2.14.1
    2.15.0   tensorflow-cpu==2.15.1
    3.3.3    tensorflow-cpu==2.16.2 keras==3.3.3
    3.8.0    tensorflow-cpu==2.16.2 keras==3.8.0
    3.15.1   requirements.txt

It needs nothing of this project. `make_foreign_fixtures.cjs` does the same for TensorFlow.js.
"""

import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from keras import layers

Z, K, COUNT = 4, 3, 2
DATE = (1980, 1, 1, 0, 0, 0)
AS_H5 = ("sequential", "functional", "twice")  # written as .h5, too


def sequential():
    """Several layers of one class, one after the other."""
    return keras.Sequential(
        [
            keras.Input((Z,)),
            layers.Dense(2 * 2 * 3, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((2, 2, 3)),
            layers.Conv2DTranspose(3, 4, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.3),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="tanh"),
        ]
    )


def wrapped():
    """Model(z, sequential(z)), with weights that train and others mixed inside."""
    inner = keras.Sequential(
        [
            keras.Input((Z,)),
            layers.Dense(2 * 2 * 2, activation="relu"),
            layers.Reshape((2, 2, 2)),
            layers.UpSampling2D(),
            layers.Conv2D(2, 3, padding="same"),
            layers.BatchNormalization(momentum=0.8),
            layers.Activation("relu"),
            layers.UpSampling2D(interpolation="bilinear"),
            layers.Conv2D(3, 3, padding="same"),
            layers.BatchNormalization(),
            layers.Activation("tanh"),
        ]
    )
    z = keras.Input((Z,))
    return keras.Model(z, inner(z))


def embedding():
    """z times the row of a class, into a Sequential."""
    z, label = keras.Input((Z,)), keras.Input((1,), dtype="int32")
    row = layers.Flatten()(layers.Embedding(K, Z)(label))
    inner = keras.Sequential(
        [
            keras.Input((Z,)),
            layers.Dense(2 * 2 * 2),
            layers.LeakyReLU(0.2),
            layers.Reshape((2, 2, 2)),
            layers.Conv2DTranspose(1, 4, strides=4, padding="same", activation="tanh"),
        ]
    )
    return keras.Model([z, label], inner(layers.multiply([z, row])))


def functional():
    """Two branches, one ReLU used twice, activation objects, padding and cropping."""
    z, label = keras.Input((Z,)), keras.Input((1,), dtype="int32")
    relu = layers.ReLU()
    plane = layers.Dense(4)(layers.Flatten()(layers.Embedding(K, 2)(label)))
    body = layers.Reshape((2, 2, 2))(relu(layers.Dense(8)(z)))
    x = layers.Concatenate()([body, layers.Reshape((2, 2, 1))(plane)])
    act = layers.LeakyReLU(0.1)
    x = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation=act)(x)
    x = relu(layers.LayerNormalization()(x))
    x = layers.PReLU(shared_axes=[1, 2])(layers.Add()([x, layers.Conv2D(3, 1)(x)]))
    x = layers.ZeroPadding2D(((2, 1), (1, 2)))(layers.UpSampling2D()(x))
    x = layers.Cropping2D(((1, 0), (0, 1)))(layers.Conv2D(1, 3, activation="sigmoid")(x))
    return keras.Model([z, label], x)


def twice():
    """One model inside is used twice, with the same weights."""
    block = keras.Sequential([keras.Input((Z,)), layers.Dense(Z, activation="tanh")])
    z = keras.Input((Z,))
    x = layers.Dense(64, activation="tanh")(block(block(z)))
    return keras.Model(z, layers.Reshape((8, 8, 1))(x))


def flat():
    """An MLP: 64 numbers of 0 to 255 come out."""
    return keras.Sequential(
        [
            keras.Input((Z,)),
            layers.Dense(6, activation=layers.LeakyReLU(0.3)),
            layers.BatchNormalization(momentum=0.8),
            layers.Dense(6),
            layers.ELU(),
            layers.Dense(64, activation="sigmoid"),
            layers.Rescaling(255.0),
        ]
    )


def fill(model, seed):
    """Weights in steps of 1/32, which pack well; variances are positive."""
    rng = np.random.default_rng(seed)
    filled = []
    for values in model.get_weights():
        steps = rng.integers(-24, 25, values.shape)
        filled.append((np.abs(steps) + 8 if values.ndim == 1 else steps) / np.float32(32))
    model.set_weights([v.astype(np.float32) for v in filled])


def answer(model, seed):
    """What goes in and what comes out: {"z", ("label",) "images"} as the bytes of an .npz file."""
    rng = np.random.default_rng(seed)
    fed = {"z": rng.standard_normal((COUNT, Z)).astype(np.float32)}
    if len(model.inputs) == 2:
        fed["label"] = (np.arange(COUNT)[:, None] + 1).astype(np.int32)
    given = list(fed.values())
    made = model.predict(given if len(given) > 1 else given[0], verbose=0)
    out = io.BytesIO()
    np.savez_compressed(out, images=made, **fed)
    return out.getvalue()


def saved(model, name, folder):
    """The files of one model: {file name: bytes}."""
    kinds = [".keras", *([".h5"] if name in AS_H5 else [])]
    for kind in kinds:
        model.save(folder / f"{name}{kind}")
    files = {f"{name}{kind}": (folder / f"{name}{kind}").read_bytes() for kind in kinds}
    if name == "sequential":
        path = folder / "only.weights.h5"
        model.save_weights(path)
        files["only.weights.h5"] = path.read_bytes()
    return files


def main():
    """Write the zip of this Keras."""
    out = Path(sys.argv[1]) / f"keras-{keras.__version__}.zip"
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w") as archive:
        for seed, make in enumerate((sequential, wrapped, embedding, functional, twice, flat)):
            model = make()
            fill(model, seed)
            files = saved(model, make.__name__, Path(folder))
            files[f"{make.__name__}.npz"] = answer(model, seed)
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, DATE)
                archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    print(out, out.stat().st_size)


if __name__ == "__main__":
    main()
