"""The table: every metric of training and every measure of quality; families by their beginning."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

from gan_core.metric_table import of_translators
from gan_core.metric_table.metric import POSITIVE, SHARE, Metric, quality

DISTANCE = "fd_"  # the family of Fréchet distances
WAYS = {"to_b": "a to b", "to_a": "b to a"}  # begin the names of measures of one direction
ERROR = "_error"  # ends the name of a measure's standard error

TRAINING: tuple[Metric, ...] = (
    Metric(
        "g_loss", "Generator loss", "g", "loss", "what G minimises",
        term="loss", first=True,
    ),
    Metric(
        "d_loss", "Discriminator loss", "d", "loss", "what D minimises, without penalties",
        term="loss", first=True,
    ),
    Metric(
        "fake_accuracy", "Fake accuracy", "fake", "accuracy", "share of fakes that D calls fake",
        range=SHARE, term="accuracy", first=True,
    ),
    Metric(
        "real_accuracy", "Real accuracy", "real", "accuracy",
        "share of real images that D calls real", range=SHARE, term="accuracy", first=True,
    ),
    Metric(
        "fake_prob", "Fake score, 0 to 1", "fake", "score", "mean of sigmoid(D(G(z)))",
        "fake, D(G(z))", range=SHARE, term="score",
    ),
    Metric(
        "real_prob", "Real score, 0 to 1", "real", "score", "mean of sigmoid(D(x))",
        "real, D(x)", range=SHARE, term="score",
    ),
    Metric(
        "fake_score", "Fake score", "fake", "raw_score", "mean of what D says of fakes",
        term="raw_score",
    ),
    Metric(
        "real_score", "Real score", "real", "raw_score", "mean of what D says of real images",
        term="raw_score",
    ),
    Metric(
        "g_grad_norm", "Generator gradient norm", "g", "gradients",
        "Euclidean norm of the gradient of g_loss over all weights of G",
        range=POSITIVE, log=True, term="gradient_norm",
    ),
    Metric(
        "d_grad_norm", "Discriminator gradient norm", "d", "gradients",
        "the same of D, penalties included", range=POSITIVE, log=True, term="gradient_norm",
    ),
    Metric(
        "penalty/", "", "d", "penalties", "a regulariser of D before its weight",
        range=POSITIVE, log=True, better="lower", term="penalty",
    ),
    Metric(
        "augment_p", "Augmentation", "d", "augment",
        "chance that an image meets each operation before D sees it",
        label="chance p", range=SHARE, term="augment",
    ),
    Metric(
        "class_accuracy_fake", "Class accuracy, fake", "fake", "classes",
        "share of fakes of which D names the class that was asked for",
        range=SHARE, term="class_accuracy",
    ),
    Metric(
        "class_accuracy_real", "Class accuracy, real", "real", "classes",
        "share of real images of which D names the class", range=SHARE, term="class_accuracy",
    ),
    Metric(
        "l1", "L1 to the target", "g", "l1",
        "mean difference between output and target, in the range [-1, 1], before its weight",
        "training", short="train", range=POSITIVE, log=True, better="lower", term="l1", listed=True,
    ),
    Metric(
        "cycle", "Cycle loss", "g", "cycle",
        "mean difference between an image and itself there and back, of both sides, before its weight",
        range=POSITIVE, log=True, better="lower", term="cycle", listed=True,
    ),
    Metric(
        "identity", "Identity loss", "g", "identity",
        "how much a generator changes images of the side that it makes, before its weight",
        range=POSITIVE, log=True, better="lower", term="identity",
    ),
    Metric(
        "nce", "Patch loss", "g", "nce",
        "how badly a patch of the output tells its own patch of the input from others, before its "
        "weight", range=POSITIVE, log=True, better="lower", term="nce",
    ),
    Metric(
        "content_loss", "Content loss", chart="content_loss",
        says="how far the picture is from what the content shows, before its weight",
        label="content", range=POSITIVE, log=True, better="lower", term="style_losses",
    ),
    Metric(
        "style_loss", "Style loss", chart="style_loss",
        says="how far it is from the manner of the style, before its weight",
        label="style", range=POSITIVE, log=True, better="lower", term="style_losses",
    ),
    Metric(
        "tv_loss", "Roughness", chart="tv_loss",
        says="differences between neighbouring pixels (total variation), before their weight",
        label="roughness", range=POSITIVE, log=True, term="style_losses",
    ),
    Metric(
        "total_loss", "Total loss", chart="total_loss",
        says="the three losses times their weights: what is made smaller",
        label="total", range=POSITIVE, log=True, better="lower", term="style_losses",
    ),
)  # fmt: skip


TRAINING += of_translators.of_a_side("a") + of_translators.of_a_side("b")


QUALITY = (
    quality(
        DISTANCE, "Fréchet distance", "short",
        "how far the fakes are from the data; lower is closer", "lower", log=True, term="frechet",
    ),
    quality(
        "kd_", "kernel distance", "short", "the same by another formula, sure with fewer images",
        "lower", range=(-math.inf, math.inf),
    ),
    quality(
        "precision", "precision", "share", "fakes that lie among real images", "higher",
        term="precision",
    ),
    quality(
        "recall", "recall", "share", "real images that lie among fakes", "higher", term="recall",
    ),
    quality(
        "density", "density", "short", "how thick real images lie around a fake", "higher",
        term="density",
    ),
    quality(
        "coverage", "coverage", "share", "real images with a fake nearby", "higher",
        term="coverage",
    ),
    quality(
        "diversity", "diversity", "short",
        "distance between two fakes over that of two real images", term="diversity",
    ),
    quality(
        "class_diversity", "least varied class", "short",
        "the same inside the class that has least", term="diversity",
    ),
    quality(
        "class_kl", "KL of classes", "short",
        "nats between the classes made and those of the data", "lower", unit="nats", term="kl",
    ),
    quality(
        "class_accuracy", "right class", "share", "fakes that show the class that was asked for",
        "higher",
    ),
    quality("duplicates", "near-duplicates", "share", "fakes with a twin among them", "lower"),
    quality(
        "support", "different images", "count",
        "how many the twins let expect (birthday estimate)", "higher",
    ),
    quality(
        "modes", "modes covered", "count",
        "modes with at least a tenth of their share of the points", "higher",
    ),
    quality(
        "near", "near a mode", "share", "points within three standard deviations of a mode",
        "higher",
    ),
    quality(
        "mode_kl", "KL of modes", "short", "nats between the modes made and equal shares",
        "lower", unit="nats", term="kl",
    ),
    quality(
        "copies", "copies", "share",
        "fakes nearer to a training image than held-out ones are", "lower", term="copies",
    ),
    quality(
        "missing_classes", "missing classes", "count", "classes that are nearly gone", "lower",
        listed=False,
    ),
    quality(
        "thin_classes", "rare classes", "count", "classes that are made too rarely", "lower",
        listed=False,
    ),
    quality(
        "d_score_", "score of D", "short", "what D says of training, held-out or fake images",
        range=(-math.inf, math.inf), listed=False,
    ),
    quality(
        "d_gap_", "gap of D", "short",
        "how well the score tells training images from held-out ones", listed=False,
    ),
    *of_translators.QUALITY,
    quality(
        "authentic", "authentic", "share",
        "fakes farther from their nearest training image than that is from its own", "higher",
        listed=False,
    ),
)  # fmt: skip

_NAMED = {m.name: m for m in (*TRAINING, *QUALITY) if not m.is_family}
_FAMILIES = tuple(m for m in (*TRAINING, *QUALITY) if m.is_family)


@functools.lru_cache(maxsize=1024)
def find(name: str) -> Metric:
    """What is known of a metric; of an unknown name nothing but the name."""
    if name in _NAMED:
        return _NAMED[name]
    if name.endswith(ERROR):
        of = find(name.removesuffix(ERROR))
        return Metric(name, f"{of.title}, standard error", says=f"standard error of {of.name}")
    family = next((m for m in _FAMILIES if name.startswith(m.name) and name != m.name), None)
    if family is not None:
        return replace(family, name=name, title=_title(family, name))
    return _of_way(name) or _of_class(name) or Metric(name, name)


def _title(family: Metric, name: str) -> str:
    """That of its family; a penalty has its own: penalty/zero_centred is 'Zero centred penalty'."""
    if family.title:
        return family.title
    kind = name.removeprefix(family.name)
    words = kind.replace("_", " ").removesuffix("penalty").rstrip()
    return f"{words[:1].upper()}{words[1:]} penalty".lstrip()


def _of_way(name: str) -> Metric | None:
    """A quality measure of one of two directions: to_b/class_kept."""
    way, _, rest = name.partition("/")
    if way not in WAYS or not rest:
        return None
    known = find(rest)
    return replace(known, name=name, title=f"{known.title}, {WAYS[way]}", listed=False)


def _of_class(name: str) -> Metric | None:
    """A quality measure inside one class: class_accuracy/3."""
    of, _, label = name.partition("/")
    if not label or of not in _NAMED:
        return None
    known = _NAMED[of]
    return replace(known, name=name, title=f"{known.title}, class {label}", listed=False)


def is_known(name: str) -> bool:
    """Whether the table says anything of this name."""
    return find(name) != Metric(name, name)


def is_distance(name: str) -> bool:
    """Whether it is a Fréchet distance, whatever its features and count."""
    return name.startswith(DISTANCE) and not name.endswith(ERROR)


def measured_by(name: str) -> str:
    """How a Fréchet distance was taken, by its name: fd_judge_2k is 'judge features, 2k fakes'."""
    _, features, count = (*name.split("_"), "", "")[:3]
    if features == "points":
        return f"{count} points".lstrip()
    return f"{features} features" + (f", {count} fakes" if count else "")


def first_shown() -> list[str]:
    """Names of the metrics that Compare shows before anybody chose."""
    return [m.name for m in TRAINING if m.first]


def names_of(chart: str) -> tuple[str, ...]:
    """Names of the metrics that share a chart, the generator's side first."""
    return tuple(m.name for m in TRAINING if m.chart == chart and not m.is_family)
