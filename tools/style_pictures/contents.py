"""Three pictures to restyle: houses at a canal, fruit on a table, a lake in the mountains."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tools.style_pictures.fields import grid, noise, palette, picture, step

WIDE, SQUARE = (512, 384), (448, 448)


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


FRUIT = (  # centre (x, y, z), radius, colour, roughness of the skin
    ((-0.62, 0.40, 0.25), 0.40, (206, 44, 36), 0.05),
    ((0.24, 0.46, 0.62), 0.46, (240, 138, 28), 0.10),
    ((0.86, 0.36, -0.10), 0.36, (150, 178, 52), 0.05),
    ((0.10, 0.30, -0.50), 0.30, (236, 200, 60), 0.08),
    ((-0.95, 0.22, -0.62), 0.22, (96, 34, 84), 0.02),
    ((-0.55, 0.20, -0.85), 0.20, (104, 40, 92), 0.02),
    ((-0.30, 0.21, -0.66), 0.21, (90, 30, 80), 0.02),
)
LIGHT = np.array([-0.62, 0.68, -0.42]) / np.linalg.norm([-0.62, 0.68, -0.42])


def fruit():
    """Spheres on a cloth, traced ray by ray: light, shadow, shine and a jug behind."""
    width, height = 2 * SQUARE[0], 2 * SQUARE[1]
    y, x = grid(height, width)
    eye = np.array([0.0, 1.25, -3.3])
    rays = np.stack([(x - 0.5) * 1.02, -(y - 0.56) * 1.02 - 0.30, np.ones_like(x)], -1)
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    wall = palette(
        0.25 + 0.6 * y + 0.22 * noise(y.shape, 2.4, 5, 3),
        [[44, 54, 60], [98, 104, 92], [150, 134, 104]],
    )
    pixels = wall * (1.1 - 0.5 * np.hypot(x - 0.3, y - 0.3))[..., None]
    depth = -eye[1] / np.minimum(rays[..., 1], -1e-4)
    place = eye + depth[..., None] * rays
    table = (rays[..., 1] < -1e-3) & (place[..., 2] < 2.4)
    folds = 0.06 * noise(y.shape, 3, 9, 2)
    checks = (np.sin(4.4 * (place[..., 0] + folds)) * 6, np.sin(4.4 * (place[..., 2] + folds)) * 6)
    cloth = sum(np.clip(c, -1, 1) for c in checks) / 4 + 0.5
    linen = palette(cloth, [[58, 92, 138], [150, 172, 192], [240, 234, 220]])
    shade = 0.38 + 0.62 * _lit(place) * (0.75 + 0.35 * LIGHT[1])
    occluded = np.ones_like(y)
    for centre, radius, _, _ in FRUIT:
        away = np.hypot(place[..., 0] - centre[0], place[..., 2] - centre[2]) / radius
        occluded *= 1 - 0.55 * np.exp(-((away / 1.05) ** 2))
    pixels = np.where(table[..., None], linen * (shade * occluded)[..., None], pixels)
    pixels = _jug(pixels, y, x)
    nearest = np.full(y.shape, np.inf)
    for k, one in enumerate(FRUIT):
        pixels, nearest = _sphere(pixels, nearest, eye, rays, one, k)
    soft = picture(pixels, SQUARE)
    return soft.filter(ImageFilter.UnsharpMask(2, 40, 0))


def _hit(origin, rays, centre, radius):
    """Distance to a sphere along rays; infinite beside it."""
    to = origin - np.array(centre)
    b = (rays * to).sum(-1)
    inside = b * b - (to * to).sum(-1) + radius * radius
    distance = -b - np.sqrt(np.maximum(inside, 0))
    return np.where((inside > 0) & (distance > 1e-3), distance, np.inf)


def _lit(place):
    """1 where light falls, less in the soft shadow of a fruit."""
    light = np.ones(place.shape[:2])
    for dx, dz in ((0, 0), (0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)):
        towards = LIGHT + np.array([dx, 0, dz])
        towards = towards / np.linalg.norm(towards)
        blocked = np.zeros(place.shape[:2], bool)
        for centre, radius, _, _ in FRUIT:
            blocked |= np.isfinite(
                _hit(place, np.broadcast_to(towards, place.shape), centre, radius)
            )
        light -= 0.2 * blocked
    return light


def _sphere(pixels, nearest, eye, rays, one, seed):
    centre, radius, colour, rough = one
    distance = _hit(eye, rays, centre, radius)
    seen = distance < nearest
    place = eye + np.where(seen, distance, 0)[..., None] * rays
    normal = (place - np.array(centre)) / radius
    grain = noise(distance.shape, 60, seed, 2)
    normal = normal + rough * np.stack(
        [grain, noise(distance.shape, 60, seed + 9, 2), grain * 0], -1
    )
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    facing = np.clip((normal * LIGHT).sum(-1), 0, 1) * _lit(place + 0.01 * normal)
    half = LIGHT - rays
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    shine = np.clip((normal * half).sum(-1), 0, 1) ** (60 - 300 * rough) * (facing > 0)
    streaks = 1 + 0.16 * noise(distance.shape, 9, seed + 3, 3)
    blush = np.array(colour) * streaks[..., None] + 26 * np.clip(normal[..., 1:2], 0, 1) * np.array(
        [1, 0.7, 0.1]
    )
    bounce = 0.20 * np.clip(-normal[..., 1:2], 0, 1) * np.array([210, 204, 190])
    stalk = step(0.985, normal[..., 1], 0.02)[..., None]
    shaded = (
        blush * (0.26 + 0.86 * facing)[..., None]
        + bounce
        + 150 * shine[..., None] * (1 - 4 * rough)
    )
    shaded = shaded * (1 - 0.75 * stalk)
    return np.where(seen[..., None], shaded, pixels), np.minimum(nearest, distance)


def _jug(pixels, y, x):
    """A glazed jug in the back: its outline turned round an axis."""
    t = (y - 0.13) / 0.36
    half = (
        0.062
        + 0.075 * np.sin(np.clip(t, 0, 1) * np.pi * 0.92) ** 1.4
        + 0.018 * np.exp(-((t / 0.08) ** 2))
    )
    across = (x - 0.69) / half
    inside = (np.abs(across) < 1) & (t > 0) & (t < 1)
    tone = (
        0.30
        + 0.75 * np.clip(-0.55 * across + 0.83 * np.sqrt(np.clip(1 - across**2, 0, 1)), 0, 1) ** 1.2
    )
    band = step(0, 0.05 - np.abs(t - 0.46), 0.02) + step(0, 0.016 - np.abs(t - 0.56), 0.01)
    glaze = (
        np.array([222, 214, 196]) * (1 - band[..., None])
        + np.array([40, 74, 132]) * band[..., None]
    )
    shine = np.exp(-(((across + 0.42) / 0.1) ** 2 + ((t - 0.42) / 0.2) ** 2))
    ring = np.abs(np.hypot((x - 0.82) / 0.075, (y - 0.27) / 0.085) - 1)
    handle = (ring < 0.17) & (x > 0.76) & ~inside
    grip = np.array([206, 196, 178]) * (1.0 - 2.6 * ring)[..., None] * 0.8
    pixels = np.where(handle[..., None], grip, pixels)
    return np.where(inside[..., None], glaze * tone[..., None] + 90 * shine[..., None], pixels)


ALL = (canal, fruit, lake)
