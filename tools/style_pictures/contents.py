"""Three pictures to restyle: houses at a canal, fruit on a table, a lake in the mountains."""

import numpy as np
from PIL import Image, ImageDraw

from tools.style_pictures.fields import grid, noise, palette, picture, step
from tools.style_pictures.fruit import fruit

WIDE = 512, 384


def lake():
    """Ridges in the haze of an evening, a sun, and their reflection in the water."""
    width, height = 2 * WIDE[0], 2 * WIDE[1]
    y, x = grid(height, width)
    shore, ratio = 0.62, width / height
    sky = palette(y / shore, [[52, 84, 150], [122, 150, 196], [242, 196, 150], [252, 166, 96]])
    streaks = np.repeat(noise((height, width // 8), 11, 23, 5), 8, axis=1)
    clouds = step(0.5, streaks - np.abs(y - 0.2) * 2.2 + 0.05, 1.3)
    sky = sky + clouds[..., None] * (np.array([255, 208, 178]) - sky) * 0.8
    sun = np.hypot(y - 0.43, x - 0.9)
    sky += np.exp(-((sun / 0.22) ** 2))[..., None] * np.array([60, 40, 0])
    sky = sky + step(0, 0.052 - sun, 0.006)[..., None] * (np.array([255, 244, 206]) - sky)
    ridges = [
        (0.41, 0.16, 2.4, 0.33, [150, 146, 182]),
        (0.47, 0.15, 3.1, 0.375, [112, 112, 158]),
        (0.52, 0.10, 4.2, 0, [74, 86, 126]),
        (0.575, 0.05, 6.0, 0, [42, 66, 84]),
    ]
    for k, (base, high, cells, snow_line, colour) in enumerate(ridges):
        profile = np.zeros(width)
        for octave in range(6):
            waves = noise((height, width), cells * 1.9**octave, 31 * k + octave)[5]
            profile = profile + (0.9 - 1.6 * np.abs(waves)) * 0.5**octave
        top = base - high * (0.3 + 0.6 * profile)
        under = np.clip((y - top) / 0.2, 0, 1.6)[..., None]
        shade = np.array(colour) + 26 * under * np.array([1, 0.8, 0.6])
        shade = shade + (noise(y.shape, 14, 7 + k, 4) * (14 if k < 3 else 8))[..., None]
        snow = step(0, snow_line - y + 0.03 * noise(y.shape, 30, 60 + k, 4), 0.015)[..., None]
        shade = shade + snow * np.array([104, 92, 62])
        inside = step(0, y - top, 0.004)[..., None]
        sky = sky * (1 - inside) + shade * inside
    land = Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))
    _pines(land, shore * height)
    return picture(_mirrored(np.asarray(land, np.float32), shore, y, x, [30, 62, 92], ratio), WIDE)


def _pines(land, foot):
    """Rows of firs along the shore, the nearer ones larger and darker."""
    rng, draw = np.random.default_rng(4), ImageDraw.Draw(land)
    spots = [(p, rng.uniform(26, 60), (30, 58, 62)) for p in rng.uniform(0, land.width, 90)]
    near = [*rng.uniform(0, 250, 16), *rng.uniform(860, land.width, 14)]
    spots += [(p, rng.uniform(110, 230), (14, 34, 40)) for p in near]
    for at, tall, colour in spots:
        for k in range(14):
            t = k / 13
            top, half = foot - tall * (1 - t), (0.02 + 0.2 * t) * tall * rng.uniform(0.8, 1.1)
            tint = tuple(int(c * (1.25 - 0.35 * t)) for c in colour)
            low = top + tall * 0.15
            draw.polygon([(at, top - tall * 0.05), (at - half, low), (at + half, low)], fill=tint)


def _mirrored(land, shore, y, x, deep, ratio):
    """What lies above the shore, upside down in rippled water below it."""
    height, width = land.shape[:2]
    depth = np.clip(y - shore, 0, 1)
    ripple = noise(y.shape, 10, 12) * 0.5 + np.sin(240 * depth**0.7 + 3 * noise(y.shape, 5, 2))
    row = np.clip((shore - depth * 0.94 + 0.012 * ripple * np.sqrt(depth)) * height, 0, height - 1)
    column = np.clip(np.arange(width) + 9 * ripple * np.sqrt(depth), 0, width - 1)
    water = land[row.astype(int), column.astype(int)]
    water = 0.78 * water + 0.22 * np.array(deep) - 40 * depth[..., None]
    glints = step(0.9, ripple, 0.3) * np.exp(-(((x - 0.67 * ratio) / 0.12) ** 2))
    water = water + 44 * glints[..., None]
    below = step(shore, y, 0.003)[..., None]
    return land * (1 - below) + water * below


def canal():
    """A row of gabled houses with their windows lit, over a canal with a boat."""
    width, height = 2 * WIDE[0], 2 * WIDE[1]
    y, x = grid(height, width)
    shore = 0.70
    sky = palette(y / shore, [[96, 150, 206], [164, 200, 226], [238, 224, 204]])
    clouds = step(0.3, noise(y.shape, 4, 17, 5) - 1.0 * np.abs(y - 0.17) * 2.0 + 0.25, 0.5)
    sky = sky + clouds[..., None] * (np.array([250, 248, 244]) - sky) * 0.9
    land = Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))
    draw, rng = ImageDraw.Draw(land), np.random.default_rng(8)
    walls = [
        (178, 62, 44),
        (222, 172, 92),
        (84, 112, 130),
        (196, 96, 60),
        (230, 214, 184),
        (122, 52, 46),
        (96, 128, 96),
        (212, 134, 66),
    ]
    left, foot = -14, int(shore * height)
    for k, wall in enumerate(walls):
        wide, tall = int(rng.integers(118, 150)), int(rng.integers(300, 400))
        _house(draw, rng, left, foot, wide, tall, wall, k)
        left += wide
    _tree(draw, rng, 160, foot), _tree(draw, rng, 830, foot)
    draw.rectangle([0, foot - 14, width, foot], fill=(112, 98, 88))
    for at in range(-10, width, 46):
        draw.line([at, foot - 14, at, foot], fill=(84, 72, 66), width=2)
    pixels = np.asarray(land, np.float32)
    pixels = pixels * (1 + 0.05 * noise(y.shape, 70, 5, 3))[..., None]
    pixels = _mirrored(pixels, shore, y, x, [38, 70, 78], 9.0)
    whole = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    _boat(ImageDraw.Draw(whole), 560, int(0.83 * height))
    return picture(np.asarray(whole, np.float32), WIDE)


