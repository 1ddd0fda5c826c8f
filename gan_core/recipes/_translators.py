"""How large the networks of translators are, for the size of their images."""

from __future__ import annotations


def halvings(shape) -> int:
    """How often both sides can be halved evenly."""
    both = shape[0] | shape[1]
    return (both & -both).bit_length() - 1


def letter_widths(width: int, shape) -> list[int]:
    """Channels of Pix2Pix's U-Net: eight halvings at 256 pixels, as many as there can be below."""
    return [width * min(2**i, 8) for i in range(min(halvings(shape), 8))]


def small_widths(width: int, shape) -> list[int]:
    """Two halvings below 48 pixels, down to some four pixels above; channels grow to four widths."""
    side = min(shape[:2])
    wanted = 2 if side < 48 else side.bit_length() - 3
    return [width * min(2**i, 4) for i in range(min(halvings(shape), wanted))]


def patch_downs(shape) -> int:
    """Halvings of a small discriminator: a field of 16 pixels below 48, of 34 above."""
    return 1 if min(shape[:2]) < 48 else 2
