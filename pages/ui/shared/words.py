"""What the pages say of a run that cannot be changed or that failed, and how settings are written."""

from __future__ import annotations

from pages.ui.shared.language import N_, t

READ_ONLY = N_(
    "This run is trained by another program, most likely the command line. You can watch it here; "
    "only that program can pause or change it."
)
REMEDIES = {  # words in an error: what to try
    "open files": N_("It goes on by itself when files can be opened again."),
    "disk": N_("Make room on the disk, then press Resume."),
    "memory": N_("Train with a smaller batch or width."),
}


def remedy(error: str) -> str:
    """What to try after a failure, by what its text says."""
    found = [text for word, text in REMEDIES.items() if word in error.lower()]
    return t(found[0]) if found else t("Resume tries again from the last checkpoint.")


def setting(value: float) -> str:
    """A knob as it would be typed: float32's 0.0010000000475 is 0.001."""
    return f"{value:.6g}"
