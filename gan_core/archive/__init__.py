"""A run as one zip and back; everything that comes in is checked."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "export_run": "pack",
        "import_run": "pack",
    },
)
