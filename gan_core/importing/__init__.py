"""Other people's pictures, from a folder or a file to a data set: looked at first, kept when asked."""

from gan_core import shown

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
