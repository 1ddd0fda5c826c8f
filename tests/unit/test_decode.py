"""Any file that people have: read as RGB, or refused in words."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_core.errors import DataError
from gan_core.storage import decode, picture_files

RED, GREEN = (200, 30, 40), (20, 160, 60)


def two_colours(width=40, height=20, mode="RGB"):
    """Left red, right green."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height))
    return picture.convert(mode)


def stored(picture, kind="PNG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def corners(pixels):
    return pixels[0, 0].astype(int), pixels[-1, -1].astype(int)


@pytest.mark.parametrize(
    "data",
    [
        stored(two_colours()),
        stored(two_colours(), "BMP"),
        stored(two_colours(), "TIFF"),
        stored(two_colours(), "WEBP", lossless=True),
        stored(two_colours().quantize(4)),
        stored(two_colours().quantize(4), "GIF"),
        stored(two_colours(mode="CMYK"), "TIFF"),
        stored(two_colours(mode="CMYK"), "JPEG", quality=95),
        stored(two_colours(mode="RGBA")),
        stored(two_colours(), "JPEG", quality=95),
    ],
)
def test_formats_and_modes_keep_their_colours(data):
    left, right = corners(decode.decode(data, 40))
    assert np.abs(left - RED).max() <= 8 and np.abs(right - GREEN).max() <= 8


def test_the_longer_side_is_as_wanted_and_the_shape_stays():
    data = stored(two_colours(400, 200))
    for side, shape in ((100, (50, 100, 3)), (800, (400, 800, 3)), (1, (1, 1, 3))):
        made = decode.decode(data, side)
        assert made.shape == shape and made.dtype == np.uint8


def test_twenty_to_one_and_more():
    assert decode.decode(stored(two_colours(2000, 100)), 256).shape == (13, 256, 3)
    assert decode.decode(stored(two_colours(3000, 2)), 256).shape == (1, 256, 3)


def test_grey_with_sixteen_bits_is_not_black():
    ramp = np.linspace(0, 65535, 64).astype(np.uint16)[None].repeat(8, 0)
    made = decode.decode(stored(Image.fromarray(ramp)), 64)
    assert made[0, 0].max() <= 1 and made[0, -1].min() >= 254
    assert np.abs(made[4, :, 0] - ramp[0] / 257.0).max() <= 1


def test_float_tiffs():
    ramp = np.linspace(0, 1, 64).astype(np.float32)[None].repeat(8, 0)
    for values in (ramp, 3000 * ramp - 1000):
        made = decode.decode(stored(Image.fromarray(values), "TIFF"), 64)
        assert made[0, 0].max() <= 1 and made[0, -1].min() >= 254


def test_what_is_transparent_is_white():
    picture = two_colours(mode="RGBA")
    picture.putalpha(0)
    assert decode.decode(stored(picture), 40).min() == 255
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([0, 0, 0])
    assert decode.decode(stored(palette, transparency=0), 8).min() == 255


def test_of_an_animation_the_first_frame():
    frames = [Image.new("RGB", (16, 16), c) for c in (RED, GREEN)]
    data = stored(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    assert np.abs(decode.decode(data, 16)[0, 0].astype(int) - RED).max() <= 8


def test_it_is_turned_as_the_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter, clockwise
    made = decode.decode(stored(two_colours(40, 20), exif=exif), 40)
    assert made.shape == (40, 20, 3)
    assert np.abs(made[0, 0].astype(int) - RED).max() <= 8


def png_that_declares(width, height):
    import struct
    import zlib

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    "data, words",
    [
        (b"", "is empty"),
        (b"not a picture at all", "no picture"),
        (stored(two_colours())[:60], "no picture|damaged"),
        (stored(two_colours(400, 400), "JPEG")[:500], "damaged"),
        (png_that_declares(9000, 9000), "9,000 x 9,000 pixels"),
        (png_that_declares(60000, 60000), "far more pixels than the 64,000,000"),
        (b"%PDF-1.4 ...", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data, words):
    with pytest.raises(DataError, match=words):
        decode.decode(data, 64)


def test_files(tmp_path):
    good = tmp_path / "a.png"
    good.write_bytes(stored(two_colours()))
    assert decode.read(good, 20).shape == (10, 20, 3)
    for path, words in ((tmp_path / "b.png", "cannot be read"), (tmp_path, "no file|cannot")):
        with pytest.raises(DataError, match=words):
            decode.read(path, 20)


def test_what_only_declares_many_pixels_is_refused_before_it_is_decoded_everywhere():
    """A PNG of 100 million pixels in 45 bytes (ISO/IEC 15948: signature, IHDR, IEND)."""

    def chunk(kind, body):
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")
    with pytest.raises(DataError, match="10,000 x 10,000 pixels; at most 64,000,000"):
        decode.decode(bomb, 64, name="bomb.png")
    with pytest.raises(DataError, match="10,000 x 10,000 pixels; at most 16,000,000"):
        picture_files.decoded(bomb, "bomb.png")
