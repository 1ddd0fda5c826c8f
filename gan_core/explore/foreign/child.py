"""The child process that reads the numbers of a foreign weights file, with limits on itself.

Run as a plain file. Standard input: one line of JSON, {"bytes", "memory", "seconds", "wanted":
[[path, number, shape], ...]}, then the `.keras` file. Standard output: the float32 arrays, one after
the other; nothing else. It imports only NumPy and h5py, writes no file and has no use for secrets.
"""

import io
import json
import sys
import zipfile

ALSO = "_layer_checkpoint_dependencies/"  # what Keras 2 writes for `layers/`


def limit(memory, seconds):
    """Limits that the system enforces; Windows has none, there the parent watches alone."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 32),
    ):  # fmt: skip
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # lower already
            continue


def read(h5py, np, file, path, number, shape):
    """One array; only a plain data set inside this very file, of the expected shape."""
    node = file
    for part in [*path.strip("/").split("/"), "vars", str(number)]:
        if not isinstance(node, h5py.Group) or part not in node:
            raise ValueError(f"{path} has no weights {number}")
        if not isinstance(node.get(part, getlink=True), h5py.HardLink):
            raise ValueError(f"{path} is a link that leads elsewhere")
        node = node[part]
    if not isinstance(node, h5py.Dataset) or node.external or node.is_virtual:
        raise ValueError(f"{path} keeps its numbers elsewhere")
    if node.shape != tuple(shape) or node.dtype.kind != "f":
        raise ValueError(f"{path} has {node.dtype} {list(node.shape)}, expected {shape}")
    return np.ascontiguousarray(node[()], "<f4")


def main():
    """Limits first, then the file."""
    task = json.loads(sys.stdin.buffer.readline())
    limit(task["memory"], task["seconds"])
    import h5py
    import numpy as np

    data = sys.stdin.buffer.read(task["bytes"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        weights = archive.read("model.weights.h5")
    with h5py.File(io.BytesIO(weights), "r") as file:
        old = "layers" not in file
        for path, number, shape in task["wanted"]:
            path = path.replace("layers/", ALSO) if old else path
            sys.stdout.buffer.write(read(h5py, np, file, path, number, shape).tobytes())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit("it needs more memory than allowed")
    except Exception as error:  # whatever a hostile file provokes is one line for the parent
        sys.exit(f"{type(error).__name__}: {str(error)[:200]}")
