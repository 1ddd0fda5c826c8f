"""Short films of generated images: a path through latent space, or one z through training."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from gan_core.errors import ConfigError
from gan_core.storage import video

FORMATS = {"gif": "image/gif", "mp4": "video/mp4"}
LARGE = 224  # pixels a side that small images are enlarged to, by a whole number
MAX_FRAMES = 240
RATES = (1, 30)  # frames a second


def clip(frames: np.ndarray, kind: str, rate: int) -> bytes:
    """uint8 [N, H, W, C] as an endless GIF or an H.264 video.

    Raises:
        ConfigError: an unknown format, no frames or too many of them.
    """
    if kind not in FORMATS:
        raise ConfigError(f"A film is one of {', '.join(FORMATS)}. Received: `{kind[:40]}`.")
    if not 2 <= len(frames) <= MAX_FRAMES or not RATES[0] <= rate <= RATES[1]:
        raise ConfigError(
            f"A film has 2 to {MAX_FRAMES} images, {RATES[0]} to {RATES[1]} a second. "
            f"Received: {len(frames)}, {rate}."
        )
    pictures = _enlarged(frames)
    if kind == "gif":
        return video.gif(pictures, 10 * round(100 / rate))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        video.mp4(path, pictures, rate)
        return path.read_bytes()


def _enlarged(frames: np.ndarray) -> np.ndarray:
    """Larger by a whole number; grey ones without their channel: [N, H, W] or [N, H, W, 3]."""
    scale = max(1, LARGE // max(frames.shape[1:3]))
    large = frames.repeat(scale, axis=1).repeat(scale, axis=2)
    return large[..., 0] if large.shape[-1] == 1 else large
