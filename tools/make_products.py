"""Writes assets/components/shared/network/products.js: the inner loop of convolutions in WebAssembly SIMD.

    python -m tools.make_products

One function of 128-bit instructions (https://webassembly.github.io/spec/core/), which multiplies a few
rows with a matrix and adds: C[m, n] += A[m, k] B[k, n]. Four rows by eight columns stay in registers while
k runs, so a number that was read is used four or eight times. There is no assembler: what is needed of the
binary format stands here.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "assets/components/shared/network/products.js"
ROWS, LANES = 4, 4
I32, V128 = 0x7F, 0x7B
PARAMS = ("a", "lda", "b", "ldb", "c", "ldc", "m", "k", "n")
WORDS = ("i", "p", "pa0", "pa1", "pa2", "pa3", "pb", "pc")  # further 32-bit locals
VECTORS = tuple(f"s{r}{v}" for r in range(ROWS) for v in range(2)) + ("b0", "b1")
INDEX = {name: i for i, name in enumerate((*PARAMS, *WORDS, *VECTORS))}


def leb(value: int) -> bytes:
    """Unsigned LEB128."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 127
        out.append(low | (128 if value else 0))
        if not value:
            return bytes(out)


def const(value: int) -> bytes:
    """i32.const of 0 to 63."""
    return bytes((0x41, value))


def get(name: str) -> bytes:
    return b"\x20" + leb(INDEX[name])


def put(name: str, *code: bytes) -> bytes:
    return b"".join(code) + b"\x21" + leb(INDEX[name])


def add(*code: bytes) -> bytes:
    return b"".join(code) + b"\x6a"


def times(*code: bytes) -> bytes:
    return b"".join(code) + b"\x6c"


def load(name: str, offset: int = 0) -> bytes:
    """v128.load at a pointer."""
    return get(name) + b"\xfd\x00\x02" + leb(offset)


def spread(name: str) -> bytes:
    """v128.load32_splat at a pointer: one number in all lanes."""
    return get(name) + b"\xfd\x09\x02\x00"


def while_at_least(name: str, least: int, *body: bytes) -> bytes:
    """A loop for as long as a counter is at least so many."""
    leave = get(name) + const(least) + b"\x48\x0d\x01"  # i32.lt_s, br_if 1
    return b"\x02\x40\x03\x40" + leave + b"".join(body) + b"\x0c\x00\x0b\x0b"


def block(rows: int, wide: int) -> bytes:
    """So many rows by `wide` vectors of C, from the pointers pa0, pb and pc; pa0 ends behind its row."""
    cells = [(r, v) for r in range(rows) for v in range(wide)]
    row = [put(f"pa{r}", add(get(f"pa{r - 1}"), get("lda"))) for r in range(1, rows)]
    start = [
        put(
            f"s{r}{v}",
            times(get("ldc"), const(r)),
            get("pc"),
            b"\x6a",
            b"\xfd\x00\x02",
            leb(16 * v),
        )
        for r, v in cells
    ]
    step = [put(f"b{v}", load("pb", 16 * v)) for v in range(wide)]
    for r, v in cells:
        product = spread(f"pa{r}") + get(f"b{v}") + b"\xfd\xe6\x01"  # f32x4.mul
        step.append(put(f"s{r}{v}", get(f"s{r}{v}"), product, b"\xfd\xe4\x01"))  # f32x4.add
    step += [put(f"pa{r}", add(get(f"pa{r}"), const(4))) for r in range(rows)]
    step += [put("pb", add(get("pb"), get("ldb"))), put("p", add(get("p"), b"\x41\x7f"))]
    end = [
        times(get("ldc"), const(r)) + get("pc") + b"\x6a" + get(f"s{r}{v}")
        + b"\xfd\x0b\x02" + leb(16 * v)
        for r, v in cells
    ]  # fmt: skip
    begin = [put("p", get("k")), put("pb", get("b"))]
    return b"".join((*row, *start, *begin, while_at_least("p", 1, *step), *end))


def rows_of(rows: int, wide: int) -> bytes:
    """Blocks of so many rows until fewer are left in `i`."""
    back = put("pa0", get("pa0"), times(get("k"), const(4)), b"\x6b")  # to the start of its row
    return while_at_least(
        "i", rows, block(rows, wide), back,
        put("pa0", add(get("pa0"), times(get("lda"), const(rows)))),
        put("pc", add(get("pc"), times(get("ldc"), const(rows)))),
        put("i", add(get("i"), bytes((0x41, 0x80 - rows)))),
    )  # fmt: skip


def columns_of(wide: int) -> bytes:
    """Columns of so many vectors until fewer are left in `n`."""
    start = [put("i", get("m")), put("pa0", get("a")), put("pc", get("c"))]
    size = LANES * wide
    on = [put(name, add(get(name), const(4 * size))) for name in ("b", "c")]
    left = put("n", add(get("n"), bytes((0x41, 0x80 - size))))
    body = (*start, rows_of(ROWS, wide), rows_of(1, wide), *on, left)
    return while_at_least("n", size, *body)


def section(number: int, body: bytes) -> bytes:
    return bytes((number,)) + leb(len(body)) + body


def vector(items: Iterable[bytes]) -> bytes:
    items = list(items)
    return leb(len(items)) + b"".join(items)


def module() -> bytes:
    """The binary: a memory of the module's own, `memory`, and `multiply(a, lda, b, ldb, c, ldc, m, k, n)`."""
    kind = b"\x60" + vector([bytes((I32,))] * len(PARAMS)) + vector([])
    own = vector((leb(len(WORDS)) + bytes((I32,)), leb(len(VECTORS)) + bytes((V128,))))
    body = own + columns_of(2) + columns_of(1) + b"\x0b"
    names = ((b"memory", b"\x02\x00"), (b"multiply", b"\x00\x00"))
    return b"\0asm\x01\0\0\0" + b"".join(
        (
            section(1, vector([kind])),
            section(3, vector([leb(0)])),
            section(5, vector([b"\x00\x01"])),
            section(7, vector(leb(len(name)) + name + what for name, what in names)),
            section(10, vector([leb(len(body)) + body])),
        )
    )


def script() -> str:
    """What the file holds."""
    return (
        "// C[m, n] += A[m, k] B[k, n] in WebAssembly SIMD, written by tools/make_products.py: "
        "multiply(a, lda, b, ldb, c, ldc, m, k, n),\n"
        "// places and the bytes from row to row, n a multiple of 4.\n"
        f'export const PRODUCTS = "{base64.b64encode(module()).decode()}";\n'
    )


if __name__ == "__main__":
    OUT.write_text(script(), encoding="utf-8")
    print(f"{OUT.name}: {len(module()):,} bytes")
