"""Which arguments the layers and initializers of the installed Keras take, as JSON on stdout.

Run it in an environment with the oldest Keras that must open exported generators:

    pip install tensorflow-cpu==2.16.2 keras==3.3.3
    python tools/make_keras_arguments.py > tests/data/keras_3.3_arguments.json
"""

import inspect
import json

import keras

MODULES = ("keras.layers", "keras.initializers")


def arguments(kind: type) -> list[str]:
    """Names that the constructor of a class takes, those of its bases too where it passes them on."""
    found: set[str] = set()
    for each in kind.__mro__:
        if "__init__" not in vars(each):
            continue
        parameters = inspect.signature(each.__init__).parameters.values()
        found |= {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        if not any(p.kind == p.VAR_KEYWORD for p in parameters):
            break
    return sorted(found - {"self"})


def main() -> None:
    known = {}
    for name in MODULES:
        module = getattr(keras, name.split(".")[1])
        kinds = {n: k for n, k in vars(module).items() if isinstance(k, type)}
        known[name] = {n: arguments(k) for n, k in sorted(kinds.items())}
    print(json.dumps({"keras": keras.__version__, "arguments": known}, separators=(",", ":")))


if __name__ == "__main__":
    main()
