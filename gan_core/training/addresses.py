"""Where the processes of one training are: by flags, or by TF_CONFIG as clusters set it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from gan_core.errors import ConfigError

VARIABLE = "TF_CONFIG"
EXAMPLE = "`--workers 10.0.0.1:3900,10.0.0.2:3900 --worker 0`"


@dataclass(frozen=True)
class Place:
    """One process among those of a training.

    Attributes:
        addresses: host:port of all, the first one leads.
        index: which of them this one is, from 0.
    """

    addresses: tuple[str, ...]
    index: int


def place_of(workers: str | None, worker: int | None) -> Place | None:
    """Of this process, by its flags, else by TF_CONFIG; None: it trains alone.

    Args:
        workers: addresses with commas between.
        worker: the place of its own among them.

    Raises:
        ConfigError: they are incomplete, or name no process.
    """
    if workers is None and worker is None:
        return _of_variable()
    if workers is None or worker is None:
        raise ConfigError(f"`--workers` and `--worker` go together, as in {EXAMPLE}.")
    return _checked([part.strip() for part in workers.split(",")], worker, "--worker")


def _of_variable() -> Place | None:
    told = os.environ.get(VARIABLE, "").strip()
    if not told:
        return None
    try:
        read = json.loads(told)
        cluster, task = read["cluster"], read["task"]
        chiefs = list(cluster.get("chief", []))
        addresses = chiefs + list(cluster.get("worker", []))
        index = int(task["index"]) + (0 if task["type"] == "chief" else len(chiefs))
        kind = task["type"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f'`{VARIABLE}` must be as {{"cluster": {{"worker": ["host:port", ...]}}, "task": {{"type": '
            f'"worker", "index": 0}}}}. Received: `{told[:120]}`.'
        ) from error
    if kind not in ("chief", "worker"):
        raise ConfigError(f"`{VARIABLE}`: this process is a {kind}. Allowed: chief, worker.")
    return _checked(addresses, index, VARIABLE) if len(addresses) > 1 else None


def _checked(addresses: list[str], index: int, source: str) -> Place:
    for address in addresses:
        host, _, port = str(address).rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise ConfigError(
                f"A worker's address must be host:port. Received: `{str(address)[:80]}`."
            )
    if len(addresses) < 2 or len(set(addresses)) < len(addresses):
        raise ConfigError(
            f"Workers are two or more, each with an address of its own, as in {EXAMPLE}. "
            f"Received: {', '.join(addresses)}."
        )
    if not 0 <= index < len(addresses):
        raise ConfigError(
            f"`{source}` must be from 0 to {len(addresses) - 1}, the place among the {len(addresses)} "
            f"addresses. Received: {index}."
        )
    return Place(tuple(addresses), index)
