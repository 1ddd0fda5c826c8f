"""`cluster`: certificates, the scheduler, workers, and who does what."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table
from gan_core.errors import ClusterError, GanError

ROW = ("worker", "machine", "places", "gpu", "memory_mb", "trains")


def add(commands) -> None:
    """Declare the command and what it is followed by."""
    text = "Train runs on several machines (needs the extra `cluster`)."
    parser = commands.add_parser("cluster", help=text, description=text)
    inner = parser.add_subparsers(dest="what", required=True, metavar="WHAT", help="what it does")
    made = command(
        inner, "certificates", _certificates, "Make the key and certificate of a cluster."
    )
    _add_tls(made)
    _scheduler_command(inner)
    _worker_command(inner)
    shown = command(inner, "workers", _workers, "List the workers of a cluster and what they do.")
    add_address(shown, required=True)
    add_json(shown)


def add_address(parser, *, required: bool = False) -> None:
    """`--cluster` and `--tls`, of every command that can use a cluster."""
    parser.add_argument(
        "--cluster", metavar="ADDRESS", required=required,
        help="train on the cluster of this scheduler: tls://host:port, or tcp:// on this machine",
    )  # fmt: skip
    _add_tls(parser)


def _add_tls(parser) -> None:
    parser.add_argument(
        "--tls", metavar="DIR",
        help="folder of the cluster's certificate (default: GAN_CLUSTER_TLS, else your settings)",
    )  # fmt: skip


def _scheduler_command(inner) -> None:
    parser = command(
        inner, "scheduler", _scheduler, "Be the scheduler, which hands runs to workers."
    )
    parser.add_argument("address", metavar="ADDRESS", help="where to listen: tls://0.0.0.0:8786")
    _add_tls(parser)


def _worker_command(inner) -> None:
    parser = command(inner, "worker", _worker, "Train runs of a cluster on this machine.")
    parser.add_argument("address", metavar="ADDRESS", help="of the scheduler: tls://host:8786")
    parser.add_argument(
        "--gpu", action="append", default=[], metavar="N", dest="gpus",
        help="a worker for this GPU alone; once for each",
    )  # fmt: skip
    parser.add_argument(
        "--count", type=int, default=1, metavar="N", help="workers without a GPU each (default: 1)"
    )
    parser.add_argument("--name", default="", help="what runs say where they are trained")
    _add_tls(parser)


def join(lab, args) -> bool:
    """Whether a cluster was asked for; the Lab then trains on it."""
    if not args.cluster:
        if args.tls:
            raise ClusterError("`--tls` is of a cluster: give `--cluster` too.")
        return False
    if getattr(args, "log_dir", None):
        raise ClusterError(
            "`--log-dir` is written by the program that trains. Afterwards `tensorboard RUN` writes it."
        )
    from gan_core import cluster

    cluster.join(lab, args.cluster, args.tls)
    return True


def train(lab, run_ids: list[str], told: threading.Event) -> None:
    """Wait until these runs, which are queued, have ended; once told, each ends with a checkpoint."""
    from gan_core.cluster import follow

    follow(lab, run_ids, note, told)
    if told.is_set():
        for run_id in run_ids:
            with contextlib.suppress(GanError):  # it does not wait, or has just ended
                lab.cancel(run_id)
            with contextlib.suppress(GanError):
                lab.job(run_id).stop()
        follow(lab, run_ids, note)


def _certificates(args) -> None:
    from gan_core.cluster import address, certificates

    folder = certificates.make(address.tls_folder(args.tls))
    note("copy both files to every machine of the cluster; whoever has them may run programs there")
    print(folder)


def _address(text: str):
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")  # read when Dask is imported
    from gan_core.cluster import address, jobs

    jobs.require()
    return address.parse(text)


def _scheduler(args) -> None:
    where = _address(args.address)
    from gan_core.cluster import processes

    processes.schedule(where, args.tls, lambda address: note(f"scheduler at {address}"))


def _worker(args) -> None:
    where = _address(args.address)
    if args.count < 1:
        raise ClusterError(f"`--count` must be at least 1. Received: {args.count}.")
    from gan_core import data
    from gan_core.cluster import processes
    from gan_core.runs.store import RunStore, default_runs_dir

    runs = RunStore(Path(args.runs_dir or default_runs_dir())).root
    folders = runs.absolute(), Path(args.data_dir or data.default_data_dir()).absolute()
    processes.work(
        where, args.tls, folders=folders, gpus=args.gpus, count=args.count, name=args.name,
        say=lambda name: note(f"worker {name} trains runs of {runs}"),
    )  # fmt: skip


def _workers(args) -> int:
    lab = lab_of(args)
    join(lab, args)
    try:
        lab.jobs.looked.wait()
        rows = [_row(each, lab.jobs.trained.get(each.name)) for each in lab.jobs.workers]
    finally:
        lab.shutdown()
    if lab.jobs.problem:
        raise ClusterError(lab.jobs.problem)
    if args.json:
        print_json(rows)
    else:
        print_table([list(row.values()) for row in rows], ROW)
    return 0


def _row(worker, run_id: str | None) -> dict:
    values = (worker.name, worker.host, worker.places, worker.gpu, worker.memory // 1_000_000)
    return dict(zip(ROW, (*values, run_id or worker.problem or "nothing"), strict=True))
