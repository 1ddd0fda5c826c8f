"""Fetching: only the open internet, with an end; and TensorFlow.js models over real sockets."""

import contextlib
import dataclasses
import hashlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from gan_core.errors import ConfigError
from gan_core.explore import hosted
from gan_core.explore.foreign import build, fetch, importing, tfjs
from gan_core.explore.foreign.fetch import Refused
from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.library import Library


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1",
        "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::808:808", "2001:db8::1", "not an address", "",
        "fec0::1", "feff:ffff::1", "192.88.99.1", "64:ff9b::10.0.0.1", "2002:c058:6301::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not fetch.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.1.69", "2606:4700::1111", "::ffff:8.8.8.8"]
)
def test_addresses_that_are_public(address):
    assert fetch.is_public(address)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/passwd", "begins with http:// or https://"),
        ("ftp://example.org/x", "begins with http:// or https://"),
        ("http://", "begins with http:// or https://"),
        ("http://[::1/x", "no address"),
        ("http://a:99999/x", "no address"),
        ("http://me:secret@example.org/x", "user name"),
        ("http://example.org/a b\r\nHost: x", "control characters"),
        ("http://127.0.0.1/x", "is at 127.0.0.1, which is not on the open internet"),
        ("http://[::1]/x", "is at ::1, which is not"),
        ("http://2130706433/x", "is at 127.0.0.1"),
        ("http://localhost:8501/x", "not on the open internet"),
        ("http://169.254.169.254/latest/meta-data", "not on the open internet"),
    ],
)
def test_addresses_that_are_refused(url, words):
    with pytest.raises(Refused, match=words):
        fetch.fetch(url)


def names(table):
    """A name service of our own: name -> addresses."""

    def resolve(host, port, type):
        return [(socket.AF_INET, type, 6, "", (a, port)) for a in table.get(host, [host])]

    return resolve


def test_one_private_address_among_several_is_enough():
    found = names({"two.example": ["8.8.8.8", "10.1.2.3"]})
    with pytest.raises(Refused, match="`two.example` is at 10.1.2.3"):
        fetch.fetch("http://two.example/x", resolve=found)


def test_a_name_without_addresses():
    with pytest.raises(Refused, match="at no address"):
        fetch.fetch("http://none.example/x", resolve=names({"none.example": []}))


