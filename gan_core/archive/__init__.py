"""A run as one zip and back; everything that comes in is checked."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.archive.pack import export_run as export_run
    from gan_core.archive.pack import import_run as import_run
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "export_run": "pack",
            "import_run": "pack",
        },
    )
