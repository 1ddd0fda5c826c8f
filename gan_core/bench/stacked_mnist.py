"""`bench stacked-mnist`: how many of 1,000 modes a recipe finds, by the published protocol.

PacGAN's (Lin et al., 2018, https://arxiv.org/abs/1712.04086): 128,000 stacks, 50 epochs of batches of
64, then 26,000 fakes; a digit classifier reads each channel, modes are the distinct triples, and the
Kullback-Leibler divergence is that of the triples from equal shares. Our judge is the bundled one; its
accuracy is printed, because a worse judge sees modes that are not there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gan_core.data import stacked
from gan_core.storage import images as pixels
from gan_core.tasks import latent

SAMPLES = 26_000
BATCH = 64
EPOCHS = 50
FULL_STEPS = EPOCHS * stacked.NUM_TRAIN // BATCH
CHUNK = 500
PUBLISHED = (  # modes, KL, where: each with networks and settings of its own
    ("DCGAN", "99", "3.40", "PacGAN, table 2"),
    ("PacDCGAN2", "1000", "0.06", "PacGAN, table 2"),
    ("GAN + R1 + R2", "693", "0.927", "R3GAN, table 1"),
    ("RpGAN + R1 + R2", "1000", "0.0781", "R3GAN, table 1"),
)


class Modes(NamedTuple):
    """Distinct triples among the samples, and their divergence from equal shares in nats."""

    count: int
    kl: float
    samples: int


def modes_of(triples: np.ndarray) -> Modes:
    """From digits read in each channel: ints [N, 3] in 0..9."""
    index = triples @ np.array([100, 10, 1])
    shares = np.bincount(index, minlength=stacked.MODES) / len(index)
    found = shares > 0
    kl = float((shares[found] * np.log(shares[found] * stacked.MODES)).sum())
    return Modes(int(found.sum()), kl, len(index))


def read_digits(judge, images: np.ndarray) -> np.ndarray:
    """Digits [N, 3] that the judge sees in the channels of uint8 [N, H, W, 3]."""
    from gan_core.evaluation.judge import look

    seen = [look(judge, np.ascontiguousarray(images[..., k : k + 1]))[1] for k in range(3)]
    return np.stack(seen, axis=1)


def measure(generator, judge, *, samples: int = SAMPLES, seed: int = 0) -> Modes:
    """Modes of a generate.TrainedGenerator."""
    z = latent.sample(samples, generator.latent_dim, seed=seed, prior=generator.prior)
    triples = [
        read_digits(judge, pixels.to_uint8(generator.images(z[i : i + CHUNK], None)))
        for i in range(0, samples, CHUNK)
    ]
    return modes_of(np.concatenate(triples))


def add_parser(subparsers) -> None:
    """Declare `bench stacked-mnist`."""
    from gan_core.cli.common import add_json, command

    text = "Modes of Stacked MNIST that a recipe finds; needs the full MNIST, and hours."
    parser = command(subparsers, "stacked-mnist", run, text)
    parser.add_argument("--recipe", default="r3gan", help="without class labels (default: r3gan)")
    parser.add_argument(
        "--steps", type=int, default=FULL_STEPS,
        help=f"to train (default: {FULL_STEPS}, the protocol's 50 epochs)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="of the run (default: 1)")
    parser.add_argument("--run", metavar="RUN", help="measure this run instead of training one")
    parser.add_argument(
        "--samples", type=int, default=SAMPLES, help=f"fakes that are read (default: {SAMPLES})"
    )
    add_json(parser)


def run(args) -> int:
    """Train (or take a run), measure, print."""
    from gan_core.cli.common import lab_of, note, print_json, print_table

    lab = lab_of(args)
    judge, accuracy = _judge(lab)
    run_id = args.run or _train(lab, args)
    if run_id is None:
        return 1
    found = measure(lab.open_generator(run_id), judge, samples=args.samples)
    status = lab.store.get(run_id).status()
    done = status.images_seen / (EPOCHS * stacked.NUM_TRAIN)
    row = {
        "run": run_id, "recipe": lab.store.get(run_id).config["recipe"], "modes": found.count,
        "kl": found.kl, "samples": found.samples, "steps": status.step,
        "share_of_protocol": done, "judge_accuracy": accuracy,
    }  # fmt: skip
    if args.json:
        print_json(row)
        return 0
    ours = (f"{row['recipe']}, {run_id}", found.count, f"{found.kl:.3g}", f"{done:.1%} of protocol")
    print_table([ours, *PUBLISHED], ("", "modes", "KL", ""))
    note(f"{found.samples:,} fakes, judge right about {accuracy:.2%} of held-out digits.")
    return 0


def _judge(lab):
    """The bundled digit judge and its accuracy on MNIST's held-out digits."""
    from gan_core import data
    from gan_core.evaluation.features import cache_folder, open_judge
    from gan_core.evaluation.judge import accuracy

    mnist = data.load("mnist", lab.data_dir)
    judge = open_judge(mnist, cache_folder(lab.data_dir))
    return judge, accuracy(judge, mnist.held_out, mnist.held_out_labels)


def _train(lab, args) -> str | None:
    """A new run of the protocol's data and batch size; its id, None where it failed."""
    from gan_core.cli.common import note
    from gan_core.cli.progress import Progress
    from gan_core.runs.records import State

    config = lab.make_config(
        args.recipe, stacked.NAME, batch_size=BATCH, num_steps=args.steps, seed=args.seed
    )
    made = lab.create(config, who="bench")
    note(f"{made.id}: {args.steps:,} of the protocol's {FULL_STEPS:,} steps")
    progress = Progress()
    job = lab.make_job(made.id, who="bench", on_result=progress.on_result)
    progress.job = job
    state = job.run()
    progress.close()
    if state == State.FAILED:
        note(f"error: {job.snapshot().error}")
        return None
    return made.id
