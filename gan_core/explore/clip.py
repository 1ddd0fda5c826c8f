"""Short films of generated images: a path through latent space, or one z through training."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from gan_core.errors import ConfigError

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
    return _gif(pictures, rate) if kind == "gif" else _mp4(pictures, rate)


def _enlarged(frames: np.ndarray) -> np.ndarray:
    scale = max(1, LARGE // max(frames.shape[1:3]))
    return frames.repeat(scale, axis=1).repeat(scale, axis=2)


def _gif(frames: np.ndarray, rate: int) -> bytes:
    from imageio import v3 as imageio

    grey = frames.shape[-1] == 1
    return imageio.imwrite(
        "<bytes>", frames[..., 0] if grey else frames, plugin="pillow", extension=".gif",
        is_batch=True, mode="L" if grey else "RGB", duration=10 * round(100 / rate), loop=0,
    )  # fmt: skip


def _mp4(frames: np.ndarray, rate: int) -> bytes:
    try:
        import imageio_ffmpeg

        imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise ConfigError(
            "Videos need ffmpeg, which is not installed. Install `imageio-ffmpeg`, or make a GIF."
        ) from error
    odd = [(0, 0), (0, frames.shape[1] % 2), (0, frames.shape[2] % 2), (0, 0)]
    even = np.pad(frames, odd)  # H.264 halves the colour's resolution
    grey = even.shape[-1] == 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        video = imageio_ffmpeg.write_frames(
            str(path), (even.shape[2], even.shape[1]), fps=rate, codec="libx264", quality=None,
            pix_fmt_in="gray" if grey else "rgb24", macro_block_size=1, ffmpeg_log_level="fatal",
            output_params=["-crf", "14", "-movflags", "+faststart"],
        )  # fmt: skip
        video.send(None)
        for frame in even:
            video.send(np.ascontiguousarray(frame))
        video.close()
        return path.read_bytes()
