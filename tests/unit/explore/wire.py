"""Talking to the explore routes: rows in, packed arrays out (format: explore_wire.py)."""

import json

import numpy as np

from gan_core.tasks import latent

TYPE = {"content-type": "application/octet-stream"}


def unpack(answer):
    assert answer.status_code == 200, answer.text
    length = int.from_bytes(answer.content[:4], "little")
    header = json.loads(answer.content[4 : 4 + length])
    parts, at = [], 4 + length
    for kind, shape in header["parts"]:
        dtype = {"u1": np.uint8, "f4": np.dtype("<f4")}[kind]
        count = int(np.prod(shape))
        parts.append(np.frombuffer(answer.content, dtype, count, at).reshape(shape))
        at += -(-parts[-1].nbytes // 4) * 4
    return header, parts


def body(count=1, *, seed=0, labels=(3,), recipe="fast_gan"):
    prior = "uniform" if recipe == "acgan" else "normal"
    z = latent.sample(count, 12, seed=seed, prior=prior)
    rows = latent.one_hot(np.resize(labels, count), 10)
    return (z if recipe == "mlp_gan" else np.concatenate([z, rows], 1)).astype("<f4").tobytes()
