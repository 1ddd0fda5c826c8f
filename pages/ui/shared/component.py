"""Registering a component: a module under `assets/components/` and its style sheets."""

from __future__ import annotations

import streamlit as st

from gan_core.storage import access
from gan_core.storage.assets import COMPONENTS
from gan_core.web import assets

# A component's script runs from a blob, which has no address of its own: the module's is seen from the
# page, which stands at the app's root, also behind a prefix.
LOADER = """
const load = import(new URL(".%s", document.baseURI).href);
export default function (component) {
  let [gone, dispose] = [false, null];
  load.then(
    (module) => { if (!gone) dispose = module.default(component); },
    () => {
      const root = component.parentElement.querySelector(".gs");
      root.textContent = "This part did not load. Reload the page.";
    },
  );
  return () => { gone = true; dispose?.(); };
}
"""

BASE = "shared/base"


def register(name: str, *styles: str):
    """The component of `<name>.js`, such as "train/curves", with base.css and `<style>.css`; made once.

    Beside its data it is told whether a viewer looks, who is shown nothing of class "changes".
    """
    css = "\n".join((COMPONENTS / f"{style}.css").read_text("utf-8") for style in (BASE, *styles))
    made = st.components.v2.component(
        "ganscope_" + name.replace("/", "_"),
        html='<div class="gs"></div>',
        css=css,
        js=LOADER % assets.component_url(f"{name}.js"),
    )

    def mount(*, data: dict | None = None, **options):
        if not access.may_change():
            data = {**(data or {}), "viewer": True}
        return made(data=data, **options)

    return mount
