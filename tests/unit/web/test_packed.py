"""The binary format of the routes, against bytes that were written by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from gan_core.web.packed import pack
from tests.unit.web.decoding import arrays_of, decode

EXAMPLES = json.loads((Path(__file__).parents[2] / "js" / "packed.json").read_text("utf-8"))


def bytes_of(example) -> bytes:
    numbers = "".join(digits for _, digits in example["numbers"])
    return bytes.fromhex(example["length"]) + example["text"].encode() + bytes.fromhex(numbers)


def array(kind, shape, values):
    filled = [np.nan if value is None else value for value in values]
    return np.array(filled, f"<{kind}").reshape(shape)


def test_named_arrays_bit_for_bit():
    example = EXAMPLES["named"]
    arrays = {name: array(*told) for name, told in example["arrays"].items()}
    header = example["header"] | {"bad": float("nan")}  # JSON has no word for it
    assert pack(header, arrays) == bytes_of(example)


def test_arrays_in_their_order_bit_for_bit():
    example = EXAMPLES["ordered"]
    arrays = [array(*told) for told in example["arrays"]]
    assert pack(example["header"], arrays) == bytes_of(example)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (np.arange(3, dtype=">f4"), "f4"),
        (np.arange(3, dtype=np.float16), "f4"),
        (np.arange(3, dtype=np.int64), "f4"),
        (np.array([True, False, True]), "f4"),
        (np.arange(6, dtype=np.float64)[::2], "f8"),
        (np.arange(12, dtype=np.uint8).reshape(3, 4).T, "u1"),
    ],
)
def test_other_numbers_and_layouts_keep_their_values(given, kind):
    header, [(_, found)] = arrays_of(pack({"a": 1}, [given]))
    assert header == {"a": 1, "parts": [[None, kind, list(given.shape)]]}
    np.testing.assert_array_equal(found, given)


def test_an_answer_may_have_no_array():
    assert decode(pack({"last": 0})) == ({"last": 0, "parts": []}, {})
