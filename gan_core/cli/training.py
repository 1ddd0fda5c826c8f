"""`train` and `resume`: one run in the foreground. The run id is the last line of stdout."""

from __future__ import annotations

import contextlib
import math
import signal

from gan_core.cli import streams
from gan_core.cli.common import command, flags_of, lab_of, note, parse_settings
from gan_core.cli.doctor import tell
from gan_core.cli.notices import notices
from gan_core.cli.progress import Progress
from gan_core.config import TrainConfig
from gan_core.errors import ConfigError
from gan_core.runs.records import State
from gan_core.startup import runtime

WHO = "command line"
DEFAULTS = {"recipe": "fast_gan", "dataset": "mnist_5k"}
FLAGS = (*DEFAULTS, "seed", "batch_size", "latent_dim", "g_lr", "d_lr", "beta_1", "device")
LIMITS = {"steps": "num_steps", "epochs": "num_steps", "minutes": "num_minutes"}
HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none
ENDS = [n for n in (signal.SIGINT, signal.SIGTERM, HANG_UP) if n is not None]


def add(commands) -> None:
    """Declare the commands."""
    train = command(commands, "train", _train, "Train a new run and print its id.")
    for name, default in DEFAULTS.items():  # no argparse default: `--set recipe=...` may give it
        train.add_argument(f"--{name}", help=f"see `{name}s` (default: {default})")
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
    given = {n: getattr(args, n) for n in FLAGS if getattr(args, n) is not None}
    given |= parse_settings(args.settings, flags_of(args, LIMITS | {n: n for n in FLAGS}))
    given = DEFAULTS | given | _plain_limits(args)
    config = lab.make_config(**given)
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
    settings = parse_settings(args.settings, flags_of(args, LIMITS))
    lab.prepare_resume(
        args.run_id,
        who=WHO,
        settings=settings,
        other_data=args.other_data,
        **limits,
    )
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
    steps = epochs * lab.check(config).num_train / (config.batch_size * config.n_critic)
    if not (math.isfinite(steps) and epochs > 0):
        raise ConfigError(f"`--epochs` must be greater than 0. Received: {epochs}.")
    return math.ceil(steps)


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
    code = 1 if state == State.FAILED else 130 if interrupted else 0
    return streams.answer(run_id, code)


def _tensorboard(log_dir: str | None):
    if log_dir is None:
        return lambda session: []
    from gan_core.export.events import TensorBoardWriter, require

    require()

    def writers(session) -> list:
        return [TensorBoardWriter(session, log_dir)]

    return writers


@contextlib.contextmanager
def _signals(stop):
    """Ctrl-C, SIGTERM and a closed terminal (SIGHUP) end the run with a checkpoint.

    A second Ctrl-C or SIGTERM ends at once; SIGHUP does not: a closing terminal sends it twice.
    Under `nohup` it stays ignored.
    """

    def handler(number, frame):
        again = handler if number == HANG_UP else signal.default_int_handler
        signal.signal(number, again)
        note("\nstopping with a checkpoint ...")
        stop()

    heard = [n for n in ENDS if signal.getsignal(n) != signal.SIG_IGN or n != HANG_UP]
    before = [signal.signal(number, handler) for number in heard]
    try:
        yield
    finally:
        for number, old in zip(heard, before, strict=True):
            signal.signal(number, old)
