"""The content picture of fruit on a table beside a jug: balls in one light, found by following rays."""

import numpy as np
from PIL import ImageFilter

from tools.style_pictures.fields import grid, noise, palette, picture, step

SQUARE = (448, 448)

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
