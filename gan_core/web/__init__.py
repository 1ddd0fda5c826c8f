"""HTTP routes for the browser: increments of curves, grids, status. They read; they never command.

Commands (start, stop, knobs) go through Streamlit's own widgets. Imports nothing by itself, so
that `app.py` decides what is loaded and when.
"""
