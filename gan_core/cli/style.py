"""`style`: a picture painted in the manner of another, at once or step by step."""

from __future__ import annotations

import sys
import time

from gan_core import recipes
from gan_core.cli.common import command, lab_of, note
from gan_core.cli.training import WHO, advance
from gan_core.data import content_style
from gan_core.errors import ConfigError, DataError
from gan_core.storage import decode, files, images, outputs
from gan_core.tasks import stylisation

SUFFIXES = (".png",)
RECIPES = {"patches": "style_patches", "vgg19": "style_vgg19"}
LEAST, MOST = 32, 1024  # pixels of the longer side
SIZES = {"instant": 512, "optimise": 256}
EVERY = 2.0  # seconds between two lines about a download


def add(commands) -> None:
    """Declare the command."""
    style = command(commands, "style", _style, "Paint a picture in the manner of another.")
    style.add_argument(
        "--content",
        required=True,
        metavar="FILE",
        help=f"what is in the picture: a file, or one of {', '.join(content_style.bundled('contents'))}",
    )
    style.add_argument(
        "--style",
        required=True,
        action="append",
        dest="styles",
        metavar="FILE[=SHARE]",
        help="its manner: a file, or one of "
        f"{', '.join(content_style.bundled('styles'))}; given up to three times, they are mixed",
    )
    style.add_argument("--out", required=True, metavar="FILE", help="the picture to write, .png")
    style.add_argument(
        "--mode",
        choices=("instant", "optimise"),
        default="instant",
        help="instant: one pass of a network; optimise: a run whose picture is trained "
        "(default: instant)",
    )
    style.add_argument(
        "--size",
        type=int,
        metavar="PIXELS",
        help=f"longer side, {LEAST} to {MOST} (default: 512; 256 to optimise)",
    )
    instant = style.add_argument_group("instant")
    instant.add_argument("--strength", type=float, help="of the style, 0 to 1 (default: 1)")
    instant.add_argument(
        "--keep-colours", action="store_true", help="keep the colours of the content"
    )
    optimise = style.add_argument_group("optimise")
    optimise.add_argument("--steps", type=int, help="how many (default: as the recipe has it)")
    optimise.add_argument(
        "--engine",
        choices=tuple(RECIPES),
        help="what judges the style: patches, without any network, or VGG19 as in TensorFlow's "
        "tutorial (default: patches)",
    )
    optimise.add_argument(
        "--start", choices=("content", "noise", "instant"), help="the picture before the first step"
    )
    optimise.add_argument(
        "--download", action="store_true", help="VGG19's weights may be downloaded (80 MB)"
    )
    words = ", ".join(stylisation.WORDS)
    optimise.add_argument(
        "--style-layers", metavar="WORDS", help=f"where style is compared, with commas: {words}"
    )
    optimise.add_argument(
        "--content-layers", metavar="WORDS", help="the same of content; by VGG19 alone"
    )
    style.set_defaults(log_dir=None)


def _style(args) -> int | None:
    out = outputs.check_file(args.out, SUFFIXES)
    _check(args)
    size = args.size or SIZES[args.mode]
    content = _picture("contents", args.content, size)
    if args.mode == "optimise":
        return _optimise(args, out, size, content)
    styles, shares = zip(*(_shared(text) for text in args.styles), strict=True)
    pictures = [_picture("styles", style, size) for style in styles]
    started = time.perf_counter()
    strength = 1.0 if args.strength is None else args.strength
    made = lab_of(args).stylise(content, pictures, shares, strength, args.keep_colours)
    files.write_atomic(out, images.png(made))
    note(f"{made.shape[1]} x {made.shape[0]} pixels, {time.perf_counter() - started:.1f} s")
    print(out)
    return None