class Site(BaseHTTPRequestHandler):
    """Paths of the test server."""

    files: dict[str, bytes] = {}
    asked: list[str] = []

    def do_GET(self):
        Site.asked.append(f"{self.headers['Host']} {self.path}")
        with contextlib.suppress(OSError):
            name = self.path.strip("/").split("?")[0].replace("/", "_")
            getattr(self, name, self.file)()

    def file(self):
        data = Site.files.get(self.path)
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def moved(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def inside(self):
        self.moved("http://10.0.0.1/secret")

    def twice(self):
        self.moved("/inside")

    def to_file(self):
        self.moved("file:///etc/passwd")

    def by_name(self):
        self.moved("http://private.example/x")

    def round(self):
        self.moved("/round")

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"0" * 65536)

    def drip(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"0")
            time.sleep(0.02)

    def broken(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")

    def large(self):
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def site():
    """A server on this machine's own address, which these tests allow and nothing else."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    Site.files, Site.asked = {}, []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def only_here(address):
    return address == "127.0.0.1"


def test_a_file_is_fetched_from_the_address_that_was_checked(site):
    Site.files = {"/a?b=1": b"hello"}
    port = site.rsplit(":", 1)[1]
    looked_up = []

    def resolve(host, number, type):
        looked_up.append(host)
        return names({"some.example": ["127.0.0.1"]})(host, number, type)

    url = f"http://some.example:{port}/a?b=1"
    found = fetch.fetch(url, allowed=only_here, resolve=resolve)
    assert found == (b"hello", url)
    assert looked_up == ["some.example"]  # once: a second answer could be another address
    assert Site.asked == [f"some.example:{port} /a?b=1"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/inside", "`10.0.0.1` is at 10.0.0.1, which is not on the open internet"),
        ("/twice", "`10.0.0.1` is at 10.0.0.1"),
        ("/to_file", "begins with http:// or https://"),
        ("/by_name", "`private.example` is at 192.168.0.7"),
        ("/round", "leads on more than 5 times"),
        ("/nothing", "answered 404"),
        ("/endless", "gives more than the 1,000,000 bytes"),
        ("/drip", "took over 0.5 s"),
        ("/broken", "broke off|IncompleteRead"),
        ("/large", "has 1,000,000,000,000 bytes"),
    ],
)
def test_what_a_server_can_do(site, path, words):
    found = names({"private.example": ["192.168.0.7"]})
    seconds = 0.5 if path == "/drip" else 60  # the others end by themselves
    with pytest.raises(Refused, match=words):
        fetch.fetch(site + path, limit=1_000_000, seconds=seconds, allowed=only_here, resolve=found)


def test_nobody_there():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with pytest.raises(Refused, match="cannot be fetched"):
        fetch.fetch(f"http://127.0.0.1:{port}/x", allowed=only_here)


# ---- TensorFlow.js: the layers of the ACGAN example's generator, written here as its page does ----


def js_layer(kind, name, inputs=(), **config):
    nodes = [[[i, 0, 0, {}] for i in inputs]] if inputs else []
    return {"class_name": kind, "name": name, "config": {"name": name, **config},
            "inbound_nodes": nodes}  # fmt: skip


def js_generator(size=6, classes=4):
    """(model.json as a dict, weights by name): embedding x z, then a Sequential, as in gan.js."""
    rng = np.random.default_rng(3)
    conv = {"padding": "same", "data_format": "channels_last", "use_bias": True,
            "dilation_rate": [1, 1], "kernel_size": [5, 5]}  # fmt: skip
    inner = [
        js_layer("Dense", "dense_Dense1", units=72, activation="relu", use_bias=True,
                 batch_input_shape=[None, size]),
        js_layer("Reshape", "reshape_Reshape1", target_shape=[3, 3, 8]),
        js_layer("Conv2DTranspose", "t1", filters=4, strides=[1, 1], activation="relu",
                 **(conv | {"padding": "valid"})),
        js_layer("BatchNormalization", "bn1", axis=-1, epsilon=0.001, center=True, scale=True),
        js_layer("Conv2DTranspose", "t2", filters=3, strides=[2, 2], activation="relu", **conv),
        js_layer("BatchNormalization", "bn2", axis=-1, epsilon=0.001, center=True, scale=True),
        js_layer("Conv2DTranspose", "t3", filters=1, strides=[2, 2], activation="tanh", **conv),
    ]  # fmt: skip
    layers = [
        js_layer("InputLayer", "input2", batch_input_shape=[None, 1]),
        js_layer("InputLayer", "input1", batch_input_shape=[None, size]),
        js_layer("Embedding", "e", ["input2"], input_dim=classes, output_dim=size),
        js_layer("Multiply", "m", ["input1", "e"]),
        js_layer("Sequential", "s", ["m"]) | {"config": {"name": "s", "layers": inner}},
    ]
    shapes = {
        "e/embeddings": (classes, size), "dense_Dense1/kernel": (size, 72),
        "dense_Dense1/bias": (72,), "t1/kernel": (5, 5, 4, 8), "t1/bias": (4,),
        "t2/kernel": (5, 5, 3, 4), "t2/bias": (3,), "t3/kernel": (5, 5, 1, 3), "t3/bias": (1,),
        **{f"bn{i}/{n}": (c,) for i, c in ((1, 4), (2, 3))
           for n in ("gamma", "beta", "moving_mean", "moving_variance")},
    }  # fmt: skip
    weights = {n: rng.uniform(0.05, 0.4, s).astype("<f4") for n, s in shapes.items()}
    half = len(weights) // 2
    groups = [list(weights)[:half], list(weights)[half:]]
    manifest = [
        {"paths": [f"group{i}.bin"], "weights": [
            {"name": n, "shape": list(shapes[n]), "dtype": "float32"} for n in group]}
        for i, group in enumerate(groups)
    ]  # fmt: skip
    topology = {"class_name": "Model", "config": {
        "name": "g", "layers": layers, "input_layers": [["input1", 0, 0], ["input2", 0, 0]],
        "output_layers": [["s", 0, 0]]}}  # fmt: skip
    found = {"format": "layers-model", "modelTopology": topology, "weightsManifest": manifest}
    files = {
        f"group{i}.bin": b"".join(weights[n].tobytes() for n in group)
        for i, group in enumerate(groups)
    }
    return found, weights, files


def by_hand(weights, z, label):
    """What TensorFlow.js computes, with TensorFlow's own operations."""
    import tensorflow as tf

    def norm(x, name):
        w = [weights[f"{name}/{n}"] for n in ("moving_mean", "moving_variance", "beta", "gamma")]
        return tf.nn.batch_normalization(x, *w, 0.001)

    def up(x, name, side, stride, padding):
        kernel = weights[f"{name}/kernel"]
        shape = [len(z), side, side, kernel.shape[2]]
        return tf.nn.conv2d_transpose(x, kernel, shape, stride, padding) + weights[f"{name}/bias"]

    x = z * weights["e/embeddings"][label]
    x = tf.nn.relu(x @ weights["dense_Dense1/kernel"] + weights["dense_Dense1/bias"])
    x = norm(tf.nn.relu(up(tf.reshape(x, [-1, 3, 3, 8]), "t1", 7, 1, "VALID")), "bn1")
    x = norm(tf.nn.relu(up(x, "t2", 14, 2, "SAME")), "bn2")
    return tf.tanh(up(x, "t3", 28, 2, "SAME")).numpy()


def test_the_acgan_examples_generator_is_read_over_the_network(site):
    from gan_core.startup import runtime

    runtime.start()
    found, weights, files = js_generator()
    Site.files = {"/m/model.json": json.dumps(found).encode()}
    Site.files |= {f"/m/{name}": data for name, data in files.items()}
    plan, arrays, kind = importing.from_url(f"{site}/m/model.json", allowed=only_here)
    assert (kind, plan["z"], plan["classes"]) == ("tfjs", 6, 4)
    own = build.build(plan, arrays, run_id="x", step=0, prior="uniform")
    z = np.random.default_rng(4).uniform(-1, 1, (3, 6)).astype(np.float32)
    labels = np.array([0, 3, 1])
    made = own.images(z, np.eye(4, dtype=np.float32)[labels])
    np.testing.assert_allclose(made, by_hand(weights, z, labels), atol=1e-5)


def broken(**changes):
    found, _, _ = js_generator()
    return json.dumps(found | changes).encode()


def weight(**changes):
    found, _, _ = js_generator()
    found["weightsManifest"][0]["weights"][0] |= changes
    return json.dumps(found).encode()


def paths(*names):
    found, _, _ = js_generator()
    found["weightsManifest"][0]["paths"] = list(names)
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "no valid JSON"),
        (b"[" * 100_000, "no valid JSON"),
        (b"{}", "`modelTopology` must be an object"),
        (broken(format="graph-model"), "graph model"),
        (broken(weightsManifest=5), "no `weightsManifest`"),
        (broken(weightsManifest=[]), "names no weights for"),
        (weight(dtype="uint8"), "plain float32"),
        (weight(quantization={"dtype": "uint8"}), "plain float32"),
        (weight(shape=[10**9, 10**9]), "no usable shape"),
        (weight(shape=[-1]), "no usable shape"),
        (weight(shape=[5]), "bytes, `model.json` says"),
        (paths("../group0.bin"), "must lie beside"),
        (paths("http://10.0.0.1/x"), "must lie beside"),
        (paths(".ssh"), "must lie beside"),
        (paths(*["a.bin"] * 65), "At most 64"),
    ],
)
def test_descriptions_that_are_refused(text, words):
    _, _, files = js_generator()
    with pytest.raises(Unfit, match=words):
        tfjs.read(text, lambda name, most: files.get(name, b"")[:most])


