"""Where the scheduler of a cluster is, and the certificate that all its machines share."""

from __future__ import annotations

import ipaddress
import os
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from gan_core.errors import ClusterError

ADDRESS, FOLDER = "GAN_CLUSTER", "GAN_CLUSTER_TLS"  # environment variables
CERTIFICATE, KEY = "cluster.pem", "cluster-key.pem"
PORT = 8786
SCHEMES = ("tls", "tcp")


class Address(NamedTuple):
    """`tls://host:port`, or `tcp://` on this machine alone."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse(text: str) -> Address:
    """The address of a scheduler; without a port Dask's usual one.

    Raises:
        ClusterError: not of this form, or open to a network without TLS.
    """
    form = f"A cluster is tls://host:port or tcp://127.0.0.1:port. Received: `{text[:200]}`."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, PORT if parts.port is None else parts.port
    except ValueError:
        raise ClusterError(form) from None
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if parts.scheme not in SCHEMES or not host or not bare:
        raise ClusterError(form)
    if parts.scheme == "tcp" and not is_loopback(host):
        raise ClusterError(
            f"tcp:// is for this machine alone: whoever reaches the port runs programs there. "
            f"Between machines use tls://{host}:{port}; see `cluster certificates`."
        )
    return Address(parts.scheme, host, port)


def is_loopback(host: str) -> bool:
    """Whether a name or number means this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tls_folder(given: str | Path | None = None) -> Path:
    """Where the certificate lies: as given, GAN_CLUSTER_TLS, else in the user's settings."""
    if chosen := given or os.environ.get(FOLDER):
        return Path(chosen).expanduser()
    import platformdirs  # only where no folder was chosen

    return platformdirs.user_config_path("ganscope") / "cluster"


def security(address: Address, folder: str | Path | None = None):
    """distributed.Security for this address: the same certificate on both sides of every talk.

    Raises:
        ClusterError: a tls:// address and no certificate, or a key that others can read.
    """
    from distributed import Security

    if address.scheme != "tls":
        return Security(require_encryption=False)
    where = tls_folder(folder)
    certificate, key = where / CERTIFICATE, where / KEY
    if not (certificate.is_file() and key.is_file()):
        raise ClusterError(
            f"tls:// needs {CERTIFICATE} and {KEY} in {where}: make them once with `cluster "
            f"certificates`, copy both to every machine, and name the folder by `--tls` or {FOLDER}."
        )
    if os.name != "nt" and key.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ClusterError(
            f"{key} can be read by others: `chmod 600` it. It admits to the cluster."
        )
    pair = {"cert": str(certificate), "key": str(key)}
    roles = ("client", "scheduler", "worker")
    named = {f"tls_{role}_{what}": path for role in roles for what, path in pair.items()}
    return Security(require_encryption=True, tls_ca_file=str(certificate), **named)