def _check(args) -> None:
    """Flags of the other mode are refused: what they ask for would not happen."""
    if args.size is not None and not LEAST <= args.size <= MOST:
        raise ConfigError(f"`--size` must be {LEAST} to {MOST}. Received: {args.size}.")
    if args.strength is not None and not 0 <= args.strength <= 1:
        raise ConfigError(f"`--strength` must be between 0 and 1. Received: {args.strength}.")
    of = {
        "optimise": ("steps", "engine", "start", "download", "style_layers", "content_layers"),
        "instant": ("strength", "keep_colours"),
    }
    other = "instant" if args.mode == "optimise" else "optimise"
    for name in of[other]:
        if getattr(args, name) not in (None, False):
            flag = f"--{name.replace('_', '-')}"
            raise ConfigError(f"`{flag}` is for `--mode {other}`. Received: `--mode {args.mode}`.")
    if args.content_layers and args.engine != "vgg19":
        raise ConfigError(
            "`--content-layers` is for `--engine vgg19`: by patches, content is the edges of brightness, "
            "which has no layers."
        )
    if args.mode == "optimise" and len(args.styles) > 1:
        raise ConfigError("One style is optimised at a time; a mix is for `--mode instant`.")


def _shared(text: str) -> tuple[str, float]:
    """'waves.jpg=0.3' is a file and its share; without one the share is 1."""
    name, found, share = text.rpartition("=")
    if not found or text in content_style.bundled("styles"):
        return text, 1.0
    try:
        return name, float(share)
    except ValueError:
        return text, 1.0  # a file whose name has a "="


def _picture(kind: str, name: str, size: int):
    """uint8 [H, W, 3] of a file, or of the app's own by its name."""
    known = content_style.bundled(kind)
    path = content_style.path_of(kind, name) if name in known else name
    try:
        return decode.read(path, size)
    except DataError as error:
        raise DataError(f"{error} Of the app itself: {', '.join(known)}.") from error


def _optimise(args, out, size: int, content) -> int:
    lab, recipe = lab_of(args), RECIPES[args.engine or "patches"]
    if recipe == "style_vgg19":
        _vgg19(args.download)
    style = _picture("styles", args.styles[0], size)
    name = f"{args.content}_in_{args.styles[0]}"
    name = name if content_style.parts(name) else content_style.OWN
    wanted = {"picture_size": size, "start_from": args.start, "num_steps": args.steps}
    wanted |= _layers(recipe, args)
    config = lab.make_config(recipe, name, **{n: v for n, v in wanted.items() if v is not None})
    run = lab.create(config, who=WHO, pictures=(content, style))
    note(f"{run.id}: {size} pixels, in {run.path}")
    code = advance(lab, run.id, args)
    painting = lab.open(run.id)
    files.write_atomic(out, images.png(painting.pixels))
    note(f"step {painting.step}: {out}")
    return code


def _layers(recipe: str, args) -> dict[str, str]:
    """The settings that the words for layers mean."""
    asked = {"style": args.style_layers, "content": args.content_layers}
    found = stylisation.layers(recipes.get(recipe).defaults)
    settings = {found[what]["setting"]: words for what, words in asked.items() if words}
    return {name: stylisation.named(name, words) for name, words in settings.items()}


def _vgg19(allowed: bool) -> None:
    """Its weights are there, or somebody says that they may be downloaded."""
    from gan_core.networks import vgg19_file

    if vgg19_file.is_here():
        return
    if not allowed and sys.stdin.isatty():
        note(f"The weights of VGG19 are {vgg19_file.MEGABYTES} MB. Download them now? [y/N] ")
        allowed = sys.stdin.readline().strip().lower() in ("y", "yes")
    if not allowed:
        vgg19_file.require()
    vgg19_file.download(progress=_Received().told)


class _Received:
    """A line now and then while the file comes."""

    def __init__(self):
        self._told = time.monotonic()

    def told(self, count: int) -> None:
        from gan_core.networks import vgg19_file

        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            note(f"{count / 1e6:.0f} of {vgg19_file.MEGABYTES} MB of VGG19")
