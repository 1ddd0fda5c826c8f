"""One training by several processes: the flags of `train` and `resume`, and the part of those that follow."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

from gan_core.cli import streams
from gan_core.cli.common import note
from gan_core.errors import ConfigError
from gan_core.training.addresses import place_of


def add(parser) -> None:
    """Declare the flags."""
    group = parser.add_argument_group(
        "several processes",
        "Start the same command at each; the first has the run, the others need only the data. Without "
        "these flags TF_CONFIG counts, as clusters set it.",
    )
    group.add_argument(
        "--workers", metavar="HOST:PORT,...", help="addresses of all, the first leads"
    )
    group.add_argument("--worker", type=int, metavar="N", help="which of them this one is, from 0")


def team_of(args):
    """The training.team.Team of this process; None where it trains alone."""
    place = place_of(args.workers, args.worker)
    if place is None:
        return None
    if getattr(args, "cluster", None):
        raise ConfigError(
            "A cluster trains whole runs, one on each of its machines; several workers share one run. "
            f"Received: --cluster {args.cluster} and {len(place.addresses)} workers. Allowed: one of both."
        )
    from gan_core.training.team import Team

    note(f"worker {place.index} of {len(place.addresses)}: waiting for the others ...")
    return Team(place)


@contextlib.contextmanager
def leading(team) -> Iterator[None]:
    """The others end with this block, however it ends."""
    try:
        yield
    finally:
        if team:
            team.end()


def follow(team, lab) -> int:
    """Train with the first worker until it ends; returns the exit code."""
    from gan_core.training.session import build_algorithm, load_dataset
    from gan_core.training.team import follow as follow_it

    # A worker that waits for a message is inside TensorFlow, where Python hears no signal.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    follow_it(team, lambda config: load_dataset(config, lab.data_dir, note), build_algorithm, note)
    if not team.run_id:
        note("the first worker ended before it trained; it says why itself")
        return 1
    return streams.answer(team.run_id, 0)
