"""Which processors a training runs on: one, or several that share each batch (`replicas`)."""

from __future__ import annotations

import contextlib
import functools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gan_core.errors import ConfigError

CPUS = "GAN_CPU_DEVICES"
MOST_CPUS = 64
NVIDIA = Path("/proc/driver/nvidia/gpus")

_team = None  # the strategy of several processes and their addresses, once this one has joined them


def cpu_devices() -> int:
    """As how many devices this process's cores are shown to TensorFlow, by GAN_CPU_DEVICES.

    Raises:
        ConfigError: it is no whole number from 1 to 64.
    """
    told = os.environ.get(CPUS, "").strip() or "1"
    if not (told.isdecimal() and 1 <= int(told) <= MOST_CPUS):
        raise ConfigError(
            f"`{CPUS}` must be a whole number from 1 to {MOST_CPUS}. Received: `{told[:40]}`."
        )
    return int(told)


def split_cpu(tf) -> None:
    """Show the cores as so many devices; before TensorFlow's first operation."""
    if (count := cpu_devices()) > 1:
        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(
            cpu, [tf.config.LogicalDeviceConfiguration()] * count
        )


def likely() -> int:
    """How many devices of one kind there seem to be, without TensorFlow: for forms alone."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    gpus = len(list(NVIDIA.iterdir())) if NVIDIA.is_dir() else 0
    if visible is not None:
        named = [part for part in visible.split(",") if part.strip() not in ("", "-1")]
        gpus = min(gpus, len(named))
    with contextlib.suppress(ConfigError):
        return max(gpus, cpu_devices())
    return max(gpus, 1)


def chosen(choice: str, replicas: int = 1) -> tuple[str, ...]:
    """TensorFlow's names of the devices of a training.

    Args:
        choice: "auto", "cpu" or "gpu".
        replicas: how many share each batch.

    Raises:
        ConfigError: "gpu" was asked for and TensorFlow sees none, or there are fewer than `replicas`.
    """
    if _team is not None:
        return _of_team(choice, replicas)
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if choice == "gpu" and not gpus:
        raise ConfigError(
            "`device=gpu` needs a GPU that TensorFlow can use, and it sees none. "
            "Allowed here: `auto` or `cpu`."
        )
    kind = "GPU" if gpus and choice != "cpu" else "CPU"
    there = len(tf.config.list_logical_devices(kind)) if replicas > 1 else 1
    if replicas > there:
        raise ConfigError(_too_few(choice, replicas, kind, there))
    return tuple(f"/{kind}:{number}" for number in range(replicas))


def _too_few(choice: str, replicas: int, kind: str, there: int) -> str:
    allowed = "1" if there == 1 else f"1 to {there}"
    devices = f"{there} {kind}" + (" device" if there == 1 else " devices")
    more = (
        "" if kind == "GPU" else f" Cores can be shown as several, to try it: `{CPUS}={replicas}`."
    )
    return (
        f"`replicas={replicas}` needs as many devices of one kind, and with `device={choice}` this program "
        f"has {devices}. Allowed here: {allowed}.{more}"
    )


# ---- where variables and steps are put ----


def scope(devices: str | tuple[str, ...]):
    """A context in which networks are built for these devices."""
    import tensorflow as tf

    names = (devices,) if isinstance(devices, str) else devices
    if _team is not None:
        return _team_scope()
    return tf.device(names[0]) if len(names) == 1 else _mirrored(names).scope()


@functools.cache
def _mirrored(names: tuple[str, ...]):
    """One for all trainings on these devices: the messages of two would be taken for each other."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy([name.lstrip("/") for name in names])


# ---- several processes ----


def join_team(strategy, addresses: tuple[str, ...]) -> None:
    """All trainings of this process are shared with others, by their common strategy.

    Each process brings one device.
    """
    global _team
    _team = strategy, addresses


def _of_team(choice: str, replicas: int) -> tuple[str, ...]:
    if _team is None:
        raise RuntimeError("This process is in no team.")
    strategy, addresses = _team
    kind = strategy.extended.worker_devices[0].rpartition("device:")[2]
    if replicas != len(addresses):
        raise ConfigError(
            f"`replicas={replicas}` is not what the workers bring: {len(addresses)}, a device each. "
            f"Allowed here: {len(addresses)}."
        )
    if choice not in ("auto", kind[:3].lower()):
        raise ConfigError(
            f"`device={choice}` is not what this worker brings: {kind}. Allowed here: `auto`; "
            "CUDA_VISIBLE_DEVICES says which GPU a worker has, -1 none."
        )
    return tuple(f"{kind} at {address}" for address in addresses)


@contextlib.contextmanager
def _team_scope():
    """The strategy, but variables are this process's own, on its one device.

    Those of the strategy itself are sent to all processes as they are made, and it cannot send bytes and
    the seeds of dropout. Here all start alike by their seeds, and the first sends its state.
    """
    import tensorflow as tf

    def own(_, **facts):
        kept = {n: facts.get(n) for n in ("initial_value", "trainable", "name", "dtype", "shape")}
        with ThreadPoolExecutor(1) as outside:  # a strategy's scope is that of one thread
            return outside.submit(lambda: tf.Variable(**kept)).result()

    if _team is None:
        raise RuntimeError("This process is in no team.")
    with _team[0].scope(), tf.variable_creator_scope(own):
        yield


def in_words(devices: str | tuple[str, ...]) -> str:
    """For events: '/CPU:0', '/GPU:0, /GPU:1'."""
    return devices if isinstance(devices, str) else ", ".join(devices)
