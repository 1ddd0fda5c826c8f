"""Data: what networks can learn from here, and bringing pictures of one's own."""

import streamlit as st

from pages.ui.data import listing, one, waiting

one.go_on()
if name := st.query_params.get("set"):
    one.show(name)
elif desk_id := st.query_params.get("waiting"):
    waiting.show(desk_id)
else:
    listing.show()
