"""`password`: what it prints opens what the password opens, and the password itself is nowhere."""

import io

import pytest

from gan_core.cli import main
from gan_core.storage import passwords


def given(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return main(["password"])


def test_it_prints_a_verifier(monkeypatch, capsys):
    assert given(monkeypatch, "pässword with spaces \n") == 0
    printed = capsys.readouterr().out.strip()
    assert "pässword" not in printed
    assert passwords.role_of("pässword with spaces ", {"trainer": printed}) == "trainer"
    assert passwords.role_of("pässword with spaces", {"trainer": printed}) == ""


@pytest.mark.parametrize("text", ["", "short\n", "scrypt:1:2:3:4:5\n"])
def test_what_is_no_password_is_refused(monkeypatch, capsys, text):
    assert given(monkeypatch, text) == 2
    assert capsys.readouterr().err.startswith("error: ")
