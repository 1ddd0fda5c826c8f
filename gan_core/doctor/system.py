"""What a report of a problem needs to say of the machine: versions, processor, memory, folders.

It is made to be posted: in paths the home folder is `~` and the user's name is `USER`, and nothing of a
run, a data set or the network is in it.
"""

from __future__ import annotations

import getpass
import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from gan_core import __version__
from gan_core.data.memory import available_memory
from gan_core.startup import runtime
from gan_core.storage.assets import IN_WHEEL

PACKAGES = (  # of requirements.txt, in its order
    "streamlit", "tensorflow", "keras", "numpy", "plotly", "pillow", "imageio", "h5py", "matplotlib",
    "pydantic", "filelock", "platformdirs", "psutil", "tensorboard",
)  # fmt: skip
OPTIONAL = ("imageio-ffmpeg", "distributed", "optuna", "Authlib")
INSTRUCTIONS = ("avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_bf16")
VARIABLES = (  # what changes arithmetic or speed; none holds a secret or a path
    "TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "TF_DETERMINISTIC_OPS", "KERAS_BACKEND",
)  # fmt: skip
GB = 1e9


def facts(runs_dir: Path, data_dir: Path) -> dict[str, dict[str, str]]:
    """Heading -> what -> value, all as text. Imports TensorFlow, to say whether that works."""
    return {
        "GANscope": {
            "version": __version__,
            "from": "an installed package" if IN_WHEEL else "a checkout",
        },
        "machine": _machine(),
        "packages": {name: _version(name) for name in PACKAGES},
        "optional packages": {name: _version(name) for name in OPTIONAL},
        "TensorFlow": _tensorflow(),
        "variables": {name: os.environ[name] for name in VARIABLES if name in os.environ},
        "folders": {"runs": _folder(runs_dir), "data": _folder(data_dir)},
    }


def without_names(text: str, home: str | None = None, user: str | None = None) -> str:
    """A path or message with `~` for the home folder and `USER` for the user's name.

    Args:
        home, user: of whoever runs this, unless given.
    """
    home = (os.path.expanduser("~") if home is None else home).rstrip("/\\")
    if home:
        text = re.sub(re.escape(home) + r"(?=[\\/\s'\",;:)]|$)", "~", text)
    names = {_user() if user is None else user, re.split(r"[/\\]", home)[-1]}
    for name in sorted(names - {"", "~"}, key=len, reverse=True):
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", "USER", text)
    return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        return ""


def _machine() -> dict[str, str]:
    memory = psutil.virtual_memory().total
    has = [name for name in INSTRUCTIONS if name in runtime.processor_flags()]
    return {
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "processor": runtime.processor(),
        "cores for us": str(runtime.cores()),
        "instructions": ", ".join(has) or "unknown",
        "memory": f"{memory / GB:.1f} GB, {available_memory() / GB:.1f} GB of it for us now",
        "text": f"{sys.getfilesystemencoding()} for names, {sys.stdout.encoding} for output",
    }


def _version(name: str) -> str:
    if name == "tensorflow":
        return runtime.tensorflow_version()
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _tensorflow() -> dict[str, str]:
    """Whether it can be imported, oneDNN, and the GPUs that it sees."""
    told = {"oneDNN": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1")}
    try:
        runtime.start()
        import tensorflow as tf
    except (
        ImportError,
        OSError,
    ) as error:  # a library that it needs is missing, or of another system
        return told | {"import": without_names(f"failed: {error}".splitlines()[0])}
    gpus = [tf.config.experimental.get_device_details(g).get("device_name", "unnamed")
            for g in tf.config.list_physical_devices("GPU")]  # fmt: skip
    return told | {"import": "works", "GPUs": ", ".join(gpus) or "none that it can use"}


def _folder(path: Path) -> str:
    """Where it is, whether it can be written, and what is free there."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    can = "can be written" if os.access(there, os.W_OK) else "cannot be written"
    state = can if there == path else f"not made yet, {can}"
    free = shutil.disk_usage(there).free / GB
    return f"{without_names(str(path))} ({state}, {free:.1f} GB free)"
