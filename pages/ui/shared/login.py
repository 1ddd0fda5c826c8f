"""Who looks at this page: the role that the door gave them, said in the header; and `st.login`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import streamlit as st
from streamlit import auth_util
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette import starlette_app_utils

from gan_core.storage import access
from gan_core.web.door.door import LEAVE, ROLE_HEADER, WAY_HEADER
from gan_core.web.door.form import Speech
from gan_core.web.door.people import Oidc
from gan_core.web.door.settings import LEAST_SECRET
from pages.ui.shared import language
from pages.ui.shared.language import N_, t

ROLES = (N_("viewer"), N_("trainer"))  # as the header names them
NO_AUTHLIB = (
    "Accounts need Authlib: `pip install 'streamlit[auth]'`, or take `[auth]` out of the secrets."
)
NO_SECRET = (
    "`cookie_secret` of `[auth]` in the secrets must have {least} characters or more: whoever guesses it "
    "makes log-ins of his own. `python -c 'import secrets; print(secrets.token_hex())'` prints one."
)
COOKIE = "_streamlit_user"  # in which Streamlit keeps what the provider says


def role() -> str:
    """The role of whoever this run of a page, or callback, is for; "" in other threads.

    The door writes it into the request that opens the page's socket. A page whose socket has gone is
    a viewer's.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    found = st.context.headers.get(ROLE_HEADER, "")
    return found if found in access.ROLES else access.VIEWER


def badge() -> None:
    """The role and the way out, in the header; nothing where there is no door."""
    found = st.context.headers.get(ROLE_HEADER, "")
    if found not in access.ROLES:
        return
    way_out = f'<a href=".{LEAVE}" target="_self">{t("Log out")}</a>'
    with_proxy = st.context.headers.get(WAY_HEADER) == "proxy"
    with st.container(key="door"):
        st.html(f'<span class="gs-door">{t(found)}</span>{"" if with_proxy else way_out}')


def speech(headers: Mapping[str, str]) -> Speech:
    """What the form of the door is said in: chosen here before, or the browser's language."""
    code = language.asked_for(headers.get("cookie", ""), headers.get("accept-language", ""))
    return Speech(code, language.teller(code))


def oidc() -> Oidc | None:
    """OpenID Connect as Streamlit's secrets set it up; None where they do not."""
    section = auth_util.get_secrets_auth_section()
    if not section:
        return None
    found = section.to_dict()
    named = [name for name, each in found.items() if isinstance(each, dict)] or ["default"]
    return Oidc(_user_of, lambda: {name: _link(name) for name in named}, _problem(found, named))


def _problem(found: Mapping[str, object], named: Iterable[str]) -> str:
    """Why nobody could log in by these secrets, or everybody could; "" if all is well."""
    if not auth_util.is_authlib_installed():
        return NO_AUTHLIB
    try:
        for name in named:
            auth_util.validate_auth_credentials(name)
    except StreamlitAuthError as error:
        return " ".join(str(error).split())
    short = len(str(found["cookie_secret"])) < LEAST_SECRET
    return NO_SECRET.format(least=LEAST_SECRET) if short else ""


def _link(provider: str) -> str:
    """Where Streamlit leads to the provider; good for two minutes, so a page left open is asked again."""
    return f"./auth/login?provider={auth_util.encode_provider_token(provider)}"


def _user_of(cookies: Mapping[str, str]) -> dict:
    """What Streamlit's signed cookie says, of this server only; {} without a good one."""

    def part(name: str) -> bytes | None:
        value = cookies.get(name, "").encode("latin-1", "replace")
        return starlette_app_utils.decode_signed_value(get_cookie_secret(), name, value)

    try:
        found = json.loads(auth_util.get_cookie_with_chunks(part, COOKIE) or b"{}")
    except (ValueError, RecursionError):
        return {}
    own = (
        isinstance(found, dict) and found.get("origin") == auth_util.get_origin_from_redirect_uri()
    )
    return found if own else {}
