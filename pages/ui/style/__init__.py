"""Parts of the Style page."""
