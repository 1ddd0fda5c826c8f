"""GANscope's engine: everything that works without a browser. Importing it imports nothing else."""

__version__ = "1.1.0"

TYPE_CHECKING = (
    False  # for type checkers it is true, as that of `typing`, which is not imported here
)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def shown(package: str, places: "dict[str, str]") -> "tuple[Callable[[str], Any], list[str]]":
    """(__getattr__, __all__) of a package that shows names of its modules, imported when asked for.

    Args:
        package: `__name__` of the package.
        places: name -> module in the package that holds it.
    """

    def getattr_(name: str) -> "Any":
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        import importlib

        return getattr(importlib.import_module(f"{package}.{places[name]}"), name)

    return getattr_, list(places)
