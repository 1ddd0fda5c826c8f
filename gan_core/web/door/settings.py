"""How the door is locked, read from the environment; and when there must be one."""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from gan_core.errors import ConfigError
from gan_core.storage import passwords
from gan_core.storage.access import TRAINER, VIEWER
from gan_core.storage.assets import OPENS
from gan_core.web.door.people import Oidc, People, Proxy

PASSWORDS = {TRAINER: "GAN_PASSWORD", VIEWER: "GAN_VIEWER_PASSWORD"}
LEAST_SECRET = 16  # characters
NEEDED = """
GANscope does not start on `{address}`: whoever reaches that address could train, change and delete
runs here. Choose one of two ways.

1. A password. People are asked for it once in twelve hours:
     GAN_PASSWORD='a long sentence' {opens} --server.address {address}
   With GAN_VIEWER_PASSWORD, too, there is a second one for people who only watch.

2. A proxy that logs people in (or OpenID Connect), which tells GANscope who they are:
     GAN_PROXY_USER_HEADER=X-Forwarded-Email GAN_PROXY_SECRET=... GAN_TRAINERS='ann@lab.example' \\
       {opens} --server.address {address}

On this machine alone nothing is asked: {opens}
All of it, with examples: docs/serving.md
"""


@dataclass(frozen=True)
class Settings:
    """How people come in.

    Attributes:
        verifiers: role -> verifier of its password.
        key: what tickets are signed with.
        framed: other sites may frame the page, so cookies must reach it there.
    """

    verifiers: Mapping[str, str] = field(default_factory=dict)
    people: People = People()
    proxy: Proxy | None = None
    oidc: Oidc | None = None
    key: bytes = field(default=b"", repr=False)
    framed: bool = False


def read(env: Mapping[str, str], oidc: Oidc | None = None) -> Settings | None:
    """The door that the environment describes; None where it describes none.

    Args:
        oidc: where Streamlit's secrets set up `st.login`.

    Raises:
        ConfigError: a setting is wrong, or one is missing that another needs.
    """
    given = {role: env[name] for role, name in PASSWORDS.items() if env.get(name)}
    people = People(_names(env, "GAN_TRAINERS"), _names(env, "GAN_VIEWERS"))
    proxy, listed = _proxy(env), bool(people.trainers or people.viewers)
    oidc = oidc if listed else None  # its secrets may be another app's
    if not (given or proxy or oidc):
        _nothing_alone(env)
        return None
    if oidc and oidc.problem:
        raise ConfigError(oidc.problem)
    if len(set(given.values())) < len(given):
        raise ConfigError("`GAN_PASSWORD` and `GAN_VIEWER_PASSWORD` must not be the same.")
    if proxy and not listed:
        raise ConfigError(
            "Say who may come in: `GAN_TRAINERS` and `GAN_VIEWERS` list e-mails or `*`."
        )
    return Settings(
        verifiers={role: passwords.checked(text, PASSWORDS[role]) for role, text in given.items()},
        people=people,
        proxy=proxy,
        oidc=oidc,
        key=_key(env.get("GAN_DOOR_KEY", ""), given),
        framed=bool(env.get("GAN_FRAME_ANCESTORS", "").strip()),
    )


def _nothing_alone(env: Mapping[str, str]) -> None:
    for name in ("GAN_TRAINERS", "GAN_VIEWERS", "GAN_DOOR_KEY"):
        if env.get(name):
            words = "needs `GAN_PASSWORD`, `GAN_PROXY_USER_HEADER` or OpenID Connect beside it"
            raise ConfigError(f"`{name}` {words}.")


def _names(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", env.get(name, "")) if part)


def _proxy(env: Mapping[str, str]) -> Proxy | None:
    header, secret = env.get("GAN_PROXY_USER_HEADER", "").strip(), env.get("GAN_PROXY_SECRET", "")
    if not header and not secret:
        return None
    if not re.fullmatch(r"[A-Za-z0-9-]+", header):
        raise ConfigError(
            f"`GAN_PROXY_USER_HEADER` must be the name of a header. Received: `{header}`."
        )
    if len(secret) < LEAST_SECRET or not secret.isascii() or not secret.isprintable():
        least = f"{LEAST_SECRET} or more letters and digits"
        raise ConfigError(f"`GAN_PROXY_SECRET` must have {least}, sent as `X-GANscope-Proxy`.")
    return Proxy(header.lower(), secret)


def _key(text: str, given: Mapping[str, str]) -> bytes:
    """Random, so that a restart asks for the password again; or made of a setting and the passwords."""
    if not text:
        return secrets.token_bytes(32)
    if len(text) < LEAST_SECRET:
        raise ConfigError(f"`GAN_DOOR_KEY` must have {LEAST_SECRET} characters or more.")
    return hashlib.sha256(repr((text, sorted(given.items()))).encode()).digest()


@functools.lru_cache(maxsize=64)  # asked at every request, of the address it came to
def is_local(address: str | None) -> bool:
    """Whether only this machine reaches an address: loopback, or a socket in its file system."""
    if address is None:
        return False
    if address == "localhost" or address.startswith(("unix:", "/")):
        return True
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def of_server(
    address: str | None, env: Mapping[str, str], oidc: Oidc | None = None
) -> Settings | None:
    """The door of a server that listens on `address` (None: on all); None where it needs none.

    Raises:
        ConfigError: as for `read`; or others reach the address, and nothing would be asked of them.
    """
    found = read(env, oidc)
    if found is None and not is_local(address):
        raise ConfigError(NEEDED.format(address=address or "0.0.0.0", opens=OPENS))
    return found
