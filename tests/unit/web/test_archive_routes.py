"""Downloading a run: the zip as it streams is the zip that unpacks."""

import io

import pytest
from starlette.applications import Starlette

from gan_core.archive import pack
from gan_core.web import guard
from gan_core.web.archive_routes import address, make_archive_routes
from tests.unit.web.conftest import TestClient


@pytest.fixture
def client(lab):
    app = Starlette(routes=make_archive_routes(lambda: lab), middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


def test_what_is_downloaded_unpacks_to_the_same_run(client, lab, run, train):
    train(run, 1, 50)
    answer = client.get(address(run.id))
    assert answer.headers["content-disposition"] == f'attachment; filename="{run.id}.zip"'
    copy = pack.import_run(lab.store, io.BytesIO(answer.content), "test")
    assert (copy.path / "metrics.bin").read_bytes() == (run.path / "metrics.bin").read_bytes()


def test_only_runs_and_only_for_our_pages(client, run):
    assert client.get("/api/runs/00009-a-b/archive.zip").status_code == 404
    refused = client.get(address(run.id), headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
