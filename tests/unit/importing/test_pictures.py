"""What people's picture files become: turned, composited, in 8 bits, or refused with the reason."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_core.importing.base import Unusable
from gan_core.importing.looks import look
from gan_core.importing.pictures import decoded
from gan_core.importing.words import did
from gan_core.storage.decode import GROUNDS
from tests.unit.importing.made import photo, stored

RED, GREEN, WHITE = (200, 30, 40), (20, 160, 60), (255, 255, 255)


def two_colours(width=80, height=40, mode="RGB"):
    """Left red, right green."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height))
    return picture.convert(mode)


def corners(data, side=40, ground="white"):
    found = decoded(data, "x", side, ground)
    pixels = found.pixels.astype(int)
    return pixels[0, 0], pixels[0, -1], pixels[-1, 0], found


def near(pixel, colour, by=10):
    return np.abs(pixel - colour).max() <= by


# Orientation -> (top left, top right, bottom left) of what was red left and green right.
TURNED = {
    1: (RED, GREEN, RED),
    2: (GREEN, RED, GREEN),
    3: (GREEN, RED, GREEN),
    4: (RED, GREEN, RED),
    5: (RED, RED, GREEN),
    6: (RED, RED, GREEN),
    7: (GREEN, GREEN, RED),
    8: (GREEN, GREEN, RED),
}


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_turned_as_its_camera_says(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    *found, whole = corners(stored(two_colours(), kind, exif=exif))
    assert all(near(a, b, 12) for a, b in zip(found, TURNED[orientation], strict=True))
    assert whole.size == ((40, 80) if orientation > 4 else (80, 40))
    assert ("turned" in whole.did) == (
        orientation > 1 and kind != "TIFF"
    )  # Pillow turns that itself


def test_an_orientation_that_says_nothing_changes_nothing():
    exif = Image.Exif()
    exif[0x0112] = 77
    assert decoded(stored(two_colours(), "JPEG", exif=exif), "x", 40).size == (80, 40)


def test_damaged_exif_does_not_cost_the_picture():
    data = bytearray(stored(photo(1, 200, 150), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"))
    assert decoded(bytes(data), "x", 40).size == (200, 150)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_what_is_transparent_is_laid_on_white_whatever_is_hidden_there(kind):
    picture = two_colours().convert("RGBA")
    picture.putalpha(Image.fromarray(np.repeat([[255] * 40 + [0] * 40], 40, 0).astype(np.uint8)))
    left, right, _, found = corners(
        stored(picture, kind, **({"lossless": True} if kind == "WEBP" else {}))
    )
    assert near(left, RED) and near(right, WHITE) and "transparent" in found.did


def test_half_transparent_black_is_grey():
    picture = Image.new("RGBA", (50, 50), (0, 0, 0, 128))
    assert near(corners(stored(picture))[0], (127, 127, 127), 1)


def test_grey_with_alpha_and_palettes_with_a_transparent_colour():
    grey = Image.new("LA", (50, 50), (90, 0))
    assert near(corners(stored(grey))[0], WHITE)
    palette = two_colours().quantize(4)
    left = palette.getpixel((0, 0))
    *_, found = corners(stored(palette, "GIF", transparency=left))
    assert near(found.pixels[0, 0].astype(int), WHITE) and near(
        found.pixels[0, -1].astype(int), GREEN
    )
    assert "transparent" in found.did


def test_an_opaque_alpha_channel_is_not_called_transparent():
    assert decoded(stored(two_colours(mode="RGBA")), "x", 40).did == ()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_keeps_its_colours(kind):
    left, right, _, found = corners(stored(two_colours(mode="CMYK"), kind))
    assert near(left, RED) and near(right, GREEN) and found.did == ("cmyk",)


@pytest.mark.parametrize("ground", ["white", "black"])
def test_one_colour_of_sixteen_bits_that_is_transparent(ground):
    grey = np.full((40, 40), 30_000, np.uint16)
    grey[:, 20:] = 60_000
    data = stored(Image.fromarray(grey), "PNG", transparency=30_000)
    left, right, _, found = corners(data, ground=ground)
    assert near(left, GROUNDS[ground]) and near(right, (233, 233, 233))
    assert set(found.did) == {"transparent", "16 bits"}
    colours = [struct.pack(">HHH", *(257 * v for v in rgb)) for rgb in (RED, GREEN)]
    rows = b"".join(b"\0" + colours[0] * 20 + colours[1] * 20 for _ in range(40))
    head = struct.pack(">IIBBBBB", 40, 40, 16, 2, 0, 0, 0)
    chunks = {"IHDR": head, "tRNS": colours[0], "IDAT": zlib.compress(rows), "IEND": b""}
    data = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks.items())
    left, right, _, found = corners(data, ground=ground)
    assert near(left, GROUNDS[ground]) and near(right, GREEN) and found.did == ("transparent",)


def chunk(name, data):
    """A part of a PNG (https://www.w3.org/TR/png/, 5.3)."""
    body = name.encode() + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def test_colours_by_lightness_are_not_transparent():
    grey = Image.merge("LAB", [Image.new("L", (40, 40), v) for v in (128, 128, 128)])
    found = decoded(stored(grey, "TIFF"), "x", 40)
    assert found.did == () and np.ptp(found.pixels) <= 2


def test_a_jpeg_with_a_preview_behind_it_is_one_picture_of_its_size():
    data = stored(photo(1, 400, 300), "MPO", save_all=True, append_images=[photo(1, 80, 60)])
    plain = decoded(stored(photo(1, 400, 300), "JPEG"), "x", 28)
    found = decoded(data, "x", 28)
    assert (found.size, found.did) == ((400, 300), ()) and near(found.pixels, plain.pixels)


def test_sixteen_bits_keep_their_greys_and_are_told():
    values = np.linspace(0, 65535, 64).astype(np.uint16)[None].repeat(64, 0)
    for kind in ("PNG", "TIFF"):
        found = decoded(stored(Image.fromarray(values), kind), "x", 64)
        assert np.abs(found.pixels[0, :, 0] - values[0] / 257).max() <= 1
        assert found.did == ("16 bits",) and look(found).grey


@pytest.mark.parametrize(
    "low, high, kind",
    [(0, 255, "i4"), (0, 40_000, "i4"), (-7, 7, "i4"), (-5, 5, "f4"), (0, 1, "f4"),
     (0, 255, "f4"), (1000, 1004, "f4"), (0, 30_000, "i2")],
)  # fmt: skip
def test_numbers_without_a_fixed_white_go_from_their_least_to_their_largest(low, high, kind):
    values = np.linspace(low, high, 64).astype(kind)[None].repeat(64, 0)
    if kind == "f4":
        values[0, :3] = np.nan, np.inf, -np.inf  # holes are black
    found = decoded(tiff(values), "x", 64)
    wanted = (values[5].astype(float) - values[5, 0]) / (float(values[5, -1]) - values[5, 0]) * 255
    assert np.abs(found.pixels[5, :, 0] - wanted).max() <= 0.51 and found.pixels[0, 0, 0] == 0
    assert found.did == ("own span",) and "least to its largest" in did("own span", 1)


def test_a_dark_picture_of_sixteen_bits_stays_dark():
    values = np.linspace(0, 255, 64).astype(np.uint16)[None].repeat(64, 0)
    assert decoded(tiff(values), "x", 64).pixels.max() == 1


def tiff(values) -> bytes:
    """A TIFF as its definition says, of one strip: whole numbers, signed or not, or fractions."""
    form = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    height, width = values.shape
    entries = [(256, width), (257, height), (258, 8 * values.itemsize), (259, 1), (262, 1),
               (273, 8), (277, 1), (278, height), (279, values.nbytes), (339, form)]  # fmt: skip
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"II*\0" + struct.pack("<I", 8 + len(data))
    return head + data + struct.pack("<H", len(entries)) + table + bytes(4)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_what_moves_or_has_pages_the_first_is_taken(kind):
    frames = [Image.new("RGB", (60, 50), RED), Image.new("RGB", (60, 50), GREEN)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = stored(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    first, *_, found = corners(data)
    assert near(first, RED) and "animated" in found.did


def test_grey_among_colour_is_seen_also_as_jpeg_keeps_it():
    grey = photo(3).convert("L")
    for data in (
        stored(grey),
        stored(grey, "JPEG"),
        stored(grey.convert("RGB"), "JPEG", quality=60),
    ):
        assert look(decoded(data, "x", 28)).grey
    assert not look(decoded(stored(photo(3)), "x", 28)).grey


def test_one_colour_is_seen_and_a_dot_is_not_that():
    assert look(decoded(stored(Image.new("RGB", (90, 90), RED), "JPEG"), "x", 28)).flat
    dotted = Image.new("RGB", (90, 90), RED)
    dotted.paste(GREEN, (40, 40, 50, 50))
    assert not look(decoded(stored(dotted), "x", 28)).flat


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_large_pictures_come_smaller_but_never_below_what_is_wanted(kind):
    found = decoded(stored(photo(5, 2000, 1500), kind), "x", 64)
    height, width = found.pixels.shape[:2]
    assert found.size == (2000, 1500) and 64 < height < 600
    assert abs(width / height - 4 / 3) < 0.02


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cut_off(kind):
    data = stored(photo(6, 300, 200), kind)
    with pytest.raises(Unusable) as caught:
        decoded(data[: len(data) * 2 // 3], "front.jpg", 64)
    assert caught.value.reason in ("cut off", "damaged") and "front.jpg" in str(caught.value)
    if kind == "JPEG":
        assert caught.value.reason == "cut off"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"\xff\xd8\xff\xe0" + bytes(40),
        b"GIF89a",
        b"BM",
    ],
)
def test_no_picture_at_all(data):
    with pytest.raises(Unusable) as caught:
        decoded(data, "x.png", 64)
    assert caught.value.reason == "damaged"


def png_that_says(width, height):
    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(9000, 9000), (50_000, 50_000), (2**31 - 1, 2)])
def test_a_small_file_that_declares_a_huge_picture_is_not_decoded(size):
    with pytest.raises(Unusable) as caught:
        decoded(png_that_says(*size), "bomb.png", 64)
    assert caught.value.reason == "too large"


def test_a_photograph_beyond_the_limit_is_read_where_jpeg_can_be_read_smaller():
    picture = Image.new("L", (9_000, 8_000))
    picture.paste(200, (0, 0, 4_500, 8_000))
    found = decoded(stored(picture, "JPEG", quality=30), "x", 64)
    assert found.size == (9_000, 8_000)
    assert found.pixels[0, 0, 0] > 190 and found.pixels[0, -1, 0] < 10


def test_wrong_endings_do_not_matter():
    assert decoded(stored(photo(7), "JPEG"), "really.png", 64).size == (64, 48)


def test_text_of_a_png_that_grows_without_end_is_refused():
    out = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("a", "x" * 2_000_000, zip=True)
    photo(1).save(out, "PNG", pnginfo=info)
    with pytest.raises(Unusable):
        decoded(out.getvalue(), "x.png", 64)
