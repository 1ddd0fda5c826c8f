"""One training in several processes, on one machine or many: the first leads, the others follow it.

Each process holds all networks and trains on its share of each batch (networks.replicas). The first one has
the run: its lock, its writers, its pauses and knobs. Before it does what all must do, it says so in one small
message; the others wait for it, do the same, and write nothing. State is sent by the first, so that the
others need neither the run's folder nor its settings, only the same data.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from gan_core.config import TrainConfig
from gan_core.errors import ConfigError, DataError, RunError
from gan_core.startup import devices, runtime
from gan_core.training.addresses import Place

SHORT = 64  # words of 8 bytes of a message that needs no second one
FEW, MANY = 2**12, 2**17  # words in one message
WORD = np.dtype("<i8")


class Team:
    """This process among those that train together. Made before TensorFlow does anything.

    Args:
        place: addresses of all, and which of them is this one.

    Raises:
        RunError: the others were not found.
        ConfigError: this one sees several GPUs.
    """

    def __init__(self, place: Place):
        self.place, self.run_id = place, ""
        runtime.start()
        import tensorflow as tf

        self._tf, known = tf, tf.errors
        self._gone = (
            known.UnavailableError, known.AbortedError, known.CancelledError,
            known.DeadlineExceededError, known.FailedPreconditionError, known.InternalError,
        )  # fmt: skip
        if (count := len(tf.config.list_physical_devices("GPU"))) > 1:
            raise ConfigError(
                f"A worker brings one device, and this one sees {count} GPUs. Start a worker for each GPU, "
                "with CUDA_VISIBLE_DEVICES=0, 1 and so on."
            )
        cluster = tf.train.ClusterSpec({"worker": list(place.addresses)})
        resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
            cluster, task_type="worker", task_id=place.index, rpc_layer="grpc"
        )
        try:
            with self._in_words("No training with the other workers"):
                self._strategy = tf.distribute.MultiWorkerMirroredStrategy(
                    cluster_resolver=resolver
                )
        except known.UnknownError as error:
            raise RunError(
                f"This worker cannot listen at {place.addresses[place.index]}, perhaps because another "
                "program does. Give another address to all workers."
            ) from error
        devices.join_team(self._strategy, place.addresses)
        self._sums: dict[int, Any] = {}

    @property
    def leads(self) -> bool:
        """Whether it is the first, which has the run."""
        return self.place.index == 0

    @property
    def replicas(self) -> int:
        """Devices of all workers: one each."""
        return len(self.place.addresses)

    # ---- messages ----

    def tell(self, **message: Any) -> None:
        """Send a message to the others; by the first."""
        words = _words(json.dumps(message).encode())
        first = np.zeros(SHORT, WORD)
        first[0] = len(words)
        if len(words) < SHORT:
            first[1 : 1 + len(words)] = words
        self._summed(first)
        if len(words) >= SHORT:
            self._send(words)

    def hear(self) -> dict[str, Any]:
        """The next message of the first; by the others, who wait as long as it takes."""
        first = self._summed(np.zeros(SHORT, WORD))
        count = int(first[0])
        words = first[1 : 1 + count] if count < SHORT else self._send(np.zeros(count, WORD))
        return json.loads(words.tobytes().rstrip(b"\0"))

    def tell_arrays(self, arrays: dict[str, np.ndarray]) -> None:
        """Send arrays, bit for bit; by the first."""
        about = [[name, array.dtype.str, array.shape] for name, array in arrays.items()]
        self.tell(about=about)
        self._send(_words(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays.values())))

    def hear_arrays(self) -> dict[str, np.ndarray]:
        """Arrays that the first sends; by the others."""
        about = [(name, np.dtype(kind), shape) for name, kind, shape in self.hear()["about"]]
        sizes = [kind.itemsize * int(np.prod(shape, dtype=np.int64)) for _, kind, shape in about]
        told = self._send(np.zeros(-(-sum(sizes) // WORD.itemsize), WORD)).tobytes()
        found, begin = {}, 0
        for (name, kind, shape), size in zip(about, sizes, strict=True):
            found[name] = np.frombuffer(told[begin : begin + size], kind).reshape(shape)
            begin += size
        return found

    def all_can(self, can: bool) -> bool:
        """Whether every worker can; asked of all at once."""
        return int(self._summed(np.array([0 if can else 1], WORD), of_all=True)[0]) == 0

    def _send(self, words: np.ndarray) -> np.ndarray:
        """In pieces of one of two lengths: each length is a graph of its own."""
        size = FEW if len(words) <= FEW else MANY
        filled = np.concatenate([words, np.zeros(-len(words) % size, WORD)])
        parts = [self._summed(filled[at : at + size]) for at in range(0, len(filled), size)]
        return np.concatenate(parts)[: len(words)] if parts else words

    def _summed(self, words: np.ndarray, *, of_all: bool = False) -> np.ndarray:
        """The words of the first, or the sum of those of all: one message."""
        mine = words if of_all or self.leads else np.zeros_like(words)
        key = len(words)
        if key not in self._sums:
            self._sums[key] = self._sum_of()
        with self._in_words():
            return self._sums[key](self._tf.constant(mine)).numpy()

    def _sum_of(self):
        tf, strategy = self._tf, self._strategy

        def each(words):
            context = tf.distribute.get_replica_context()
            return context.all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(words))

        def summed(words):
            return strategy.experimental_local_results(strategy.run(each, args=(words,)))[0]

        return tf.function(summed, autograph=False)

    @contextlib.contextmanager
    def _in_words(self, what: str = "The training with the other workers ended") -> Iterator[None]:
        """What TensorFlow says when a process or the network between two is gone, as a RunError."""
        try:
            yield
        except self._gone as error:
            others = [a for i, a in enumerate(self.place.addresses) if i != self.place.index]
            who = others[0] if len(others) == 1 else f"one of {', '.join(others)}"
            raise RunError(
                f"{what}: {who} has ended or cannot be reached. `resume` at every worker "
                f"goes on from the last checkpoint. TensorFlow says: {type(error).__name__}."
            ) from error

    def end(self) -> None:
        """Let the others go, if they are still there; by the first."""
        with contextlib.suppress(RunError):
            self.tell(do="end", run=self.run_id)


class Leading:
    """The algorithm of the first worker: what changes it is told to the others first.

    Args:
        algorithm: algorithms.base.Algorithm, in its first state at every worker.
    """

    def __init__(self, algorithm: Any, team: Team):
        self._algorithm, self._team = algorithm, team

    def __getattr__(self, name: str) -> Any:
        return getattr(self._algorithm, name)

    def train_step(self):
        return self._all("train_step")

    def train_steps(self, count: int):
        return self._all("train_steps", count)

    def partial_step(self, network: str):
        return self._all("partial_step", network)

    def set_knobs(self, values) -> None:
        self._all("set_knobs", {name: float(value) for name, value in values.items()})

    def load_state(self, arrays) -> None:
        """See Algorithm; nobody changes where the first cannot take it."""
        self._algorithm.load_state(arrays)
        self._team.tell(do="load_state")
        self._team.tell_arrays(self._algorithm.state())

    def _all(self, do: str, *words: Any):
        self._team.tell(do=do, words=words)
        with self._team._in_words():
            found = getattr(self._algorithm, do)(*words)
            return None if found is None else found.numpy()


def lead(team: Team, run_id: str, config: TrainConfig, dataset, build) -> Leading:
    """Build the networks at every worker; by the first.

    Args:
        build: (config, dataset) -> algorithm.

    Raises:
        RunError: a worker cannot take part, or is gone.
    """
    team.run_id = run_id
    print_ = _print_of(dataset)
    team.tell(do="build", run=run_id, config=config.model_dump(), data=print_)
    if not team.all_can(True):
        raise RunError("A worker cannot train this run. It says why itself.")
    leading = Leading(build(config, dataset), team)
    leading.load_state(leading.state())  # they start alike by their seeds; this makes it sure
    return leading


def follow(team: Team, load, build, say) -> None:
    """Do what the first says until it ends; by the others.

    Args:
        load: config -> Dataset.
        build: (config, dataset) -> algorithm.
        say: told in words what happens.

    Raises:
        GanError: it cannot take part.
        RunError: another worker is gone.
    """
    algorithm: Any = None  # as soon as one is to be built
    while (message := team.hear())["do"] != "end":
        if message["do"] == "build":
            team.run_id, config = message["run"], TrainConfig.from_dict(message["config"])
            algorithm = build(config, _loaded(team, config, message["data"], load))
            say(f"{team.run_id}: trains its share of each batch of {config.batch_size}")
        elif message["do"] == "load_state":
            algorithm.load_state(team.hear_arrays())
        else:
            with team._in_words():
                found = getattr(algorithm, message["do"])(*message["words"])
                _ = None if found is None else found.numpy()


def _loaded(team: Team, config: TrainConfig, expected: int, load):
    """The data, the same as the first has."""
    try:
        dataset = load(config)
        devices.chosen(config.device, config.replicas)
        if _print_of(dataset) != expected:
            raise DataError(
                f"Other images lie under the name `{config.dataset}` here than at the first worker."
            )
    except Exception:
        team.all_can(False)
        raise
    if not team.all_can(True):
        raise RunError("Another worker cannot train this run. It says why itself.")
    return dataset


def _print_of(dataset) -> int:
    """A checksum of all training arrays."""
    found = 0
    for name, array in sorted(dataset.splits["train"].items()):
        found = zlib.crc32(np.ascontiguousarray(array).data, zlib.crc32(name.encode(), found))
    return found


def _words(told: bytes) -> np.ndarray:
    """Bytes as words, filled up with zeros."""
    return np.frombuffer(told + b"\0" * (-len(told) % WORD.itemsize), WORD)
