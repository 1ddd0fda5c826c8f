"""`train` and `resume`: one run in the foreground. The run id is the last line of stdout."""

from __future__ import annotations

import contextlib
import math
import signal

from gan_core import runtime
from gan_core.cli.common import command, lab_of, note, parse_settings
from gan_core.cli.doctor import tell
from gan_core.cli.notices import notices
from gan_core.cli.progress import Progress
from gan_core.config import TrainConfig
from gan_core.errors import ConfigError
from gan_core.records import State

WHO = "command line"


def add(commands) -> None:
    """Declare the commands."""
    train = command(commands, "train", _train, "Train a new run and print its id.")
    train.add_argument("--recipe", default="fast_gan", help="see `recipes` (default: fast_gan)")
    train.add_argument("--dataset", default="mnist_5k", help="see `datasets` (default: mnist_5k)")
    _add_limits(train)
    for name, kind in (
        ("seed", int), ("batch_size", int), ("latent_dim", int),
        ("g_lr", float), ("d_lr", float), ("beta_1", float),
    ):  # fmt: skip
        text = TrainConfig.model_fields[name].description
        train.add_argument("--" + name.replace("_", "-"), type=kind, help=text)
    train.add_argument("--device", choices=("auto", "cpu", "gpu"), help="processor to train on")
    train.add_argument("--note", default="", help="a note that is kept with the run")
    _add_shared(train)
    resume = command(commands, "resume", _resume, "Train a run on from its newest checkpoint.")
    resume.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    _add_limits(resume)
    resume.add_argument(
        "--other-data", action="store_true",
        help="go on also where other images or labels lie under the name of its data set",
    )  # fmt: skip
    _add_shared(resume)


def _add_limits(parser) -> None:
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument("--steps", type=int, help="train until this many steps in total")
    limits.add_argument("--epochs", type=float, help="train until this many passes over the data")
    limits.add_argument("--minutes", type=float, help="train until this many minutes in total")


def _add_shared(parser) -> None:
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", dest="settings",
        help="any other setting, for example n_critic=2; may be repeated",
    )  # fmt: skip
    parser.add_argument("--log-dir", metavar="DIR", help="also write TensorBoard events there")


def _train(args) -> int:
    lab = lab_of(args)
    flags = ("seed", "batch_size", "latent_dim", "g_lr", "d_lr", "beta_1", "device")
    given = {n: getattr(args, n) for n in flags if getattr(args, n) is not None}
    given |= parse_settings(args.settings)
    config = lab.make_config(args.recipe, args.dataset, **given, **_plain_limits(args))
    if args.epochs is not None:
        config = config.replace(num_steps=_steps(args.epochs, config, lab), num_minutes=None)
    if config.device == "gpu":  # refused before there is a run; TensorFlow alone knows
        runtime.start()
        runtime.device("gpu")
    run = lab.create(config, who=WHO, note=args.note)
    for event in run.events():
        if event["kind"] == "warning":
            note(f"warning: {event['text']}")
    note(f"{run.id}: {config.recipe} on {config.dataset}, seed {config.seed}, in {run.path}")
    return advance(lab, run.id, args)


def _resume(args) -> int:
    lab = lab_of(args)
    limits = _plain_limits(args)
    if args.epochs is not None:
        config = TrainConfig.from_dict(lab.store.get(args.run_id).config)
        limits = {"num_steps": _steps(args.epochs, config, lab)}
    lab.prepare_resume(
        args.run_id, who=WHO, settings=parse_settings(args.settings),
        other_data=args.other_data, **limits,
    )  # fmt: skip
    return advance(lab, args.run_id, args)


def _plain_limits(args) -> dict:
    """The limit that was given as steps or minutes, if one was."""
    for name, limit in (("num_steps", args.steps), ("num_minutes", args.minutes)):
        if limit is not None:
            if not (math.isfinite(limit) and limit > 0):
                raise ConfigError(f"`--{name[4:]}` must be greater than 0. Received: {limit}.")
            return {name: limit}
    return {}


def _steps(epochs: float, config: TrainConfig, lab) -> int:
    if not (math.isfinite(epochs) and epochs > 0):
        raise ConfigError(f"`--epochs` must be greater than 0. Received: {epochs}.")
    return math.ceil(epochs * lab.check(config).num_train / (config.batch_size * config.n_critic))


def advance(lab, run_id: str, args) -> int:
    """Train one run here to its limit, with progress; returns the exit code."""
    progress = Progress()
    job = lab.make_job(
        run_id, who=WHO, extra_writers=_tensorboard(args.log_dir), on_result=progress.on_result,
        on_verdict=tell, on_phase=progress.on_phase,
    )  # fmt: skip
    progress.job = job
    interrupted = []
    with _signals(lambda: (interrupted.append(True), job.stop())), notices(job):
        state = job.run()
    progress.close()
    if state == State.FAILED:
        note(f"error: {job.snapshot().error}")
    print(run_id)
    if state == State.FAILED:
        return 1
    return 130 if interrupted else 0


def _tensorboard(log_dir: str | None):
    if log_dir is None:
        return lambda session: []
    from gan_core.training.tensorboard import TensorBoardWriter, require

    require()

    def writers(session) -> list:
        return [TensorBoardWriter(session, log_dir)]

    return writers


@contextlib.contextmanager
def _signals(stop):
    """Ctrl-C and SIGTERM end the run with a checkpoint; a second one ends at once."""

    def handler(number, frame):
        signal.signal(number, signal.default_int_handler)
        note("\nstopping with a checkpoint ...")
        stop()

    names = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(number, handler) for number in names]
    try:
        yield
    finally:
        for number, old in zip(names, before, strict=True):
            signal.signal(number, old)
