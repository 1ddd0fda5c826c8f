"""What a browser is given to draw with by itself: the same pixels, addresses that may be kept, refusals."""

import base64
import json
import os
import subprocess

import numpy as np
import pytest

from gan_core.explore.by_browser import ByBrowser
from gan_core.explore.generators import Generators
from tests.unit.explore.wire import TYPE, body, unpack
from tests.unit.test_web_network import RUNNER, needs_node

ONE_LEVEL = 1


def drawn_in_node(plan, entries, data, rows):
    """uint8 [N, H, W, C] as the page's worker makes them of these inputs by name."""
    inputs = [{n: {"shape": list(a.shape), "data": a.tolist()} for n, a in r.items()} for r in rows]
    told = {
        "plan": plan, "entries": entries, "inputs": inputs, "levels": True,
        "weights": base64.b64encode(data.tobytes()).decode(),
    }  # fmt: skip
    made = subprocess.run(
        ["node", str(RUNNER)], input=json.dumps(told), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    found = json.loads(made.stdout)
    return np.array([m["data"] for m in found]).reshape(-1, *found[0]["shape"])


@needs_node
@pytest.mark.parametrize("recipe", ["fast_gan", "acgan", "mlp_gan"])
def test_the_browser_draws_what_the_server_draws(recipe, client, post, run_of):
    address = f"/api/explore/{run_of(recipe).id}"
    told = client.get(f"{address}/network").json()
    assert told["step"] == 20 and "refused" not in told
    header, (data,) = unpack(client.get(f"{address}/weights?step=20&written={told['written']}"))
    assert len(data) == told["bytes"]
    given = np.frombuffer(body(4, labels=(1, 7), recipe=recipe), "<f4").reshape(4, -1)
    rows = [{"z": row[:12]} | ({"classes": row[12:]} if len(row) > 12 else {}) for row in given]
    made = drawn_in_node(told["plan"], header["entries"], data, rows)
    _, (theirs,) = unpack(post("images", given.tobytes(), recipe))
    assert made.shape == theirs.shape
    assert np.abs(made - theirs.astype(int)).max() <= ONE_LEVEL < np.ptp(theirs.astype(int))


def test_weights_are_kept_for_good_until_they_are_written_anew(client, run_of):
    run = run_of("mlp_gan")
    address = f"/api/explore/{run.id}/weights?step=10&written="

    def told():
        return client.get(f"/api/explore/{run.id}/network?step=10").json()

    def caching(written):
        return client.get(address + written).headers["cache-control"]

    first = told()["written"]
    assert "immutable" in caching(first) and "private" in caching(first)
    path = next((run.path / "weights").glob("*10.npz"))
    assert int(first) == path.stat().st_mtime_ns
    os.utime(path, ns=(0, int(first) + 10**9))
    assert told()["written"] != first
    assert caching(first) == caching("") == "private, no-store"
    assert "immutable" in caching(told()["written"])


@pytest.mark.parametrize("raw", [0, 1])
def test_raw_weights_have_their_own_address(raw, client, run_of):
    answer = client.get(f"/api/explore/{run_of('fast_gan').id}/network?step=20&raw={raw}")
    assert answer.status_code == 200 and answer.json()["plan"]["inputs"] == ["z", "classes"]


@pytest.mark.parametrize("route", ["network", "weights"])
def test_a_step_that_is_not_there_is_refused_in_words(route, client, run_of):
    answer = client.get(f"/api/explore/{run_of('mlp_gan').id}/{route}?step=7")
    assert answer.status_code == 404 and "no weights at step 7" in answer.json()["error"]
    assert client.post(f"/api/explore/x/{route}", content=b"", headers=TYPE).status_code == 405


def test_what_no_browser_computes_is_told_by_name(explore_lab, run_of, monkeypatch):
    import keras

    networks = Generators(explore_lab.store, explore_lab.data_dir)
    name = run_of("mlp_gan").id
    with networks.use(name) as found:
        z = keras.Input((12,))
        x = keras.layers.Reshape((4, 3, 1))(z)
        model = keras.Model(z, keras.layers.SeparableConv2D(1, 3, name="odd")(x))
    monkeypatch.setattr(networks, "_open", lambda *_: type(found)(model, name, 20, 12, 0, "normal"))
    carried = ByBrowser(networks).carried(name, 20)
    assert "SeparableConv2D (`odd`)" in carried.refused and not carried.data


def test_a_network_is_packed_once_for_all_who_look(explore_lab, run_of):
    networks = Generators(explore_lab.store, explore_lab.data_dir)
    carrier = ByBrowser(networks)
    first = carrier.carried(run_of("mlp_gan").id, None)
    assert carrier.carried(run_of("mlp_gan").id, 20) is first
    assert first.step == 20 and first.plan["inputs"] == ["z"]