def hosted_here(site):
    """(an entry of a catalogue for a model of this machine, its library's arguments)."""
    found, _, files = js_generator()
    parts = {"/m/model.json": json.dumps(found).encode()}
    parts |= {f"/m/{name}": data for name, data in files.items()}
    Site.files = parts
    order = [name for group in found["weightsManifest"] for name in group["paths"]]
    whole = b"".join([parts["/m/model.json"], *(files[name] for name in order)])
    sha256 = hashlib.sha256(whole).hexdigest()
    return hosted.Hosted("The tutorial's", f"{site}/m/model.json", "uniform", sha256)


def test_a_hosted_generator_is_opened_where_its_hash_is_that_of_the_catalogue(site, tmp_path):
    entry, library = hosted_here(site), Library(tmp_path)
    name = hosted.open_hosted(library, entry, allowed=only_here)
    card = library.card(name)
    assert (card["title"], card["prior"], card["origin"]) == (
        "The tutorial's", "uniform", entry.address,
    )  # fmt: skip
    other = dataclasses.replace(entry, sha256="0" * 64)
    Site.files["/m/model.json"] += b" "
    with pytest.raises(fetch.Refused, match="is not what the catalogue names"):
        hosted.open_hosted(Library(tmp_path / "other"), entry, allowed=only_here)
    with pytest.raises(fetch.Refused, match="SHA-256 is .*, not 000000000000"):
        hosted.open_hosted(Library(tmp_path / "other"), other, allowed=only_here)
    assert not Library(tmp_path / "other", tmp_path).ids()


def test_the_guard_against_private_addresses_holds_for_hosted_ones(site, tmp_path):
    with pytest.raises(fetch.Refused, match="not on the open internet"):
        hosted.open_hosted(Library(tmp_path), hosted_here(site))
    assert Site.asked == []


def test_without_a_network_it_says_so(tmp_path):
    def offline(host, port, type):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    with pytest.raises(fetch.Refused, match="may be offline: what comes with the app"):
        hosted.open_hosted(Library(tmp_path), hosted.listed()[0], resolve=offline)


def test_the_catalogue_of_the_app_is_whole_and_begins_with_the_tutorials():
    first = hosted.listed()[0]
    assert first.address == (
        "https://storage.googleapis.com/tfjs-examples/mnist-acgan/dist/generator/model.json"
    )
    assert first.prior == "uniform"  # as its page draws z


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", ""), ("address", "http://x.example/model.json"), ("sha256", "abc"),
        ("prior", "cauchy"), ("card", {"script": "x"}),
    ],
)  # fmt: skip
def test_an_entry_that_breaks_a_rule_is_named(key, value, tmp_path):
    good = {"title": "x", "address": "https://x.example/m.json", "sha256": "", "prior": "normal"}
    path = tmp_path / "hosted.json"
    path.write_text(json.dumps({"format": 1, "generators": [good, good | {key: value}]}))
    with pytest.raises(ConfigError, match=f"Entry 2 of the catalogue has a wrong `{key}`"):
        hosted.listed(path)
