"""`bench stacked-mnist`: train a recipe by the protocol, or take a run, and count its modes."""

from __future__ import annotations

from gan_core.bench.stacked_mnist import BATCH, EPOCHS, FULL_STEPS, PUBLISHED, SAMPLES, measure
from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table
from gan_core.data import stacked


def add(subparsers) -> None:
    """Declare `bench stacked-mnist`."""
    text = "Modes of Stacked MNIST that a recipe finds; needs the full MNIST, and hours."
    parser = command(subparsers, "stacked-mnist", run, text)
    parser.add_argument("--recipe", default="r3gan", help="without class labels (default: r3gan)")
    parser.add_argument(
        "--steps",
        type=int,
        default=FULL_STEPS,
        help=f"to train (default: {FULL_STEPS}, the protocol's 50 epochs)",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the run (default: 1)")
    parser.add_argument("--run", metavar="RUN", help="measure this run instead of training one")
    parser.add_argument(
        "--samples", type=int, default=SAMPLES, help=f"fakes that are read (default: {SAMPLES})"
    )
    add_json(parser)


def run(args) -> int:
    """Train (or take a run), measure, print."""
    lab = lab_of(args)
    judge, accuracy = _judge(lab)
    run_id = args.run or _train(lab, args)
    if run_id is None:
        return 1
    found = measure(lab.open_generator(run_id), judge, samples=args.samples)
    status = lab.store.get(run_id).status()
    done = status.images_seen / (EPOCHS * stacked.NUM_TRAIN)
    row = {
        "run": run_id,
        "recipe": lab.store.get(run_id).config["recipe"],
        "modes": found.count,
        "kl": found.kl,
        "samples": found.samples,
        "steps": status.step,
        "share_of_protocol": done,
        "judge_accuracy": accuracy,
    }
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
    labels = mnist.held_out_labels
    return judge, float("nan") if labels is None else accuracy(judge, mnist.held_out, labels)


def _train(lab, args) -> str | None:
    """A new run of the protocol's data and batch size; its id, None where it failed."""
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
