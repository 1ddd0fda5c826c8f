"""What is pure in the components' JavaScript, by Node's own test runner."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1] / "js"


@pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: JavaScript is NOT tested"
)
def test_javascript():
    files = sorted(TESTS.glob("*.test.mjs"))
    command = ["node", "--test", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(re.search(r"# pass (\d+)", done.stdout).group(1)) > len(files)
