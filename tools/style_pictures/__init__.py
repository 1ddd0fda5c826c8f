"""The pictures that come with the Style page, painted by code: `python -m tools.style_pictures`."""
