"""Data: what networks can learn from here, and bringing pictures of one's own."""

import streamlit as st

from gan_core.storage import access
from pages.ui.data import listing, one, waiting

one.go_on()
if name := st.query_params.get("set"):
    one.show(name)
elif (desk_id := st.query_params.get("waiting")) and access.may_change():
    waiting.show(desk_id)
else:
    listing.show()
