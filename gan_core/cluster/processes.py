"""The processes of a cluster: one scheduler, and workers wherever runs are trained."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import dask
from distributed import Nanny, Scheduler
from distributed.comm import connect

from gan_core.cluster import facts, shared
from gan_core.cluster.address import Address, security
from gan_core.cluster.told import why
from gan_core.cluster.work import LEAVE, MARK
from gan_core.errors import ClusterError

SETTINGS = {
    "distributed.scheduler.allowed-failures": 10,  # workers that one run may outlive
    "distributed.worker.profile.enabled": False,  # it looks at every thread a hundred times a second
    "distributed.worker.memory.spill": False,
    "distributed.nanny.pre-spawn-environ": {},  # threads as in every other process of ours
    "distributed.admin.tick.limit": "30s",  # a training holds the interpreter now and then
    "distributed.scheduler.http.routes": [],  # nothing of a cluster is served without its certificate
    "distributed.worker.http.routes": [],
}
ANSWER = 30.0  # seconds for which a worker waits for its scheduler
WEB = "127.0.0.1:0"  # Dask opens a web server whatever it is told: an empty one, for nobody else


def schedule(address: Address, tls: str | Path | None, say: Callable[[str], None]) -> None:
    """Be the scheduler at this address until told to end.

    Args:
        say: told the address once it listens.

    Raises:
        ClusterError: the address is taken, or the certificate is missing.
    """
    asyncio.run(_schedule(address, security(address, tls), say))


async def _schedule(address: Address, secure, say) -> None:
    with dask.config.set(SETTINGS):
        try:
            scheduler = await Scheduler(
                host=address.host, port=address.port, protocol=address.scheme,
                security=secure, dashboard=False, dashboard_address=WEB,
            )  # fmt: skip
        except OSError as error:
            raise ClusterError(f"{address} cannot be listened at: {error.strerror}.") from error
        say(scheduler.address)
        await _told_to_end()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(scheduler.close(), 10)


def work(
    address: Address,
    tls: str | Path | None,
    *,
    folders: tuple[Path, Path],
    gpus: Sequence[str] = (),
    count: int = 1,
    name: str = "",
    say: Callable[[str], None],
) -> None:
    """Train runs of the scheduler at this address until told to end.

    Args:
        folders: of runs, shared with the program that queues them, and of data.
        gpus: a worker each, which sees only this one (CUDA_VISIBLE_DEVICES); (): none is chosen.
        count: workers without a GPU of their own.
        name: of the workers, which is shown where a run is trained; "": the machine's.
        say: told each worker's name once it is there.

    Raises:
        ClusterError: locks do not hold in the folder of runs, or the scheduler does not answer.
    """
    shared.require_locks(folders[0])
    asyncio.run(_work(address, security(address, tls), folders, gpus, count, name, say))


async def _work(address, secure, folders, gpus, count, name, say) -> None:
    name = name or f"{socket.gethostname()}-{secrets.token_hex(2)}"
    places = list(gpus) or [None] * count
    names = [name] if len(places) == 1 else [f"{name}-{i}" for i in range(len(places))]
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        await _reach(address, secure)
        nannies = []
        for each, gpu in zip(names, places, strict=True):
            scratch = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            nannies.append(_nanny(address, secure, folders, each, gpu, scratch))
        for nanny in nannies:
            try:
                await nanny
            except (OSError, RuntimeError) as error:
                raise ClusterError(f"No worker at {address}: {why(error)}") from error
            say(nanny.name)
        told = asyncio.create_task(_told_to_end())
        ends = [asyncio.create_task(nanny.finished()) for nanny in nannies]
        await asyncio.wait([told, *ends], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*(n.close(timeout=2 * LEAVE) for n in nannies), return_exceptions=True)
        if not told.done():
            raise ClusterError(f"The scheduler at {address} is gone, or sent this worker away.")


async def _reach(address: Address, secure) -> None:
    """ClusterError where the scheduler cannot be talked to: a worker that cannot says nothing."""
    try:
        talk = await connect(str(address), ANSWER, **secure.get_connection_args("worker"))
    except OSError as error:
        raise ClusterError(f"The scheduler at {address} does not answer: {why(error)}") from error
    await talk.close()


def _nanny(address: Address, secure, folders, name: str, gpu: str | None, scratch: str) -> Nanny:
    """Starts a worker's process, and another one should it die."""
    env = {
        "GAN_RUNS_DIR": str(folders[0]),
        "GAN_DATA_DIR": str(folders[1]),
        MARK: str(Path(scratch) / "tried"),  # the same folder for each process that it starts
    }
    if gpu is not None:
        env["CUDA_VISIBLE_DEVICES"] = gpu
    return Nanny(
        str(address), name=name, nthreads=1, env=env, security=secure, local_directory=scratch,
        resources={facts.RUN: 1, **({facts.GPU: 1} if gpu is not None else {})},
        memory_limit=0, preload=["gan_core.cluster.work"], death_timeout=60,
        dashboard=False, dashboard_address=WEB,
        host="127.0.0.1" if address.scheme == "tcp" else None,
    )  # fmt: skip


async def _told_to_end() -> None:
    """Until SIGTERM, Ctrl-C or a closed terminal; a second one ends at once."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    numbers = [getattr(signal, n) for n in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, n)]

    def end() -> None:
        ended.set()
        for number in numbers:
            loop.remove_signal_handler(number)

    if os.name == "nt":  # its loops take no handlers: Ctrl-C raises
        await ended.wait()
    for number in numbers:
        loop.add_signal_handler(number, end)
    await ended.wait()
