"""Downloads against a real server on this machine: whole, spoiled, endless, absent."""

import gzip
import hashlib
import os
import struct
import time
from dataclasses import replace

import numpy as np
import pytest

from gan_core import data
from gan_core.data import catalogue, download
from gan_core.data.builtin import KNOWN, RemoteFile
from gan_core.errors import DataError

WAYS_OUT = "Connect to the network and try again; or put the file at .*/mnist.npz, or name a folder"


def publish(server, monkeypatch, name, contents):
    """Serves `contents` ({file: (key, bytes)}) as the published files of the set `name`."""
    files = tuple(
        RemoteFile(file, len(body), hashlib.sha256(body).hexdigest(), key)
        for file, (key, body) in contents.items()
    )
    server.pages.update({file: body for file, (_, body) in contents.items()})
    monkeypatch.setitem(KNOWN, name, replace(KNOWN[name], files=files))


@pytest.fixture
def mnist(server, monkeypatch, arrays, tmp_path):
    """A small mnist.npz is published; the server that serves it."""
    images = {**arrays, "x_test": arrays["x_train"][:5], "y_test": arrays["y_train"][:5]}
    np.savez(tmp_path / "published.npz", **images)
    body = (tmp_path / "published.npz").read_bytes()
    publish(server, monkeypatch, "mnist", {"mnist.npz": ("", body)})
    return server


