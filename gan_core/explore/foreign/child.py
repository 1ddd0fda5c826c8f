"""The child process that reads a foreign HDF5 file, with limits on itself.

Run as a plain file. Standard input: one line of JSON, then the file. The line is {"bytes",
"memory", "seconds", "what", "wanted"}; `what` is

    keras      a `.keras` zip; wanted: [[path of the layer, number, shape], ...]
    h5         a whole model in HDF5; wanted: [[top layer, [[layer, variable, shape], ...]], ...]
    h5-config  a whole model in HDF5; wanted: the most bytes that its description may have

Standard output: the float32 arrays, one after the other, or for `h5-config` one line of JSON,
{"model_config": text or null, "weights_only": bool}; nothing else. It imports only NumPy and h5py,
writes no file and has no use for secrets.
"""

import io
import json
import re
import sys
import zipfile

ALSO = "_layer_checkpoint_dependencies"  # what Keras 2.12 and 2.13 write for `layers`
CHUNKS = 1000  # attributes that one long list of names may be split into


def limit(memory, seconds):
    """Limits that the system enforces; Windows has none, there the parent watches alone."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # lower already
            continue


def inside(h5py, node, part, path):
    """What lies at a name in a group; only inside this very file."""
    if not isinstance(node, h5py.Group) or part not in node:
        raise ValueError(f"the file holds no weights for `{path}`")
    if not isinstance(node.get(part, getlink=True), h5py.HardLink):
        raise ValueError(f"`{path}` is a link that leads elsewhere")
    return node[part]


def array(h5py, np, node, shape, path):
    """A plain data set of the expected shape, as float32."""
    if not isinstance(node, h5py.Dataset) or node.external or node.is_virtual:
        raise ValueError(f"`{path}` keeps its numbers elsewhere")
    if node.shape != tuple(shape) or node.dtype.kind != "f":
        raise ValueError(f"`{path}` has {node.dtype} {list(node.shape or ())}, expected {shape}")
    return np.ascontiguousarray(node[()], "<f4")


def of_class(node, word):
    """{number: name} of the groups of one class of layers: dense, dense_1, ..."""
    found = {}
    for name in node:
        match = re.fullmatch(re.escape(word) + r"(?:_(\d{1,6}))?", name)
        if match:
            found[int(match[1] or 0)] = name
    return found


def group_of(node, word, number, asked):
    """The name of the number-th layer of a class.

    Keras numbers the layers of a class from 0, except that 2.13 counts those with weights twice
    (0, 2, 4): where the usual names are not there, the order of the numbers decides.
    """
    found = of_class(node, word)
    if asked <= set(found) and max(found) <= max(asked):
        return found[number]
    return dict(enumerate(found[k] for k in sorted(found))).get(number, f"{word}_{number}")


def parts_of(path):
    """[(class, number), ...] of `layers/sequential/layers/dense_1/`."""
    names = path.strip("/").split("/")[1::2]
    matches = [re.fullmatch(r"(.*?)(?:_(\d+))?", name) for name in names]
    return [(m[1], int(m[2] or 0)) for m in matches if m]


def keras_weights(h5py, np, file, wanted):
    """The arrays of a `.keras` file."""
    asked: dict = {}
    for path, _, _ in wanted:
        parts = parts_of(path)
        for i, (word, number) in enumerate(parts):
            asked.setdefault((tuple(parts[:i]), word), set()).add(number)
    for path, index, shape in wanted:
        node, parts = file, parts_of(path)
        for i, (word, number) in enumerate(parts):
            node = inside(h5py, node, "layers" if "layers" in node else ALSO, path)
            name = group_of(node, word, number, asked[tuple(parts[:i]), word])
            node = inside(h5py, node, name, path)
        node = inside(h5py, inside(h5py, node, "vars", path), str(index), path)
        yield array(h5py, np, node, shape, path)


def text(value):
    """A name in an attribute: bytes or text."""
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def names_of(group):
    """The weights of a group in Keras's order; long lists are split into numbered attributes."""
    if "weight_names" in group.attrs:
        return [text(n) for n in group.attrs["weight_names"]]
    found = []
    for i in range(CHUNKS):
        if f"weight_names{i}" not in group.attrs:
            break
        found += [text(n) for n in group.attrs[f"weight_names{i}"]]
    return found


def variable(name):
    """(layer, variable) of `dense_1/kernel:0`; an Embedding's matrix is our kernel."""
    parts = name.split("/")
    last = re.sub(r"(:0)?$", "", parts[-1])
    last = re.sub(r"_\d+$", "", last)
    layer = parts[-2] if len(parts) > 1 else ""
    return layer, "kernel" if last == "embeddings" else last


def paired(names, needs, top):
    """For each need, the name that has it: in Keras's order, or else by layer and variable."""
    found = [variable(n) for n in names]
    if [v for _, v in found] == [v for _, v, _ in needs]:
        return names
    by_name = dict(zip(found, names, strict=True))
    missing = [f"{layer}/{v}" for layer, v, _ in needs if (layer, v) not in by_name]
    if missing or len(by_name) != len(names):
        raise ValueError(f"the weights of `{top}` are not those of its layers: {missing[:3]}")
    return [by_name[layer, v] for layer, v, _ in needs]


def h5_weights(h5py, np, file, wanted):
    """The arrays of a whole model in HDF5."""
    root = inside(h5py, file, "model_weights", "model_weights")
    for top, needs in wanted:
        group = root
        for part in top.strip("/").split("/"):
            group = inside(h5py, group, part, top)
        for name, (_, _, shape) in zip(paired(names_of(group), needs, top), needs, strict=True):
            node = group
            for part in name.strip("/").split("/"):
                node = inside(h5py, node, part, name)
            yield array(h5py, np, node, shape, name)


def h5_config(file, most):
    """What an HDF5 file says of itself."""
    found = None
    if "model_config" in file.attrs:
        found = text(file.attrs["model_config"])
        if len(found) > most:
            raise ValueError(f"its description has {len(found):,} characters, over {most:,}")
    marks = {"layers", ALSO, "_layer_checkpoint_dependencies", "model_weights"}
    only = "layer_names" in file.attrs or bool(marks & set(file))
    return {"model_config": found, "weights_only": found is None and only}


def answer(h5py, np, task, data):
    """What is written, piece by piece."""
    if task["what"] == "keras":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("model.weights.h5")
    with h5py.File(io.BytesIO(data), "r") as file:
        if task["what"] == "h5-config":
            yield json.dumps(h5_config(file, task["wanted"])).encode()
            return
        read = keras_weights if task["what"] == "keras" else h5_weights
        for values in read(h5py, np, file, task["wanted"]):
            yield values.tobytes()


def main():
    """Limits first, then the file."""
    task = json.loads(sys.stdin.buffer.readline())
    limit(task["memory"], task["seconds"])
    import h5py
    import numpy as np

    for piece in answer(h5py, np, task, sys.stdin.buffer.read(task["bytes"])):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit("it needs more memory than allowed")
    except ValueError as error:  # in our own words, or h5py's
        sys.exit(str(error)[:300])
    except Exception as error:  # whatever a hostile file provokes is one line for the parent
        sys.exit(f"it is damaged ({type(error).__name__}: {str(error)[:200]})")
