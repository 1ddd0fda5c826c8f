"""What the pages and the command line show of a cluster."""

from __future__ import annotations

from typing import NamedTuple

RUN, GPU = "run", "gpu"  # resources of Dask's: places for runs, and those that have a GPU


class Worker(NamedTuple):
    """A process that trains.

    Attributes:
        name: what a run says where it is trained (`Status.where`).
        host: the machine, as it names itself.
        places: runs that it takes at a time.
        gpu: whether it has a GPU for each of them.
        memory: bytes in use; 0 until it has told.
        ready: its runs folder was tried and holds.
        problem: why it trains nothing, in words; "" if it does.
    """

    name: str
    host: str
    places: int
    gpu: bool
    memory: int
    ready: bool
    problem: str = ""


def workers_of(info: dict, checked: dict[str, str]) -> tuple[Worker, ...]:
    """The workers in what Dask's scheduler says of itself, by name.

    Args:
        checked: address -> what is wrong with its folder, "" if nothing; missing: not tried yet.
    """
    found = []
    for address, each in info.get("workers", {}).items():
        resources = each.get("resources") or {}
        if RUN not in resources:
            continue  # of somebody else's
        found.append(
            Worker(
                name=str(each.get("name", address)),
                host=str(each.get("host", "")),
                places=int(resources[RUN]),
                gpu=bool(resources.get(GPU)),
                memory=int((each.get("metrics") or {}).get("memory") or 0),
                ready=checked.get(address) == "",
                problem=checked.get(address, ""),
            )
        )
    return tuple(sorted(found, key=lambda worker: worker.name))
