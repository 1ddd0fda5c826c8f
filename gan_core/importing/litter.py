"""What lies beside pictures and is none: what it is, and what would make it one."""

from __future__ import annotations

from gan_core.data import unread

PICTURES = (
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff",
)  # fmt: skip
ALLOWED = "PNG, JPEG, WebP, GIF, BMP and TIFF"
HIDDEN = "a hidden file"
LINK = "a link; links are not followed"
NO_FILE = "no plain file"
NO_PICTURE = "no picture"
ARRAYS = (
    ".npz", ".npy", ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".mat", ".h5", ".hdf5", "-ubyte", "-ubyte.gz",
)  # fmt: skip
ALONE = "arrays or a table; such a file is chosen by itself"
_SYSTEM = ("thumbs.db", "desktop.ini", "ehthumbs.db", "picasa.ini", "icon\r", "__macosx")
_CONVERT = (  # other kinds of pictures, and what turns them into one that is read
    ((".heic", ".heif", ".avif"), "an HEIC or AVIF picture; export it as JPEG"),
    ((".svg", ".eps", ".ai", ".pdf"), "a drawing or a document; export its pages as PNG"),
    ((".psd", ".xcf", ".kra"), "a file of a paint program; export it as PNG"),
    (
        (".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2"),
        "raw data of a camera; export it as JPEG",
    ),
    (
        (".jp2", ".jxl", ".exr", ".hdr", ".tga", ".ppm", ".pgm", ".pnm", ".ico", ".dcm"),
        "a kind of picture that is not read; save it as PNG",
    ),
    ((".mp4", ".mov", ".avi", ".mkv", ".webm"), "a film; save its frames as pictures"),
    ((".zip", ".tar", ".tgz", ".gz", ".7z", ".rar"), "an archive inside; unpack it first"),
)
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def is_hidden(part: str) -> bool:
    """Whether one part of a path is what systems hide or add by themselves."""
    return part.startswith(".") or part.lower() in _SYSTEM


def is_picture(name: str) -> bool:
    """Whether a file says by its ending that it is a picture that can be read."""
    return name.lower().endswith(PICTURES)


def has_ending(name: str) -> bool:
    return "." in name.strip(".")


def why_not(head: bytes) -> str:
    """Why a file without an ending is left out, from its first 12 bytes; "" where it is a picture."""
    picture = head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    return "" if picture else NO_PICTURE


def why(name: str) -> str:
    """Why a file that is no picture is left out."""
    if found := unread.of_name(name):
        return f"{found[0]}; {found[1]}"
    if name.lower().endswith(ARRAYS):
        return ALONE
    for endings, told in _CONVERT:
        if name.lower().endswith(endings):
            return told
    return NO_PICTURE
