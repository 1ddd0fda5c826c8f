"""Addresses, certificates and folders that cannot be used are refused in words, before anything starts."""

import asyncio
import contextlib
import os
import re
import socket
import ssl
import stat

import pytest

from gan_core.cli import main
from gan_core.cluster import address, certificates, facts, shared
from gan_core.errors import ClusterError, GanError
from gan_core.storage import locks
from gan_core.web import process

DASK = "the extra `cluster` is not installed"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tls://lab1", ("tls", "lab1", 8786)),
        ("tls://10.0.0.5:99", ("tls", "10.0.0.5", 99)),
        ("tcp://127.0.0.1:1", ("tcp", "127.0.0.1", 1)),
        ("tcp://localhost", ("tcp", "localhost", 8786)),
        ("tls://[fe80::1]:7", ("tls", "fe80::1", 7)),
    ],
)
def test_an_address_is_read(text, expected):
    found = address.parse(text)
    assert found == expected and address.parse(str(found)) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lab1:8786", "A cluster is tls://"),
        ("http://lab1", "A cluster is tls://"),
        ("tls://lab1:port", "A cluster is tls://"),
        ("tls://lab1/path", "A cluster is tls://"),
        ("tls://me@lab1", "A cluster is tls://"),
        ("tls://", "A cluster is tls://"),
        ("tcp://lab1", "for this machine alone"),
        ("tcp://0.0.0.0:8786", "for this machine alone"),
        ("tcp://10.0.0.5", "for this machine alone"),
    ],
)
def test_what_is_open_or_no_address_is_refused(text, words):
    with pytest.raises(ClusterError, match=words):
        address.parse(text)


def test_a_certificate_is_made_once_and_its_key_is_for_its_owner(tmp_path):
    pytest.importorskip("cryptography", reason=DASK)
    pytest.importorskip("distributed", reason=DASK)
    where = address.parse("tls://lab1")
    with pytest.raises(ClusterError, match="cluster certificates"):
        address.security(where, tmp_path / "none")
    folder = certificates.make(tmp_path / "tls")
    key = folder / address.KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert address.security(where, folder).require_encryption
    with pytest.raises(ClusterError, match="is there already"):
        certificates.make(folder)
    if os.name != "nt":
        key.chmod(0o644)
        with pytest.raises(ClusterError, match="can be read by others"):
            address.security(where, folder)


def test_locks_of_this_machine_hold(tmp_path):
    shared.require_locks(tmp_path)
    assert list((tmp_path / shared.FOLDER).iterdir()) == []


def test_a_folder_is_the_one_where_the_lock_is_held_or_refused_in_words(tmp_path):
    ours, other = tmp_path / "ours", tmp_path / "other"
    with shared.probe(ours) as token:
        assert shared.problem_with(ours, token, str(ours)) == ""
        words = shared.problem_with(other, token, str(ours), patience=0.0)
        assert f"is not the {ours}" in words and "--runs-dir" in words
    path = ours / shared.FOLDER / token
    path.touch()  # there, and anybody gets its lock: so it looks where locks do not hold
    assert not locks.is_held(path)
    assert "Locks do not hold" in shared.problem_with(ours, token, str(ours))


def test_only_workers_with_places_for_runs_count():
    info = {
        "workers": {
            "tls://a": {"name": "b", "host": "h", "resources": {"run": 1.0, "gpu": 1.0}},
            "tls://b": {"name": "a", "host": "h", "resources": {"run": 1.0}, "metrics": {}},
            "tls://c": {"name": "c", "host": "h", "resources": {}},
        }
    }
    found = facts.workers_of(info, {"tls://a": "", "tls://b": "Locks do not hold."})
    assert [(w.name, w.gpu, w.ready, w.problem) for w in found] == [
        ("a", False, False, "Locks do not hold."),
        ("b", True, True, ""),
    ]


def test_the_command_line_refuses_before_there_is_a_run(runs_dir, capsys):
    pytest.importorskip("distributed", reason=DASK)
    where = ["--runs-dir", str(runs_dir)]
    for words, told in (
        (["train", "--cluster", "tcp://lab1"], "for this machine alone"),
        (["sweep", "--steps", "3", "--tls", "x"], "give `--cluster` too"),
        (["train", "--cluster", "tcp://127.0.0.1:1", "--log-dir", "x"], "`tensorboard RUN`"),
        (["cluster", "worker", "tls://lab1", "--count", "0"], "must be at least 1"),
    ):
        assert main([*words, *where]) == 2
        assert told in capsys.readouterr().err
    assert not any(runs_dir.glob("0*"))


async def end_at_once(_, writer):
    writer.close()


async def say_hello(reader, writer):
    """As a web server does; what it was sent is read, else the system would say that it broke off."""
    await reader.read(65536)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    with contextlib.suppress(OSError):
        await reader.read()
    writer.close()


@contextlib.asynccontextmanager
async def taken():
    """A port at which nobody listens, and nobody else can."""
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        yield own.getsockname()[1]


@contextlib.asynccontextmanager
async def listening(answers, certificate=None):
    """The port of something that is no scheduler."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate / "cluster.pem", certificate / "cluster-key.pem")
    async with await asyncio.start_server(answers, "127.0.0.1", ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


async def why_not(scheme, folder, somebody, seconds):
    """What is said of a connection to somebody who is no scheduler of ours, tried for so long."""
    from distributed.comm import connect

    from gan_core.cluster import told

    async with somebody as port:
        found = address.parse(f"{scheme}://127.0.0.1:{port}")
        words = address.security(found, folder).get_connection_args("client")
        with pytest.raises(OSError) as error:
            await connect(str(found), seconds, **words)
        return told.why(error.value)


def test_why_a_scheduler_does_not_answer_is_said_in_our_words(tmp_path):
    pytest.importorskip("distributed", reason=DASK)
    pytest.importorskip("cryptography", reason=DASK)
    ours, other = (certificates.make(tmp_path / name) for name in ("ours", "other"))
    for scheme, somebody, words in (
        ("tls", taken, "nothing listens there"),
        ("tls", lambda: listening(end_at_once, other), "another certificate"),
        ("tls", lambda: listening(say_hello), "speaks no TLS"),
        ("tcp", lambda: listening(end_at_once), "closed the connection"),
    ):
        said = "nothing came in time"
        while said.startswith("nothing came in time"):  # it may end in the midst of an attempt
            said = asyncio.run(why_not(scheme, ours, somebody(), 1.0))
        assert words in said


def test_a_connection_that_is_given_up_says_so():
    from gan_core.cluster import told

    error = OSError("Timed out trying to connect to tls://10.0.0.1:8786 after 5 s")
    error.__cause__ = TimeoutError()
    error.__cause__.__cause__ = asyncio.CancelledError()
    assert told.why(error) == told.LATE
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert told.why(error) == "nothing listens there"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"GAN_CLUSTER": "lab1"}, "Received: `lab1`"),
        ({"GAN_CLUSTER": "tcp://lab1"}, "for this machine alone"),
        ({"GAN_CLUSTER": "tls://lab1", "GAN_CLUSTER_TLS": "/nowhere"}, "`cluster certificates`"),
        ({"GAN_CLUSTER": "tcp://127.0.0.1:1", "GAN_RUNS_DIR": "/dev/null/runs"}, "/dev/null/runs"),
    ],
)
def test_a_server_says_at_its_start_what_it_cannot_use(told, words, monkeypatch):
    pytest.importorskip("distributed", reason=DASK)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GanError, match=re.escape(words)):
        process.check_environment()
