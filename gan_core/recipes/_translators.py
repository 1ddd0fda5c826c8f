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


def small_resnet(config, spec) -> dict:
    """Arguments of a small residual generator: one halving below 48 pixels, two above."""
    small = min(spec.image_shape[:2]) < 48
    downs, blocks = (1, 3) if small else (2, 4)
    return {"width": config.width, "downs": downs, "blocks": blocks, "ends": 5, "up": 4}


def small_patch(config, spec) -> dict:
    """Arguments of a small discriminator beside a residual generator, which has half its width."""
    return {"width": 2 * config.width, "downs": patch_downs(spec.image_shape)}
