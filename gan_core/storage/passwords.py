"""Passwords are kept as scrypt's verifiers; whoever reads the settings learns none."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from gan_core.errors import ConfigError

N, R, P = 2**15, 8, 1  # 32 MB and 80 ms on one core of 2026
LEAST = 10  # characters of a password that is given as it is
MOST = 1024  # bytes that anybody may send as one
KIND = "scrypt"


def verifier(password: str) -> str:
    """`scrypt:n:r:p:salt:hash`, different each time; safe in a file of settings."""
    salt = secrets.token_bytes(16)
    numbers = ":".join(str(number) for number in (N, R, P))
    return f"{KIND}:{numbers}:{_text(salt)}:{_text(_hash(password, salt, N, R, P))}"


def checked(text: str, setting: str) -> str:
    """The verifier that a setting holds, or that of the password that it holds.

    Raises:
        ConfigError: a password too short, or something that begins like a verifier and is none.
    """
    if not text.startswith(f"{KIND}:"):
        if len(text) < LEAST:
            raise ConfigError(f"`{setting}` must have {LEAST} characters or more.")
        return verifier(text)
    try:
        _read(text)
    except (ValueError, binascii.Error) as error:
        made = "what `python -m gan_core password` prints"
        raise ConfigError(f"`{setting}` must be a password or {made}.") from error
    return text


def role_of(password: str, verifiers: Mapping[str, str]) -> str:
    """The role whose password this is; "" for none. Every verifier is tried, whatever comes."""
    given = password.encode("utf-8", "surrogatepass")[:MOST]
    found = ""
    for role, text in verifiers.items():
        n, r, p, salt, expected = _read(text)
        if hmac.compare_digest(_hash(given, salt, n, r, p), expected):
            found = found or role
    return found


def _read(text: str) -> tuple[int, int, int, bytes, bytes]:
    """Cost, block size, lanes, salt, hash; ValueError where it is no verifier, or one too costly."""
    kind, n, r, p, salt, hashed = text.split(":")
    cost, block, lanes = int(n), int(r), int(p)
    is_power = cost > 1 and cost & (cost - 1) == 0
    if kind != KIND or not is_power or not (1 <= block <= 32 and 1 <= lanes <= 16):
        raise ValueError(text[:40])
    if not 2**14 <= cost <= 2**18:
        raise ValueError(f"cost {cost}")
    salt_, hashed_ = (base64.b64decode(part, validate=True) for part in (salt, hashed))
    if len(salt_) < 8 or len(hashed_) != 32:
        raise ValueError("too short")
    return cost, block, lanes, salt_, hashed_


def _hash(password: str | bytes, salt: bytes, n: int, r: int, p: int) -> bytes:
    given = password if isinstance(password, bytes) else password.encode("utf-8")
    return hashlib.scrypt(given, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
