"""A set must fit in the memory of the machine and in the limit of its container."""

from collections import namedtuple

import pytest

from gan_core import data
from gan_core.data import memory
from gan_core.errors import DataError

Memory = namedtuple("Memory", "available")


def test_set_larger_than_the_memory(save, arrays, data_dir, monkeypatch):
    save(arrays)
    assert data.spec("mine", data_dir).available
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: Memory(3839))
    assert not data.spec("mine", data_dir).available
    with pytest.raises(DataError, match="Reading it takes 0.0 GiB of memory. Available: 0.0 GiB"):
        data.load("mine", data_dir)
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: Memory(3840))
    assert data.spec("mine", data_dir).available  # 40 x 8 x 6 bytes, twice while it is split


@pytest.mark.parametrize(
    ("prefix", "limit", "usage", "field"),
    [
        ("", "memory.max", "memory.current", "inactive_file"),
        ("memory/", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ],
)
def test_limit_of_the_container_counts(tmp_path, prefix, limit, usage, field):
    group = tmp_path / prefix
    group.mkdir(exist_ok=True)
    (group / limit).write_text("1000000\n")
    (group / usage).write_text("700000\n")
    (group / "memory.stat").write_text(f"anon 5\n{field} 50000\n")
    assert memory.available_memory(tmp_path) == 350_000
    (group / limit).write_text("max\n")
    assert memory.available_memory(tmp_path) > 1_000_000
