"""How the layers of a foreign network hang together, and what is refused there."""

import time

import pytest

from gan_core.explore.foreign import config
from gan_core.explore.foreign.plan import Unfit, sized
from tests.unit.explore.described import row

# ---- how layers hang together ----


def keras2(*rows, outputs):
    """A Functional model as Keras 2 and TensorFlow.js write it: (class, name, config, nodes)."""
    layers = [
        {"class_name": k, "name": n, "config": {"name": n, **c}, "inbound_nodes": nodes}
        for k, n, c, nodes in [("InputLayer", "z", {"batch_input_shape": [None, 4]}, []), *rows]
    ]
    settings = {"layers": layers, "input_layers": [["z", 0, 0]], "output_layers": outputs}
    return {"class_name": "Model", "config": {"name": "g", **settings}}


INNER = {"layers": [row("Dense", "d", units=4, batch_input_shape=[None, 4])]}
LAST = ("Dense", "last", {"units": 64})


def call(name, number=0, **settings):
    return [[name, number, 0, settings]]


@pytest.mark.parametrize("first", [0, 1])
def test_a_models_own_first_call_may_be_counted(first):
    found = config.read(
        keras2(
            ("Sequential", "s", INNER, [call("z"), call("s", first)]),
            (*LAST, [call("s", first + 1)]),
            outputs=[["last", 0, 0]],
        )
    )
    uses = [layer for layer in found["layers"] if layer["name"].startswith("s")]
    assert [u["inputs"] for u in uses] == [["z"], ["s/d"]]
    assert [u.get("of") for u in uses] == [None, "s/d"]  # the same weights twice
    assert sized(found).numbers == 4 * 4 + 4 + 4 * 64 + 64


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("ReLU", "r", {}, [call("z")]), (*LAST, [call("r", 1)])], "Call 1 of layer `r`"),
        ([("Sequential", "s", INNER, [call("z")]), (*LAST, [call("s", 2)])], "Call 2 of layer `s`"),
        ([("ReLU", "r", {}, [call("last")]), (*LAST, [call("r")])], "does not come before it"),
        ([(*LAST, [call("nobody")])], "does not come before it"),
        ([(*LAST, [])], "is never used"),
        ([(*LAST, [[["z", 0, 1, {}]]])], "must have one output"),
        ([(*LAST, [[["z", "0", 0, {}]]])], "is not understood"),
        ([(*LAST, [call("z", training=True)])], "called with `training=True`"),
        (
            [
                ("Dropout", "drop", {"rate": 0.5}, [call("z", training=True)]),
                (*LAST, [call("drop")]),
            ],
            "called with `training=True`",
        ),
    ],
)
def test_graphs_that_are_refused(rows, words):
    with pytest.raises(Unfit, match=words):
        config.read(keras2(*rows, outputs=[["last", 0, 0]]))


def test_weights_that_are_used_often_count_each_time():
    uses = [call("z"), *(call("d", n) for n in range(40))]
    large = ("Dense", "d", {"units": 1000}, uses)
    rows = [("Dense", "first", {"units": 1000}, [call("z")]), large]
    large[3][0] = call("first")
    with pytest.raises(Unfit, match="declares more than 32,000,000 weights"):
        sized(config.read(keras2(*rows, (*LAST, [call("d", 40)]), outputs=[["last", 0, 0]])))


def test_models_that_multiply_are_refused_at_once():
    inner = INNER
    for depth in range(3):
        kind = "Sequential" if not depth else "Model"
        uses = [call("z"), *(call("s", n) for n in range(1, 150))]
        model = keras2((kind, "s", inner, uses), outputs=[["s", 150, 0]])
        inner = model["config"]
    began = time.monotonic()
    with pytest.raises(Unfit, match="over 2000 layers"):
        config.read(model)
    assert time.monotonic() - began < 30  # three million layers take hours


def test_a_class_must_be_embedded_or_one_hot():
    def read(*label_layers, width=1):
        rows = [
            ("InputLayer", "label", {"batch_input_shape": [None, width]}, []),
            *label_layers,
            ("Concatenate", "c", {}, [[["z", 0, 0, {}], ["l", 0, 0, {}]]]),
            (*LAST, [call("c")]),
        ]
        found = keras2(*rows, outputs=[["last", 0, 0]])
        found["config"]["input_layers"].append(["label", 0, 0])
        return config.read(found)

    assert read(("Dense", "l", {"units": 4}, [call("label")]), width=10)["classes"] == 10
    with pytest.raises(Unfit, match="`label` is a single number without an Embedding"):
        read(("Dense", "l", {"units": 4}, [call("label")]))
    with pytest.raises(Unfit, match="`label` must go through an Embedding. Layer `l` takes it as"):
        read(
            ("Embedding", "e", {"input_dim": 3, "output_dim": 4}, [call("label")]),
            ("Dense", "l", {"units": 4}, [call("label")]),
        )
