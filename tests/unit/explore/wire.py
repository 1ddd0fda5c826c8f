"""Talking to the explore routes: rows in, packed arrays out (format: packed.py)."""

import numpy as np

from gan_core.tasks import latent
from tests.unit.web.decoding import arrays_of

TYPE = {"content-type": "application/octet-stream"}


def unpack(answer):
    """(header, arrays) of an answer."""
    assert answer.status_code == 200, answer.text
    header, found = arrays_of(answer.content)
    return header, [array for _, array in found]


def body(count=1, *, seed=0, labels=(3,), recipe="fast_gan"):
    prior = "uniform" if recipe == "acgan" else "normal"
    z = latent.sample(count, 12, seed=seed, prior=prior)
    rows = latent.one_hot(np.resize(labels, count), 10)
    return (z if recipe == "mlp_gan" else np.concatenate([z, rows], 1)).astype("<f4").tobytes()
