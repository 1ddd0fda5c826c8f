"""The frame of the app: look, header, pages, the key below them. The script that `app.py` serves."""

import streamlit as st

from gan_core.storage.assets import ASSETS
from pages.ui.shared import about, glossary, job_chip, login, tour

st.set_page_config(
    page_title="GANscope",
    page_icon=str(ASSETS / "logo.png"),
    layout="wide",
    menu_items={"About": about.words()},
)
st.logo(str(ASSETS / "logo.svg"))
st.html(ASSETS / "shell.css")

page = st.navigation(
    {
        "": [
            st.Page("home.py", title="Home", default=True),
            st.Page("train.py", title="Train"),
            st.Page("explore.py", title="Explore"),
            st.Page("compare.py", title="Compare"),
            st.Page("runs.py", title="Runs"),
            st.Page("data.py", title="Data"),
            st.Page("learn.py", title="Learn"),
        ],
        "Image to image": [
            st.Page("translate.py", title="Translate"),
            st.Page("style.py", title="Style"),
        ],
    },
    position="top",
)
st.set_page_config(page_title=about.tab_title(page.title))
login.badge()
if page.title not in ("Home", "Train"):  # both show the run anyway
    job_chip.show()
page.run()
tour.show(page.title)
st.html(glossary.fold())
