"""What people see of the door: one page without a script, in the colours of the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from starlette.responses import HTMLResponse

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>GANscope</title>
<style>
:root {{ color-scheme: light dark; --ink: #14181C; --paper: #FFFFFF; --back: #F3F4F2; --line: #D3D8D6;
  --muted: #59626A; --accent: #8F1D66; --bad: #C8102E; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink: #E6EAEC; --paper: #171D22; --back: #0D1114;
  --line: #2B343B; --muted: #98A4AC; --accent: #C43A8E; --bad: #FF6470; }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back);
  color: var(--ink); font: 14px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial,
  "Liberation Sans", sans-serif; }}
main {{ box-sizing: border-box; width: min(22rem, calc(100vw - 2rem)); padding: 1.5rem;
  background: var(--paper); border: 1px solid var(--line); border-radius: 3px; }}
h1 {{ margin: 0 0 .2rem; font-size: 1.35rem; }}
p {{ margin: 0 0 1rem; color: var(--muted); }}
label {{ display: block; margin-bottom: .3rem; }}
input {{ box-sizing: border-box; width: 100%; padding: .5rem .6rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: 3px; }}
button, a.button {{ box-sizing: border-box; display: block; width: 100%; margin-top: .8rem;
  padding: .5rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  color: #FFFFFF; background: var(--accent); border: 0; border-radius: 3px; cursor: pointer; }}
:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
.bad {{ margin: .6rem 0 0; color: var(--bad); }}
</style>
</head>
<body><main><h1>GANscope</h1>{inside}</main></body>
</html>
"""
PASSWORD = """<p>{said}</p><form method="post">
<label for="password">{label}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
{problem}<button>{log_in}</button></form>"""
YOURS = "your account"
HEADERS = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}


class Speech(NamedTuple):
    """The language of whoever asks, and how a text is said in it."""

    code: str = "en"
    told: Callable[[str], str] = str


ENGLISH = Speech()


def page(
    status: int,
    *,
    password: bool,
    said: str = "",
    problem: str = "",
    links: Mapping[str, str] | None = None,
    headers: dict[str, str] | None = None,
    speech: Speech = ENGLISH,
) -> HTMLResponse:
    """The page, with a field for a password, links to where people log in, or words alone."""

    def told(text: str) -> str:
        return escape(speech.told(text))

    bad = f'<p class="bad" role="alert">{told(problem)}</p>' if problem else ""
    words = {"said": told(said), "label": told("Password"), "log_in": told("Log in")}
    inside = PASSWORD.format(problem=bad, **words) if password else f"<p>{told(said)}</p>{bad}"
    for name, address in (links or {}).items():
        account = YOURS if name == "default" else name.title()
        text = told(f"Log in with {account}")
        inside += f'<a class="button" href="{escape(address)}">{text}</a>'
    shown = PAGE.format(inside=inside, language=speech.code)
    return HTMLResponse(shown, status, headers=HEADERS | (headers or {}))
