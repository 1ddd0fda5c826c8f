"""`password`: what GAN_PASSWORD may hold in a password's place."""

from __future__ import annotations

import getpass
import sys

from gan_core.cli.common import command
from gan_core.errors import ConfigError
from gan_core.storage import passwords


def add(commands) -> None:
    """Declare the command."""
    command(
        commands,
        "password",
        _password,
        "Ask for a password and print its verifier, for GAN_PASSWORD or GAN_VIEWER_PASSWORD.",
    )


def _password(args) -> None:
    if sys.stdin.isatty():
        given = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != given:
            raise ConfigError("The two are not the same.")
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if given.startswith(f"{passwords.KIND}:"):
        raise ConfigError("This is a verifier already, not a password.")
    print(passwords.checked(given, "The password"))
