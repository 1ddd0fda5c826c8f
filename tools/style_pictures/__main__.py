"""Paint all pictures of the Style page into assets/style: takes about two minutes."""

from pathlib import Path

from tools.style_pictures import contents, styles

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "style"
QUALITY = 90  # of the JPEG files


def main() -> None:
    for kind, painters in (("contents", contents.ALL), ("styles", styles.ALL)):
        folder = FOLDER / kind
        folder.mkdir(parents=True, exist_ok=True)
        for paint in painters:
            path = folder / f"{paint.__name__}.jpg"
            paint().save(path, quality=QUALITY, optimize=True)
            print(f"{kind}/{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
