"""Frames into an endless GIF or an H.264 video; what a film of a run and a clip of z share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from gan_core.errors import ConfigError


def gif(frames: Sequence[np.ndarray] | np.ndarray, durations: int | list[int]) -> bytes:
    """uint8 frames, all [H, W] or all [H, W, 3], as an endless GIF; grey keeps every pixel.

    Args:
        durations: milliseconds of each frame, in hundredths of a second.
    """
    from imageio import v3 as imageio

    return imageio.imwrite(
        "<bytes>",
        np.stack([*frames]),
        plugin="pillow",
        extension=".gif",
        is_batch=True,
        mode="L" if frames[0].ndim == 2 else "RGB",
        duration=durations,
        loop=0,
    )


def mp4(path: Path, frames: Iterable[np.ndarray], rate: Fraction | int) -> None:
    """uint8 frames, all [H, W] or all [H, W, 3], as a video that any browser plays.

    Args:
        rate: frames a second.

    Raises:
        ConfigError: there is no ffmpeg.
        OSError: not all frames could be written.
    """
    try:
        import imageio_ffmpeg

        imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise ConfigError(
            "MP4 needs an encoder that does not come with the app: run `pip install imageio-ffmpeg` "
            "where it is installed, or make a GIF, which needs nothing."
        ) from error
    path, count, video = path.resolve(), 0, None
    try:
        for frame in map(_even, frames):
            if video is None:
                video = imageio_ffmpeg.write_frames(
                    str(path),
                    frame.shape[1::-1],
                    fps=rate,
                    codec="libx264",
                    quality=None,
                    pix_fmt_in="gray" if frame.ndim == 2 else "rgb24",
                    macro_block_size=1,
                    ffmpeg_log_level="fatal",
                    output_params=["-crf", "14", "-movflags", "+faststart"],
                )
                video.send(None)
            video.send(np.ascontiguousarray(frame))
            count += 1
    finally:
        if video is not None:
            video.close()
    _check_video(path, count)


def _even(frame: np.ndarray) -> np.ndarray:
    """One black row or column more where a side is odd: H.264 halves the colour's resolution."""
    odd = [(0, frame.shape[0] % 2), (0, frame.shape[1] % 2)] + [(0, 0)] * (frame.ndim - 2)
    return np.pad(frame, odd)


def _check_video(path: Path, count: int) -> None:
    """OSError unless all frames are there: the pipe to ffmpeg does not tell how it ended."""
    from imageio_ffmpeg import count_frames_and_secs

    try:
        found = count_frames_and_secs(str(path))[0]
    except RuntimeError:
        found = 0
    if found != count:
        raise OSError(f"ffmpeg wrote {found} of {count} frames")
