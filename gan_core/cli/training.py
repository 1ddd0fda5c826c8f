"""`train` and `resume`: one run in the foreground. The run id is the last line of stdout."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
import signal
import threading

from gan_core import data
from gan_core.cli import cluster, streams, together
from gan_core.cli.common import command, flags_of, lab_of, note, parse_settings
from gan_core.cli.doctor import print_verdict
from gan_core.cli.notices import notices
from gan_core.cli.progress import Progress
from gan_core.config import LIMITS, READING_ORDER, SETTINGS, TrainConfig
from gan_core.errors import ConfigError
from gan_core.runs.records import State
from gan_core.setting import Setting
from gan_core.startup import devices, runtime
from gan_core.training.resuming import config_of

WHO = "command line"
LISTED = {"recipe": "recipes", "dataset": "datasets"}  # by which command
SHORT = {"dataset": ["--data"]}  # other names of flags
KINDS = {int: "N", float: "X", str: "NAME"}  # of values, in the help
LIMIT_FLAGS = {SETTINGS[name].flag: name for name in LIMITS} | {"epochs": "num_steps"}
HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none
ENDS = [n for n in (signal.SIGINT, signal.SIGTERM, HANG_UP) if n is not None]


def add(commands) -> None:
    """Declare the commands."""
    train = command(commands, "train", _train, "Train a new run and print its id.")
    _add_limits(train)
    train.add_argument("--note", default="", help="a note that is kept with the run")
    _add_shared(train)
    _add_settings(train)
    resume = command(commands, "resume", _resume, "Train a run on from its newest checkpoint.")
    resume.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    _add_limits(resume)
    resume.add_argument(
        "--other-data", action="store_true",
        help="go on also where other images or labels lie under the name of its data set",
    )  # fmt: skip
    _add_shared(resume)


def _add_settings(parser) -> None:
    """A flag for every setting but the limits, by groups as in the form.

    None has a default of argparse: the recipe's own value counts, or that of `--set`.
    """
    for title, found in itertools.groupby(READING_ORDER, key=lambda setting: setting.group):
        group = parser.add_argument_group(f"settings, {title.lower()}")
        for setting in found:
            if not setting.limit:
                _add_setting(group, setting)
    parser.epilog = "A setting that is not given is as the recipe has it."


def _add_setting(parser, setting: Setting) -> None:
    values = {"choices": setting.choices} if setting.choices else {"metavar": KINDS[setting.kind]}
    flags = [f"--{setting.flag}", *SHORT.get(setting.name, [])]
    parser.add_argument(*flags, dest=setting.name, type=setting.kind, help=_help(setting), **values)


def _help(setting: Setting) -> str:
    """'learning rate of the generator (Adam) (per step); at least 0 and at most 10'."""
    listed = LISTED.get(setting.name)
    names = f"see `{listed}` (default: {setting.default})" if listed else ""
    told = "; ".join(part for part in (setting.described, setting.allowed, names) if part)
    return told.replace("%", "%%")  # argparse fills in what a "%" announces


def _add_limits(parser) -> None:
    limits = parser.add_mutually_exclusive_group()
    for setting in map(SETTINGS.__getitem__, LIMITS):
        told = f"train until this many {setting.flag} in total"
        for name, help_ in ((setting.flag, told), (setting.name, argparse.SUPPRESS)):
            flag = f"--{name.replace('_', '-')}"
            limits.add_argument(flag, dest=setting.flag, type=setting.kind, help=help_)
    limits.add_argument("--epochs", type=float, help="train until this many passes over the data")


def _add_shared(parser) -> None:
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", dest="settings",
        help="a setting by its name in files, for example n_critic=2; may be repeated",
    )  # fmt: skip
    parser.add_argument("--log-dir", metavar="DIR", help="also write TensorBoard events there")
    cluster.add_address(parser)
    together.add(parser)


def _train(args) -> int:
    lab, team = lab_of(args), together.team_of(args)
    if team and not team.leads:
        return together.follow(team, lab)
    cluster.join(lab, args)
    with together.leading(team):
        return _train_here(args, lab, team)


def _train_here(args, lab, team) -> int:
    flags = {name: name for name in SETTINGS if name not in LIMITS}
    given = {name: SETTINGS[name].default for name in LISTED}
    given |= {name: value for name in flags if (value := getattr(args, name)) is not None}
    given |= parse_settings(args.settings, flags_of(args, LIMIT_FLAGS | flags))
    if team:
        given = {"replicas": team.replicas} | given
    config = lab.make_config(**given | _plain_limits(args))
    if args.epochs is not None:
        config = config.replace(num_steps=_steps(args.epochs, config, lab), num_minutes=None)
    if not args.cluster:
        _refuse_absent(config.device, config.replicas)
    run = lab.create(config, who=WHO, note=args.note)
    for event in run.events():
        if event["kind"] == "warning":
            note(f"warning: {event['text']}")
    note(f"{run.id}: {config.recipe} on {config.dataset}, seed {config.seed}, in {run.path}")
    _tell_download(config.dataset, lab)
    return advance(lab, run.id, args, team)


def _tell_download(dataset: str, lab) -> None:
    """What comes over the network, and on which terms, before it does."""
    spec = data.spec(dataset, lab.data_dir)
    if spec.download_bytes:
        size = f"{spec.download_bytes / 1e6:.0f} MB"
        note(f"{spec.name} is downloaded once, {size}. Licence: {spec.licence}. Of: {spec.origin}")


def _refuse_absent(device: str | None, replicas: int | None) -> None:
    """Before there is a run, or it goes on; TensorFlow alone knows."""
    devices.cpu_devices()
    if device == "gpu" or (replicas or 1) > 1:
        runtime.start()
        devices.chosen(device or "auto", replicas or 1)


def _resume(args) -> int:
    lab, team = lab_of(args), together.team_of(args)
    if team and not team.leads:
        return together.follow(team, lab)
    cluster.join(lab, args)
    with together.leading(team):
        return _resume_here(args, lab, team)


def _resume_here(args, lab, team) -> int:
    limits = _plain_limits(args)
    if args.epochs is not None:
        config = TrainConfig.from_dict(lab.store.get(args.run_id).config)
        limits = {"num_steps": _steps(args.epochs, config, lab)}
    settings = parse_settings(args.settings, flags_of(args, LIMIT_FLAGS))
    config = config_of(lab.store.get(args.run_id))
    told = {name: settings.get(name, getattr(config, name)) for name in ("device", "replicas")}
    known = all(isinstance(told[name], type(getattr(config, name))) for name in told)
    if known and not args.cluster:
        _refuse_absent(**told)
    lab.prepare_resume(
        args.run_id,
        who=WHO,
        settings=settings,
        other_data=args.other_data,
        **limits,
    )
    return advance(lab, args.run_id, args, team)


def _plain_limits(args) -> dict:
    """The limit that was given as steps or minutes, if one was."""
    for name in LIMITS:
        flag = SETTINGS[name].flag
        limit = getattr(args, flag)
        if limit is not None:
            if not (math.isfinite(limit) and limit > 0):
                raise ConfigError(f"`--{flag}` must be greater than 0. Received: {limit}.")
            return {name: limit}
    return {}


def _steps(epochs: float, config: TrainConfig, lab) -> int:
    steps = epochs * lab.check(config).num_train / (config.batch_size * config.n_critic)
    if not (math.isfinite(steps) and epochs > 0):
        raise ConfigError(f"`--epochs` must be greater than 0. Received: {epochs}.")
    return math.ceil(steps)


def advance(lab, run_id: str, args, team=None) -> int:
    """Train one run to its limit, here with progress or on a cluster; returns the exit code."""
    if getattr(args, "cluster", None):
        return _advance_there(lab, run_id)
    progress = Progress()
    job = lab.make_job(
        run_id, who=WHO, extra_writers=_tensorboard(args.log_dir), on_result=progress.on_result,
        on_verdict=print_verdict, on_phase=progress.on_phase, team=team,
    )  # fmt: skip
    progress.job = job
    interrupted = False

    def stop() -> None:
        nonlocal interrupted
        interrupted = True
        job.stop()

    with signals(stop), notices(job):
        state = job.run()
    progress.close()
    if state == State.FAILED:
        note(f"error: {job.snapshot().error}")
    code = 1 if state == State.FAILED else 130 if interrupted else 0
    return streams.answer(run_id, code)


def _advance_there(lab, run_id: str) -> int:
    told = threading.Event()
    try:
        lab.jobs.submit(run_id)
        with signals(told.set):
            cluster.train(lab, [run_id], told)
        status = lab.store.get(run_id).status()
    finally:
        lab.shutdown()
    if status.state == State.FAILED:
        note(f"error: {status.error}")
    code = 1 if status.state == State.FAILED else 130 if told.is_set() else 0
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
def signals(stop):
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
