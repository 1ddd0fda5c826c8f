"""How TensorFlow is started: environment, threads, memory growth. Import this before TensorFlow.

`TF_ENABLE_ONEDNN_OPTS` is on by default: TensorFlow turns it on by itself only on processors with
VNNI, and without it convolutions are several times slower. Set it to 0 to turn it off.

What changes the whole process (packages hidden from an import, no garbage collection meanwhile, objects
taken out of the collector's sight, Keras's `clear_session`) is done only in our own programs, which say
so: the command line by `in_terminal`, the web server by `in_web_server`. Whoever imports gan_core finds
all as it was.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
import threading
from collections.abc import Callable

from gan_core.errors import ConfigError
from gan_core.startup import devices, libraries, notes

# Keras imports these where it finds them, for galleries and data frames that we never use: a fifth
# of TensorFlow's import.
UNUSED = frozenset({"matplotlib", "pandas"})

_lock = threading.Lock()
_hurry = threading.Event()  # somebody waits for TensorFlow
_ready = False
_in_terminal = False  # TensorFlow's notes to developers are held back
_in_web_server = False  # Streamlit is kept from clearing Keras's state


def prepare() -> None:
    """Set the environment that TensorFlow and NumPy read at import; keeps what the user has set."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads spin and steal from training
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


prepare()


def in_terminal() -> None:
    """This process is the command line: keep TensorFlow's notes to developers from its stderr."""
    global _in_terminal
    _in_terminal = True


def in_web_server() -> None:
    """Streamlit hosts this process: keep what it does after a script run away from the training.

    What it has imported is taken out of the collector's sight: while our own modules are imported,
    every full collection would look at all of it again, a quarter of that time.
    """
    global _in_web_server
    with _lock:
        _in_web_server = True
        prepare()
        if _ready:
            _guard()
        else:
            gc.freeze()


def is_ready() -> bool:
    """Whether TensorFlow has been imported by `start`."""
    return _ready


def start(pause: Callable[[], None] | None = None) -> None:
    """Import TensorFlow once and configure it; later calls cost nothing. Takes 4 to 14 s.

    Args:
        pause: called before each module, and may wait; not any more once somebody needs TensorFlow.
    """
    global _ready
    if pause is None:
        _hurry.set()
    with _lock:
        if _ready:
            return
        prepare()
        own = _in_terminal or _in_web_server
        quiet = notes.held_back() if _in_terminal else contextlib.nullcontext()
        without_gc = uncollected() if own else contextlib.nullcontext()
        with quiet, absent(UNUSED if own else frozenset(), pause), without_gc:
            libraries.load()
            tf = importlib.import_module("tensorflow")
        _configure(tf)
        if own:
            _guard()
        _ready = True


@contextlib.contextmanager
def uncollected():
    """No garbage collection in this block: a quarter of an import that makes objects and drops few."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def absent(names: frozenset[str], pause: Callable[[], None] | None = None):
    """To imports of this thread alone, these packages are not installed (unless imported before).

    Args:
        pause: see `start`.
    """
    finder = _Absent(names, threading.get_ident(), pause)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Absent:
    """A finder of `sys.meta_path` that finds some names missing in one thread."""

    def __init__(self, names: frozenset[str], thread: int, pause: Callable[[], None] | None):
        self._names = names
        self._thread = thread
        self._pause = pause

    def find_spec(self, name: str, path=None, target=None) -> None:
        if threading.get_ident() != self._thread:
            return
        if self._pause is not None and not _hurry.is_set():
            self._pause()
        if name in self._names:
            raise ModuleNotFoundError(f"`{name}` is not needed here.", name=name)


def _configure(tf) -> None:
    try:
        # Cores shown as several devices are shared: each with threads for all of them would cost more.
        share = max(1, cores() // devices.cpu_devices())
        tf.config.threading.set_intra_op_parallelism_threads(share)
        tf.config.threading.set_inter_op_parallelism_threads(2)
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)
        devices.split_cpu(tf)
    except RuntimeError:  # TensorFlow was already running in this process: keep its settings
        return


def cores() -> int:
    """How many cores to use: those this process may run on (`taskset`, containers), or fewer where
    `OMP_NUM_THREADS` says so.

    More threads than cores wait for each other in loops: 700 ms a step instead of 50.
    """
    allowed = os.cpu_count() or 2
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, max(1, int(wanted))) if wanted.isdecimal() else allowed


ISA = ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA")  # the first that is set holds
NARROW = frozenset({"sse41", "avx", "avx2", "avx2_vnni", "avx2_vnni_2"})
BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16"})  # flags of processors that compute it themselves


def refuse_bfloat16() -> None:
    """ConfigError where oneDNN was told to leave out the instructions it needs for bfloat16.

    TensorFlow asks the processor, which has them, and oneDNN then ends the whole process. On a
    processor without them TensorFlow takes its own kernels.
    """
    name = next((name for name in ISA if os.environ.get(name)), None)
    told = os.environ.get(name, "") if name else ""
    if _uses_onednn() and told.lower() in NARROW and "avx512f" in processor_flags():
        raise ConfigError(
            f"`precision=bfloat16` needs oneDNN's AVX512_CORE here, and `{name}={told}` forbids it. "
            "Allowed: `precision=float32`, or that variable unset or at least AVX512_CORE."
        )


def has_bfloat16() -> bool:
    """Whether this processor computes bfloat16 itself, and TensorFlow's kernels here can use that."""
    try:
        refuse_bfloat16()
    except ConfigError:
        return False
    return _uses_onednn() and bool(BFLOAT16 & processor_flags())


def _uses_onednn() -> bool:
    return os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") not in ("0", "false", "False")


def processor_flags() -> frozenset[str]:
    """What the processor can do, by the kernel's names; empty where it does not say."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            line = next((row for row in file if row.startswith("flags")), "")
    except OSError:
        return frozenset()
    return frozenset(line.partition(":")[2].split())


def _guard() -> None:
    """Take what was imported out of the collector's sight; in the web server guard Keras, too.

    Streamlit calls `keras.backend.clear_session()`, whose state all training threads share, and a
    full collection after every script run; with TensorFlow loaded that stalls training for about
    0.7 s each time.
    """
    if _in_web_server:
        keras = importlib.import_module("keras")
        keras.backend.clear_session = lambda free_memory=True: None
    gc.collect()
    gc.freeze()


def versions() -> dict[str, str]:
    """What the numbers of a run depend on: packages, processor, oneDNN. No TensorFlow import."""
    import platform

    from gan_core import __version__

    found = {"gan_core": __version__, "python": platform.python_version()}
    found["tensorflow"] = tensorflow_version()
    found |= {name: _installed(name) or "unknown" for name in ("keras", "numpy")}
    found["processor"] = processor()
    found["onednn"] = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1")
    return found


def tensorflow_version() -> str:
    """Of `tensorflow` or, half the download and the same code for processors, `tensorflow-cpu`."""
    return _installed("tensorflow") or _installed("tensorflow-cpu") or "unknown"


def _installed(name: str) -> str:
    """The version of an installed package; "" where there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def processor() -> str:
    """The processor's name and its number of cores."""
    import platform

    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            rows = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        name = rows[0] if rows else name
    except OSError:
        pass
    return f"{name}, {os.cpu_count()} cores"


def device(choice: str) -> str:
    """The TensorFlow device name for "auto", "cpu" or "gpu".

    Raises:
        ConfigError: "gpu" was asked for and TensorFlow sees none.
    """
    return devices.chosen(choice)[0]
