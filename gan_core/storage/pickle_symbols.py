"""Follows the instructions of a pickle on symbols: calls are written down, never made.

The few instructions that plain containers, numbers, text and NumPy arrays are written with; long strings of
bytes are not read, only where they lie. What the symbols stand for: pickled.py.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from gan_core.errors import DataError

MAX_STEPS = 4_000_000  # instructions; those of CIFAR-100's larger file are 350,000
MAX_LINE = 200  # characters of a name of a module
SHORT = 4096  # bytes of text and of bytes that are read at once; longer ones stay in the file
ARRAY_MAKERS = {
    (module, "_reconstruct")
    for module in (
        "numpy.core.multiarray",
        "numpy._core.multiarray",
        "numpy.core._multiarray_umath",
    )
}
_ALLOWED = ARRAY_MAKERS | {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.numeric", "_frombuffer"),
    ("collections", "OrderedDict"),
}


class Mark:
    """Where a list of arguments begins."""


@dataclass(frozen=True)
class Blob:
    """Bytes or text that lie in the file; `utf8` text stands for bytes, a character each."""

    offset: int
    size: int
    utf8: bool = False


@dataclass(frozen=True)
class Name:
    """A name of a module that a pickle mentions; nothing is imported."""

    module: str
    name: str


@dataclass(eq=False)
class Call:
    """A call that a pickle asks for and that is not made, and the state that it sets afterwards."""

    function: Name
    arguments: tuple[Any, ...]
    state: Any = None


class Machine:
    """Follows the instructions of a pickle on symbols."""

    def __init__(self, file: BinaryIO, size: int):
        self.file, self.size = file, size
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        for _ in range(MAX_STEPS):
            code = self.file.read(1)
            if code == b".":
                return self.stack.pop()
            step = _STEPS.get(code)
            if step is None:
                told = f"instruction {code!r}" if code else "its end is missing"
                raise DataError(
                    f"It is a pickle that holds more than numbers, text and NumPy arrays ({told}). "
                    "Nothing of it was run."
                )
            step(self)
        raise DataError(f"It is a pickle of more than {MAX_STEPS:,} instructions.")

    def take(self, size: int) -> bytes:
        data = self.file.read(size) if 0 <= size <= SHORT else b""
        if len(data) != size:
            raise ValueError("it ends early")
        return data

    def number(self, form: str) -> int:
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def text(self, size: int) -> None:
        """Push text; a long one stays where it is."""
        if size > SHORT:
            self.push(self._blob(size, utf8=True))
        else:
            self.push(self.take(size).decode("utf-8", "surrogatepass"))

    def bytes(self, size: int) -> None:
        self.push(self.take(size) if size <= SHORT else self._blob(size))

    def _blob(self, size: int, utf8: bool = False) -> Blob:
        start = self.file.tell()
        if size > self.size - start:
            raise ValueError("it declares more bytes than there are")
        self.file.seek(size, 1)
        return Blob(start, size, utf8)

    def line(self) -> str:
        found = self.file.readline(MAX_LINE)
        if not found.endswith(b"\n"):
            raise ValueError("a name in it is too long")
        return found[:-1].decode("ascii")

    def since_mark(self) -> list[Any]:
        place = next(i for i in reversed(range(len(self.stack))) if self.stack[i] is Mark)
        found = self.stack[place + 1 :]
        del self.stack[place:]
        return found

    def top(self, count: int) -> tuple[Any, ...]:
        if count == 0:
            return ()
        found = tuple(self.stack[-count:])
        if len(found) != count or Mark in found:
            raise IndexError("its stack is too short")
        del self.stack[-count:]
        return found

    def name(self, module: str, name: str) -> None:
        if (module, name) not in _ALLOWED:
            raise DataError(
                f"It is a pickle that asks for `{module[:60]}.{name[:60]}`, which can run code when read; "
                "nothing of it was run. Allowed: numbers, text and NumPy arrays."
            )
        self.push(Name(module, name))

    def call(self) -> None:
        function, arguments = self.top(2)
        if not isinstance(function, Name) or not isinstance(arguments, tuple):
            raise ValueError("it calls what is no function")
        if function.module == "collections":
            self.push({})
            return
        self.push(Call(function, arguments))

    def build(self) -> None:
        target, state = self.top(2)
        if not isinstance(target, Call) or target.state is not None:
            raise ValueError("it sets the state of something that has none")
        target.state = state
        self.push(target)

    def set_items(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict) or len(pairs) % 2:
            raise ValueError("a dictionary in it is none")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            target[_key(key)] = value

    def extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, list):
            raise ValueError("a list in it is none")
        target.extend(values)

    def remember(self, place: int) -> None:
        self.memo[place] = self.stack[-1]

    def long(self, size: int) -> None:
        self.push(int.from_bytes(self.take(size), "little", signed=True))


def _key(key: Any) -> str:
    if isinstance(key, Call) and key.function.name == "encode":
        key = bytes_of(key)
    if isinstance(key, bytes):
        return key.decode("utf-8", "replace")
    if isinstance(key, str | int) and not isinstance(key, bool):
        return str(key)
    raise ValueError("a dictionary in it has a name that is no text")


_STEPS = {
    b"\x80": lambda m: m.take(1),
    b"\x95": lambda m: m.take(8),  # a frame: how many bytes come next, which nobody needs to know
    b"}": lambda m: m.push({}),
    b"]": lambda m: m.push([]),
    b")": lambda m: m.push(()),
    b"(": lambda m: m.push(Mark),
    b"N": lambda m: m.push(None),
    b"\x88": lambda m: m.push(True),
    b"\x89": lambda m: m.push(False),
    b"K": lambda m: m.push(m.number("<B")),
    b"M": lambda m: m.push(m.number("<H")),
    b"J": lambda m: m.push(m.number("<i")),
    b"G": lambda m: m.push(m.number(">d")),
    b"\x8a": lambda m: m.long(m.number("<B")),
    b"C": lambda m: m.bytes(m.number("<B")),
    b"B": lambda m: m.bytes(m.number("<I")),
    b"\x8e": lambda m: m.bytes(m.number("<Q")),
    b"\x96": lambda m: m.bytes(m.number("<Q")),  # bytes that may be changed
    b"U": lambda m: m.bytes(m.number("<B")),  # Python 2's strings
    b"T": lambda m: m.bytes(m.number("<i")),
    b"\x8c": lambda m: m.text(m.number("<B")),
    b"X": lambda m: m.text(m.number("<I")),
    b"\x8d": lambda m: m.text(m.number("<Q")),
    b"c": lambda m: m.name(m.line(), m.line()),
    b"\x93": lambda m: m.name(*m.top(2)),
    b"R": lambda m: m.call(),
    b"b": lambda m: m.build(),
    b"s": lambda m: m.set_items(list(m.top(2))),
    b"u": lambda m: m.set_items(m.since_mark()),
    b"a": lambda m: m.extend(list(m.top(1))),
    b"e": lambda m: m.extend(m.since_mark()),
    b"t": lambda m: m.push(tuple(m.since_mark())),
    b"\x85": lambda m: m.push(m.top(1)),
    b"\x86": lambda m: m.push(m.top(2)),
    b"\x87": lambda m: m.push(m.top(3)),
    b"0": lambda m: m.stack.pop(),
    b"q": lambda m: m.remember(m.number("<B")),
    b"r": lambda m: m.remember(m.number("<I")),
    b"\x94": lambda m: m.remember(len(m.memo)),
    b"h": lambda m: m.push(m.memo[m.number("<B")]),
    b"j": lambda m: m.push(m.memo[m.number("<I")]),
}


def bytes_of(call: Call) -> bytes | Blob:
    """What protocol 2 writes of bytes: `encode(text, "latin1")`."""
    text, *how = call.arguments
    if how not in (["latin1"], ["latin-1"]):
        raise ValueError("it encodes text in an odd way")
    return text if isinstance(text, Blob) else text.encode("latin-1")
