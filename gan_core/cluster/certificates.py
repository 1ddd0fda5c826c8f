"""One key and one certificate for a cluster: who has both belongs to it, nobody else gets in."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from gan_core.cluster.address import CERTIFICATE, KEY
from gan_core.errors import ClusterError
from gan_core.storage import files

DAYS = 730  # that a certificate holds


def make(folder: Path) -> Path:
    """Write both files into `folder`; the key is readable by its owner alone.

    Raises:
        ClusterError: there are some already, or `cryptography` is not installed.
    """
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise ClusterError("Certificates need a package: `pip install cryptography`.") from error
    for name in (CERTIFICATE, KEY):
        if (folder / name).exists():
            raise ClusterError(
                f"{folder / name} is there already. Use it, or remove both files for a new pair."
            )
    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = serialization.Encoding.PEM
    with files.in_words(folder / KEY):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(folder / KEY, key.private_bytes(pem, *form))
        (folder / CERTIFICATE).write_bytes(_signed(key).public_bytes(pem))
    return folder


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _signed(key):
    """A certificate of the key, signed by itself: it is its own authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "GANscope cluster")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))  # clocks differ
    builder = builder.not_valid_after(now + datetime.timedelta(days=DAYS))
    authority = x509.BasicConstraints(ca=True, path_length=0)
    return builder.add_extension(authority, critical=True).sign(key, hashes.SHA256())
