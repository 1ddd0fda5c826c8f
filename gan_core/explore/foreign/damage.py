"""What reading a damaged or hostile file can raise, as one tuple: every reader catches all of it."""

import struct
import tokenize
import zipfile
import zlib

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    EOFError,
    OSError,
    ValueError,  # JSONDecodeError and UnicodeDecodeError are of this kind
    TypeError,
    LookupError,
    SyntaxError,
    ArithmeticError,
    RuntimeError,  # RecursionError and NotImplementedError are of this kind
    MemoryError,
)
