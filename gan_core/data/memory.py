"""How much memory this process may still take, on the machine and in its container."""

from pathlib import Path

import psutil

CGROUP_ROOT = Path("/sys/fs/cgroup")
_V2 = ("memory.max", "memory.current", "memory.stat")
_V1 = ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat")


def available_memory(cgroup_root: Path = CGROUP_ROOT) -> int:
    """Bytes that can be taken without swapping and without breaking the container's limit."""
    room = int(psutil.virtual_memory().available)
    for files in (_V2, _V1):
        left = _cgroup_room(*(cgroup_root / name for name in files))
        room = room if left is None else min(room, left)
    return room


def _cgroup_room(limit: Path, usage: Path, stat: Path) -> int | None:
    """Bytes left under a control group's limit; None where there is no limit."""
    try:
        room = int(limit.read_text()) - int(usage.read_text())
        fields = dict(line.split() for line in stat.read_text().splitlines())
    except (OSError, ValueError):  # no such group, or its limit reads "max"
        return None
    # Cached file pages count as usage, but the kernel gives them back when asked.
    reclaimable = fields.get("total_inactive_file", fields.get("inactive_file", 0))
    return max(0, room + int(reclaimable))
