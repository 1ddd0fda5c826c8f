"""Learn: how a GAN works, on a small one that trains in the page itself."""

import streamlit as st

from pages.ui.learn import plane

st.title("Learn", anchor=False)
st.caption(
    "Two small networks learn here, now, on points in a plane: in your browser, so it costs no server."
)
plane.show()