def idx(array):
    """The gzipped IDX file of a uint8 array."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def fails(server, folder, match):
    """Asserts that loading mnist fails like `match` and leaves nothing behind."""
    with pytest.raises(DataError, match=match) as caught:
        data.load("mnist", folder, base_url=server.url)
    assert list(folder.iterdir()) == []
    return str(caught.value)


def test_good_file_is_kept_and_used_again_without_the_network(mnist, data_dir, arrays):
    seen = []
    loaded = data.load(
        "mnist", data_dir, base_url=mnist.url, progress=lambda *done: seen.append(done)
    )
    assert np.array_equal(loaded.train[..., 0], arrays["x_train"])
    size = KNOWN["mnist"].download_bytes
    assert seen[-1] == (size, size)
    assert [path.name for path in data_dir.iterdir()] == ["mnist.npz"]
    mnist.pages.clear()
    assert data.load("mnist", data_dir, base_url=mnist.url).spec == loaded.spec
    assert data.spec("mnist", data_dir).available


def test_missing_data_folder_is_made(mnist, tmp_path):
    data.load("mnist", tmp_path / "a" / "b", base_url=mnist.url)
    assert (tmp_path / "a" / "b" / "mnist.npz").is_file()


def test_idx_files_become_one_npz(server, monkeypatch, data_dir, arrays):
    images, labels = arrays["x_train"], (np.arange(40) % 10).astype(np.uint8)
    contents = {
        "train-labels": ("y_train", idx(labels)),
        "train-images": ("x_train", idx(images)),
        "t10k-labels": ("y_test", idx(labels[:7])),
        "t10k-images": ("x_test", idx(images[:7])),
    }
    publish(server, monkeypatch, "fashion_mnist", contents)
    (data_dir / "train-images").write_bytes(
        b"of another set: such files have the same names everywhere"
    )
    loaded = data.load("fashion_mnist", data_dir, base_url=server.url)
    assert np.array_equal(loaded.train[..., 0], images)
    assert np.array_equal(loaded.held_out_labels, labels[:7])
    assert loaded.spec.class_names[9] == "Ankle boot"
    with np.load(data_dir / "fashion_mnist.npz") as stored:
        assert sorted(stored) == ["x_test", "x_train", "y_test", "y_train"]


@pytest.mark.parametrize(
    "body",
    [
        b"no gzip",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"\0\0\x0d\x01\0\0\0\x01\0", mtime=0),
        gzip.compress(b"\0\0\x08\x03" + b"\xff" * 12, mtime=0),
        idx(np.zeros((40, 8, 8), np.uint8))[:-20],
        gzip.compress(struct.pack(">HBB2I", 0, 8, 2, 9, 9) + b"short", mtime=0),
    ],
    ids=("plain", "empty", "floats", "huge", "cut", "short"),
)
def test_published_file_that_is_no_idx(server, monkeypatch, data_dir, body):
    publish(server, monkeypatch, "mnist", {"train-images": ("x_train", body)})
    fails(server, data_dir, f"train-images is not an IDX file of bytes.*{WAYS_OUT}")


def test_wrong_hash(mnist, data_dir):
    body = bytearray(mnist.pages["mnist.npz"])
    body[500] ^= 1
    mnist.pages["mnist.npz"] = bytes(body)
    match = "is not the published file; nothing was kept. Received: SHA-256 [0-9a-f]{64}. Allowed"
    fails(mnist, data_dir, f"{match}.*{WAYS_OUT}")


def test_published_file_that_is_no_set(server, monkeypatch, data_dir):
    publish(server, monkeypatch, "mnist", {"mnist.npz": ("", b"hello")})
    fails(server, data_dir, "damaged or not an .npz file")


def test_short_body(mnist, data_dir):
    mnist.pages["mnist.npz"] = mnist.pages["mnist.npz"][:1000]
    fails(mnist, data_dir, f"ends after 1,000 of the published [0-9,]+ bytes.*{WAYS_OUT}")


def test_connection_that_breaks(mnist, data_dir):
    def half(request):
        request.send_response(200)
        request.send_header("Content-Length", str(KNOWN["mnist"].download_bytes))
        request.end_headers()
        request.wfile.write(b"x" * 1000)

    mnist.pages["mnist.npz"] = half
    fails(mnist, data_dir, "ends after 1,000 of")


def test_endless_body_is_cut_at_the_published_size(mnist, data_dir):
    def endless(request):
        request.send_response(200)
        request.end_headers()
        try:
            while not mnist.stopped.is_set():
                request.wfile.write(b"x" * 65536)
        except OSError:
            pass  # the client hung up, as it should

    mnist.pages["mnist.npz"] = endless
    fails(mnist, data_dir, "is longer than the published [0-9,]+ bytes")


def test_silent_server_is_given_up(mnist, data_dir):
    def silent(request):
        mnist.stopped.wait(10)

    mnist.pages["mnist.npz"] = silent
    path = data_dir / "mnist.npz"
    with pytest.raises(DataError, match=f"cannot be reached .timed out.*{WAYS_OUT}"):
        download.download(KNOWN["mnist"], path, base_url=mnist.url, timeout=0.1)
    assert list(data_dir.iterdir()) == []


def test_answer_that_is_not_http(mnist, data_dir):
    def garbage(request):
        request.wfile.write(b"\0\1\2\n\n")

    mnist.pages["mnist.npz"] = garbage
    fails(mnist, data_dir, "cannot be reached")


def test_absent_page(server, data_dir):
    fails(server, data_dir, f"mnist.npz answered 404 Not Found.*{WAYS_OUT}")


def test_offline_names_both_ways_out(server, monkeypatch, data_dir):
    server.url = "http://127.0.0.1:9/"  # the discard port: nobody listens
    text = fails(server, data_dir, f"cannot be reached .*refused.*{WAYS_OUT}")
    assert "--data-dir or GAN_DATA_DIR" in text


def test_cancelling_leaves_nothing(mnist, data_dir):
    def cancel(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        data.load("mnist", data_dir, base_url=mnist.url, progress=cancel)
    assert list(data_dir.iterdir()) == []


def test_folder_that_cannot_be_written(mnist, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="could not be stored in .*choose another folder"):
        data.load("mnist", tmp_path / "file", base_url=mnist.url)


def test_leavings_of_a_killed_download_are_swept_after_a_day(mnist, data_dir):
    old, young = data_dir / ".mnist-old", data_dir / ".mnist-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    data.load("mnist", data_dir, base_url=mnist.url)
    assert sorted(path.name for path in data_dir.iterdir()) == [".mnist-young", "mnist.npz"]


def test_published_addresses_and_hashes_have_their_form():
    assert download.BASE_URL.startswith("https://storage.googleapis.com/")
    files = [file for known in KNOWN.values() for file in known.files]
    assert len(files) == 13
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in files)
    assert catalogue.KNOWN["fashion_mnist"].download_bytes == 30_878_645
    assert all(known.base_url.endswith("/") for known in KNOWN.values() if known.base_url)