def _house(draw, rng, left, foot, wide, tall, wall, kind):
    """A narrow front with a gable of one of three shapes, rows of windows and a door."""
    right, top = left + wide, foot - tall
    dark, light = (tuple(int(c * f) for c in wall) for f in (0.72, 1.16))
    draw.rectangle([left, top, right, foot], fill=wall)
    middle, peak = (left + right) // 2, top - int(rng.integers(70, 100))
    if kind % 3 == 0:  # steps
        for s in range(5):
            inset = s * wide // 11
            draw.rectangle([left + inset, top - (s + 1) * 17, right - inset, top], fill=wall)
            draw.rectangle(
                [left + inset, top - (s + 1) * 17 - 4, right - inset, top - (s + 1) * 17 + 2],
                fill=(236, 226, 208),
            )
    elif kind % 3 == 1:  # a point
        draw.polygon([(left, top), (middle, peak), (right, top)], fill=dark)
        draw.line([(left, top), (middle, peak), (right, top)], fill=(240, 230, 212), width=7)
    else:  # a bell
        for s in range(60):
            half = wide / 2 * (0.24 + 0.76 * (0.5 + 0.5 * np.cos(np.pi * s / 60)))
            draw.line(
                [(middle - half, top - s * 1.4), (middle + half, top - s * 1.4)], fill=wall, width=3
            )
        draw.ellipse([middle - 20, top - 96, middle + 20, top - 64], fill=(240, 230, 212))
    draw.rectangle([left, top - 3, right, top + 5], fill=(240, 230, 212))
    draw.rectangle([right - 7, top, right, foot], fill=dark)
    draw.rectangle([left, top, left + 4, foot], fill=light)
    draw.ellipse([middle - 11, top - 38, middle + 11, top - 14], fill=(46, 50, 60))
    rows, step_y = 3 + (tall > 340), tall // (4 + (tall > 340))
    for row in range(rows):
        for column in range(3):
            cx = left + wide * (2 * column + 1) // 6
            cy = top + 26 + row * step_y
            lit_up = rng.uniform() < 0.3
            pane = (252, 214, 120) if lit_up else (52, 66, 84)
            draw.rectangle([cx - 14, cy - 3, cx + 14, cy + 43], fill=(244, 238, 224))
            draw.rectangle([cx - 10, cy + 1, cx + 10, cy + 39], fill=pane)
            draw.line([cx, cy, cx, cy + 40], fill=(244, 238, 224), width=3)
            draw.line([cx - 10, cy + 15, cx + 10, cy + 15], fill=(244, 238, 224), width=3)
    doors = [(28, 84, 66), (120, 30, 34), (36, 52, 96)]
    draw.rectangle([middle - 17, foot - 70, middle + 17, foot], fill=(240, 230, 212))
    draw.rectangle([middle - 13, foot - 66, middle + 13, foot], fill=doors[kind % 3])


def _tree(draw, rng, at, foot):
    draw.line([at, foot, at + 4, foot - 150], fill=(70, 50, 42), width=11)
    for _ in range(420):
        a, r = rng.uniform(0, 2 * np.pi), 78 * np.sqrt(rng.uniform())
        px, py = at + r * np.cos(a), foot - 196 + 0.95 * r * np.sin(a)
        tone = 0.7 + 0.35 * rng.uniform() - 0.25 * (py - foot + 196) / 78
        size = rng.uniform(5, 13)
        colour = tuple(int(c * tone) for c in (92, 142, 62))
        draw.ellipse([px - size, py - size, px + size, py + size], fill=colour)


def _boat(draw, at, line):
    draw.polygon(
        [
            (at - 150, line - 34),
            (at + 160, line - 40),
            (at + 118, line + 14),
            (at - 112, line + 14),
        ],
        fill=(150, 42, 36),
    )
    draw.polygon(
        [
            (at - 150, line - 34),
            (at + 160, line - 40),
            (at + 156, line - 30),
            (at - 146, line - 24),
        ],
        fill=(246, 238, 220),
    )
    draw.rectangle([at - 48, line - 80, at + 50, line - 33], fill=(236, 222, 190))
    draw.rectangle([at - 56, line - 88, at + 58, line - 78], fill=(60, 76, 92))
    for k in range(3):
        draw.rectangle(
            [at - 36 + 30 * k, line - 68, at - 18 + 30 * k, line - 48], fill=(70, 106, 130)
        )
    draw.polygon(
        [(at - 112, line + 14), (at + 118, line + 14), (at + 96, line + 42), (at - 88, line + 42)],
        fill=(74, 46, 50),
    )


ALL = (canal, fruit, lake)
