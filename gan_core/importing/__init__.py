"""Other people's pictures, from a folder or a file to a data set: looked at first, kept when asked."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.importing.checking import check_up as check_up
    from gan_core.importing.desk import Desk as Desk
    from gan_core.importing.keeping import keep as keep
    from gan_core.importing.plans import chosen as chosen
    from gan_core.importing.reader import Reader as Reader
    from gan_core.importing.reader import recognise as recognise
    from gan_core.importing.shelf import Shelf as Shelf
    from gan_core.importing.squares import square as square
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "Desk": "desk",
            "Reader": "reader",
            "Shelf": "shelf",
            "check_up": "checking",
            "chosen": "plans",
            "keep": "keeping",
            "recognise": "reader",
            "square": "squares",
        },
    )
