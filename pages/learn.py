"""Learn: how a GAN works, on a small one that trains in the page itself."""

import streamlit as st

from pages.ui.learn import plane
from pages.ui.shared.language import t

st.title(t("Learn"), anchor=False)
st.caption(
    t(
        "Two small networks learn here, now, on points in a plane: in your browser, so it costs no server."
    )
)
plane.show()
