"""Who a request is from where others have logged somebody in: a proxy, or an OpenID Connect provider."""

from __future__ import annotations

import fnmatch
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers

from gan_core.storage.access import TRAINER, VIEWER

# One name, in letters that cannot be mistaken for others: a proxy that adds to what a browser sent, as
# "eve, ann@lab.example", says two.
_NAME = re.compile(r"[!-+\--:<-~]+")
SECRET_HEADER = "x-ganscope-proxy"  # in which the proxy proves that it is the proxy


@dataclass(frozen=True)
class People:
    """Names, mostly e-mail addresses, of those who may come in; `*` in them stands for anything."""

    trainers: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()

    def role_of(self, name: str) -> str:
        """Their role; "" for people who are not listed."""
        lists = ((TRAINER, self.trainers), (VIEWER, self.viewers))
        return next((role for role, listed in lists if _is_in(name, listed)), "")


def _is_in(name: str, listed: tuple[str, ...]) -> bool:
    found = name.lower() if _NAME.fullmatch(name) else ""
    return bool(found) and any(fnmatch.fnmatchcase(found, each.lower()) for each in listed)


@dataclass(frozen=True)
class Proxy:
    """A proxy that logs people in, and says their name in a header.

    Anybody can send that header who reaches this server past the proxy; so it counts only beside a
    secret that the proxy alone knows.
    """

    user_header: str
    secret: str = field(repr=False)

    @property
    def headers(self) -> tuple[str, str]:
        """What only the proxy may set: nothing of it reaches the app."""
        return (self.user_header, SECRET_HEADER)

    def name(self, headers: Headers) -> str:
        """Who is logged in there; "" for nobody, or where it is not the proxy that asks."""
        secrets, names = headers.getlist(SECRET_HEADER), headers.getlist(self.user_header)
        given = secrets[0].encode("latin-1", "replace") if len(secrets) == 1 else b""
        is_proxy = hmac.compare_digest(given, self.secret.encode())
        return names[0] if is_proxy and len(names) == 1 else ""


@dataclass(frozen=True)
class Oidc:
    """Log-in by OpenID Connect, as Streamlit's `st.login` does it.

    Attributes:
        user_of: cookies -> what the provider says of whoever is logged in; {} for nobody.
        links: provider -> where logging in begins, seen from a page.
        problem: why nobody could log in, in words.
    """

    user_of: Callable[[Mapping[str, str]], Mapping[str, Any]]
    links: Callable[[], Mapping[str, str]]
    problem: str = ""

    def name(self, cookies: Mapping[str, str]) -> str:
        """Their e-mail address; "" for nobody, and for addresses that the provider has not checked."""
        user = self.user_of(cookies)
        unchecked = user.get("email_verified", True) in (False, "false")
        return "" if unchecked or not user.get("is_logged_in") else str(user.get("email") or "")
