"""Six styles, each 384 x 384: stained glass, flow strokes, halftone, hatching, marble, mosaic."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tools.style_pictures.fields import grid, lit, nearest, noise, palette, picture, step

SIDE, FINE = 384, 768  # painted at twice the size


def stained_glass():
    """Voronoi cells of glowing glass between leads, around a rose in the middle."""
    rng = np.random.default_rng(11)
    y, x = grid(FINE, FINE)
    points = [(0.5, 0.5)]
    for ring, count in ((0.13, 8), (0.25, 12), (0.37, 18)):
        angles = np.arange(count) / count * 2 * np.pi + ring * 9
        points += [(0.5 + ring * np.sin(a), 0.5 + ring * np.cos(a)) for a in angles]
    outside = rng.uniform(-0.05, 1.05, (160, 2))
    points += [p for p in outside if np.hypot(p[0] - 0.5, p[1] - 0.5) > 0.46]
    index, near, second = nearest(y, x, points)
    glass = np.array(
        [
            [196, 22, 38],
            [20, 66, 178],
            [244, 178, 24],
            [14, 128, 84],
            [116, 32, 140],
            [226, 92, 20],
            [38, 152, 208],
            [250, 222, 110],
        ]
    )
    rings = [0] + [7] * 8 + [1, 0] * 6 + [6, 2, 4] * 6
    colours = glass[[*rings, *rng.integers(0, 8, len(points) - len(rings))]]
    tone = rng.uniform(0.75, 1.15, len(points))[index]
    glow = 1.25 - 5.0 * near + 0.16 * noise(y.shape, 26, 3, 3)
    pixels = colours[index] * (tone * np.clip(glow, 0.62, 1.4))[..., None]
    pixels += 70 * np.clip(0.05 - near, 0, 1)[..., None] * 12
    lead = step(0.011, second - near, 0.008)
    relief = 26 * np.clip(1 - np.abs(second - near) / 0.011, 0, 1) * lit(4 * lead, 0.8)
    return picture(
        pixels * lead[..., None] + (1 - lead[..., None]) * (14 + relief[..., None]), (SIDE, SIDE)
    )


def flow_strokes():
    """Thick oil: short strokes along a field that swirls around three centres of light."""
    rng = np.random.default_rng(5)
    y, x = grid(FINE, FINE)
    angle, light = 0.6 * noise(y.shape, 3, 8), np.zeros_like(y)
    for cy, cx, size, turn in ((0.3, 0.32, 0.16, 1), (0.42, 0.78, 0.12, -1), (0.8, 0.45, 0.14, 1)):
        r = np.hypot(y - cy, x - cx)
        pull = np.exp(-((r / (2.1 * size)) ** 2))
        around = np.arctan2(x - cx, -(y - cy)) + (0 if turn > 0 else np.pi)
        angle = angle * (1 - pull) + around * pull
        light += np.exp(-((r / (0.62 * size)) ** 2)) + 0.4 * np.exp(
            -(((r - 1.35 * size) / 0.025) ** 2)
        )
    tone = np.clip(0.36 + 0.16 * noise(y.shape, 4, 21, 2) + 0.55 * light, 0, 1)
    blues = [
        [10, 18, 62],
        [22, 52, 128],
        [46, 104, 176],
        [122, 176, 208],
        [240, 226, 150],
        [252, 196, 40],
    ]
    base = palette(tone, blues)
    canvas = Image.fromarray(palette(tone * 0.9, blues).astype(np.uint8))
    relief = Image.new("L", (FINE, FINE), 128)
    draw, raise_ = ImageDraw.Draw(canvas), ImageDraw.Draw(relief)
    for width, count, length in ((15, 2600, 46), (9, 6500, 40), (5, 7000, 30)):
        starts = rng.uniform(0, FINE - 1, (count, 2))
        for sy, sx in starts:
            line = _along(angle, sy, sx, length * rng.uniform(0.6, 1.2))
            colour = base[int(sy), int(sx)] * rng.uniform(0.8, 1.2) + rng.normal(0, 9, 3)
            shade = int(rng.integers(70, 190))
            for pen, ink in ((draw, tuple(np.clip(colour, 0, 255).astype(int))), (raise_, shade)):
                pen.line(line, fill=ink, width=width, joint="curve")
    bristles = noise(y.shape, 160, 4) * 5
    height = (
        np.asarray(relief.filter(ImageFilter.GaussianBlur(1.4)), np.float32) / 22 + bristles / 14
    )
    return picture(np.asarray(canvas, np.float32) * lit(height, 0.32)[..., None], (SIDE, SIDE))


def _along(angle, y, x, length):
    """Points (x, y) of a line that follows a field of angles."""
    points = [(x, y)]
    for _ in range(int(length // 5)):
        a = angle[int(np.clip(y, 0, FINE - 1)), int(np.clip(x, 0, FINE - 1))]
        y, x = y + 5 * np.sin(a), x + 5 * np.cos(a)
        points.append((x, y))
    return points


def halftone():
    """Comic print: flat shapes with black outlines, shaded by dots of two inks."""
    y, x = grid(FINE, FINE)
    field = noise(y.shape, 3.2, 33, 2) + 0.6 * np.sin(7 * x + 3 * y)
    bands = np.digitize(field, [-0.75, -0.2, 0.3, 0.85])
    inks = np.array([[32, 78, 196], [250, 208, 28], [250, 240, 224], [228, 38, 48], [44, 176, 196]])
    pixels = inks[bands].astype(np.float32)
    for turn, pitch, ink, tone in (
        (0.26, 0.021, (214, 24, 60), 0.62 + 0.3 * noise(y.shape, 4, 6)),
        (1.3, 0.021, (18, 50, 150), 0.18 + 0.42 * noise(y.shape, 3, 9)),
    ):
        u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        du, dv = (u / pitch + 0.5) % 1 - 0.5, (v / pitch + 0.5) % 1 - 0.5
        size = 0.5 * np.sqrt(np.clip(tone, 0, 0.85))
        dot = step(0, size - np.hypot(du, dv), 0.12) * (bands != 3) * (bands != 0)
        pixels = pixels * (1 - dot[..., None]) + np.array(ink) * dot[..., None]
    edges = np.zeros_like(y)
    for level in (-0.75, -0.2, 0.3, 0.85):
        gy, gx = np.gradient(field)
        distance = np.abs(field - level) / (np.hypot(gy, gx) + 1e-4)
        edges = np.maximum(edges, step(0, 4.6 + 2.5 * noise(y.shape, 7, 2) - distance, 2))
    return picture(pixels * (1 - edges[..., None]) + 16 * edges[..., None], (SIDE, SIDE))


def hatching():
    """Pen and ink on paper: lines in up to four directions, the darker the more."""
    y, x = grid(FINE, FINE)
    tone = 0.5 + 0.34 * noise(y.shape, 3.4, 14, 2) + 0.2 * np.sin(5 * x - 4 * y)
    bend = 0.05 * noise(y.shape, 3, 5) + 0.003 * noise(y.shape, 14, 6)
    ink = np.zeros_like(y)
    for turn, least, pitch in (
        (0.8, 0.86, 0.0145),
        (-0.7, 0.62, 0.0135),
        (0.1, 0.42, 0.0125),
        (1.6, 0.26, 0.0115),
    ):
        across = x * np.cos(turn) + y * np.sin(turn) + bend
        along = y * np.cos(turn) - x * np.sin(turn)
        number = np.floor(across / pitch)
        phase = np.sin(number * 12.9898) * 43758.5453 % 1
        weight = np.clip((least - tone) * 3.2, 0, 1) * (
            0.75 + 0.35 * np.sin(along * 17 + phase * 40)
        )
        width = 0.1 + 0.26 * weight
        inside = step(0, width - np.abs(across / pitch % 1 - 0.5), 0.13)
        ink = np.maximum(ink, inside * (weight > 0.02) * (0.8 + 0.2 * phase))
    paper = np.array([243, 233, 210]) + (4 * noise(y.shape, 60, 3, 2))[..., None]
    return picture(
        paper * (1 - ink[..., None]) + np.array([30, 24, 34]) * ink[..., None], (SIDE, SIDE)
    )


def marble():
    """Marbled paper: inks on water, drawn through each other."""
    y, x = grid(FINE, FINE)
    u, v = x.copy(), y.copy()
    for k, size in enumerate((0.34, 0.2, 0.1, 0.05)):
        cells = 2.2 * 1.9**k
        u = u + size * 0.55 * noise(y.shape, cells, 40 + k)
        v = v + size * 0.55 * noise(y.shape, cells, 60 + k)
    u = u + 0.035 * np.sin(26 * v)
    bands = 0.5 + 0.5 * np.sin(2 * np.pi * (3.1 * u + 1.7 * v + 0.5 * np.sin(4 * v)))
    inks = [
        [18, 44, 82],
        [24, 116, 134],
        [236, 226, 200],
        [214, 140, 52],
        [164, 42, 44],
        [40, 20, 46],
        [226, 190, 140],
    ]
    pixels = palette(bands * 0.98, inks)
    veins = np.abs(np.sin(2 * np.pi * (6.2 * u + 3.4 * v)))
    gold = step(0, 0.1 - veins, 0.1) * (0.4 + 0.6 * step(0, noise(y.shape, 6, 3), 0.6))
    pixels = pixels * (1 - 0.8 * gold[..., None]) + 0.8 * gold[..., None] * np.array(
        [246, 224, 158]
    )
    return picture(pixels * (1 + 0.035 * noise(y.shape, 90, 8, 2))[..., None], (SIDE, SIDE))


def mosaic():
    """Small stones in rings and rows, each of one colour, with mortar between them."""
    rng = np.random.default_rng(3)
    y, x = grid(FINE, FINE)
    points = []
    for cy, cx in ((0.36, 0.4), (0.95, 1.02)):
        for ring in range(1, 44):
            r = ring * 0.0285
            count = max(6, round(2 * np.pi * r / 0.0285))
            a = (np.arange(count) + rng.uniform()) / count * 2 * np.pi
            found = np.stack([cy + r * np.sin(a), cx + r * np.cos(a)], 1)
            other = np.hypot(found[:, 0] - 0.95, found[:, 1] - 1.02)
            mine = other >= 0.43 if cx < 1 else other < 0.415
            points += list(found[mine & (np.abs(found - 0.5).max(1) < 0.53)])
    points = np.array(points) + rng.normal(0, 0.0022, (len(points), 2))
    index, near, second = nearest(y, x, points)
    r1 = np.hypot(points[:, 0] - 0.36, points[:, 1] - 0.4)
    r2 = np.hypot(points[:, 0] - 0.95, points[:, 1] - 1.02)
    tone = np.where(r2 < 0.43, 0.5 + 0.5 * np.sin(r2 * 36), 0.5 + 0.5 * np.sin(r1 * 20 + 0.8))
    stones = [
        [24, 58, 96],
        [40, 130, 148],
        [232, 222, 198],
        [206, 162, 74],
        [168, 70, 42],
        [96, 28, 34],
    ]
    colours = palette(np.clip(tone + rng.normal(0, 0.07, len(points)), 0, 1), stones)
    colours = colours * rng.uniform(0.82, 1.14, (len(points), 1))
    mortar = step(0.0052, second - near, 0.004)
    pixels = colours[index] * lit(2.2 * mortar + 0.5 * noise(y.shape, 120, 9), 0.28)[..., None]
    return picture(
        pixels * mortar[..., None] + (1 - mortar[..., None]) * np.array([66, 58, 52]), (SIDE, SIDE)
    )


ALL = (stained_glass, flow_strokes, halftone, hatching, marble, mosaic)
