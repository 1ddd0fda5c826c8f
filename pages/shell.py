"""The frame of the app: look, header, pages, the key below them. The script that `app.py` serves."""

import streamlit as st

from gan_core.storage.assets import ASSETS
from pages.ui.shared import about, glossary, job_chip, language, login, tour
from pages.ui.shared.language import N_, t

language.begin()
st.set_page_config(
    page_title="GANscope",
    page_icon=str(ASSETS / "logo.png"),
    layout="wide",
    menu_items={"About": about.words()},
)
st.logo(str(ASSETS / "logo.svg"))
st.html(ASSETS / "shell.css")

PAGES = {  # file: title
    "home.py": N_("Home"),
    "train.py": N_("Train"),
    "explore.py": N_("Explore"),
    "compare.py": N_("Compare"),
    "runs.py": N_("Runs"),
    "data.py": N_("Data"),
    "learn.py": N_("Learn"),
}
TRANSLATORS = {"translate.py": N_("Translate"), "style.py": N_("Style")}
pages = {
    file: st.Page(file, title=t(title), default=file == "home.py")
    for file, title in (PAGES | TRANSLATORS).items()
}
page = st.navigation(
    {
        "": [pages[file] for file in PAGES],
        t("Image to image"): [pages[file] for file in TRANSLATORS],
    },
    position="top",
)
shown = next(title for file, title in (PAGES | TRANSLATORS).items() if pages[file] is page)
st.set_page_config(page_title=about.tab_title(shown))
login.badge()
if shown not in ("Home", "Train"):  # both show the run anyway
    job_chip.show()
page.run()
tour.show(shown)
st.html(glossary.fold(language.code(), language.switch()))
language.settle()
