"""Registering a component: a module under `assets/components/` and its style sheets."""

from __future__ import annotations

import functools

import streamlit as st

from gan_core.storage import access
from gan_core.storage.assets import COMPONENTS
from gan_core.web import assets
from pages.ui.shared import language
from pages.ui.shared.language import t

# A component's script runs from a blob, which has no address of its own: the module's is seen from the
# page, which stands at the app's root, also behind a prefix.
LOADER = """
const at = (path) => new URL("." + path, document.baseURI).href;
const load = %s;
export default function (component) {
  let [gone, dispose] = [false, null];
  load.then(
    (module) => { if (!gone) dispose = module.default(component); },
    () => {
      const root = component.parentElement.querySelector(".gs");
      root.textContent = %s;
    },
  );
  return () => { gone = true; dispose?.(); };
}
"""
ENGLISH = "import(at({module}))"
# A module's texts are looked up when it is first read: its language comes before it.
OTHER = (
    "import(at({words})).then((m) => m.speak({code}, at({texts}))).then(() => import(at({module})))"
)

BASE = "shared/base"


def register(name: str, *styles: str):
    """The component of `<name>.js`, such as "train/curves", with base.css and `<style>.css`; made once.

    Beside its data it is told whether a viewer looks, who is shown nothing of class "changes".
    """
    made = functools.cache(functools.partial(_made, name, styles))
    made("en")  # known before the first page asks for it

    def mount(*, data: dict | None = None, **options):
        if not access.may_change():
            data = {**(data or {}), "viewer": True}
        return made(language.code())(data=data, **options)

    return mount


def _made(name: str, styles: tuple[str, ...], code: str):
    """The same in a language, which its root element names."""
    css = "\n".join((COMPONENTS / f"{style}.css").read_text("utf-8") for style in (BASE, *styles))
    mine = "" if code == "en" else f"_{code}"
    return st.components.v2.component(
        "ganscope_" + name.replace("/", "_") + mine,
        html=f'<div class="gs" lang="{code}"></div>',
        css=css,
        js=_loader(name, code),
    )


def _loader(name: str, code: str) -> str:
    where = {
        "module": assets.component_url(f"{name}.js"),
        "words": assets.component_url("shared/words.js"),
        "texts": assets.component_url(f"shared/languages/{code}.json"),
        "code": code,
    }
    load = (ENGLISH if code == "en" else OTHER).format(**{k: f'"{v}"' for k, v in where.items()})
    failed = t("This part did not load. Reload the page.")
    return LOADER % (load, f'"{failed}"')
