"""One contender in a process of its own, told what to do line by line.

Run by `Worker`, as `python -m gan_core.bench.worker NAME DATASET SEED DATA_DIR`. Every line on standard
input is a JSON request; every answer is one JSON line:

    {"do": "steps", "count": 20}            -> {"seconds": 1.3, "cpu_seconds": 2.4}
    {"do": "until", "seconds": 60}          -> {"seconds": 60.1, "steps": 1800}   training time in all
    {"do": "until", "steps": 1000}          -> {"seconds": 33.4, "steps": 1000}   steps in all
    {"do": "until", "cpu_seconds": 60}      -> the same                           processor time in all
    {"do": "translate", "inputs": F, "path": F2, "network": "g_ab"} -> {"count": 500}   .npy files
    {"do": "fakes", "path": F, "labels": [...]} -> {"count": 2000}   float32 images in a .npy file
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

import numpy as np

from gan_core.bench.contenders import Contender
from gan_core.errors import GanError, RunError


class Worker:
    """A contender's process; one question at a time.

    Args:
        contender: who trains.
        dataset, seed, data_dir: what on.

    Raises:
        RunError: the contender cannot be opened.
    """

    def __init__(self, contender: Contender, dataset: str, seed: int, data_dir: Path):
        switch = {"TF_ENABLE_ONEDNN_OPTS": "1" if contender.onednn else "0"}
        words = [contender.name, dataset, str(seed), str(data_dir)]
        self._name = contender.title
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gan_core.bench.worker", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | switch,
            cwd=Path(__file__).resolve().parents[2],
        )
        self._in, self._out = (
            cast(IO[str], self._process.stdin),
            cast(IO[str], self._process.stdout),
        )
        self.about = self._read()

    def ask(self, **request) -> dict:
        """The answer to one request.

        Raises:
            RunError: the contender ended or failed.
        """
        try:
            self._in.write(json.dumps(request) + "\n")
            self._in.flush()
        except BrokenPipeError:
            raise self._ended() from None
        return self._read()

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(BrokenPipeError):
            self._in.close()
        self._process.wait(60)
        self._out.close()

    def _read(self) -> dict:
        line = self._out.readline()
        if not line:
            raise self._ended()
        return json.loads(line)

    def _ended(self) -> RunError:
        self.close()
        code = self._process.returncode
        return RunError(
            f"The contender `{self._name}` ended early (exit code {code}); what it said is above."
        )


class Clock:
    """Training time of a loop: compilation in, everything between the calls out.

    `cpu_seconds` is that of all threads of this process, which hardly changes with what else the
    machine does.
    """

    def __init__(self, loop):
        self.loop, self.seconds, self.cpu_seconds, self.steps = loop, 0.0, 0.0, 0

    def advance(self, *, steps=None, until: float | None = None, cpu: float | None = None) -> None:
        """Train some steps, or until a training time or processor time in seconds is reached."""
        start, before, left = time.perf_counter(), self.seconds, steps
        spent = self.cpu_seconds - time.process_time()
        while (
            (left is None or left > 0)
            and (until is None or self.seconds < until)
            and (cpu is None or self.cpu_seconds < cpu)
        ):
            self.loop.step()
            self.steps += 1
            left = None if left is None else left - 1
            self.seconds = before + time.perf_counter() - start
            self.cpu_seconds = spent + time.process_time()


def answer(request: dict, clock: Clock) -> dict:
    """Do what a request says."""
    if request["do"] == "steps":
        before, spent = clock.seconds, clock.cpu_seconds
        clock.advance(steps=request["count"])
        return {
            "seconds": clock.seconds - before,
            "cpu_seconds": clock.cpu_seconds - spent,
        }
    if request["do"] == "until":
        steps = max(0, request["steps"] - clock.steps) if "steps" in request else None
        clock.advance(steps=steps, until=request.get("seconds"), cpu=request.get("cpu_seconds"))
        told = {"seconds": clock.seconds, "steps": clock.steps}
        return told | {"cpu_seconds": clock.cpu_seconds}
    if request["do"] == "translate":
        made = clock.loop.translate(np.load(request["inputs"]), request["network"])
        np.save(request["path"], made)
        return {"count": len(made)}
    labels = np.asarray(request["labels"])
    images = clock.loop.fakes(len(labels), labels)
    np.save(request["path"], images.astype(np.float32))
    return {"count": len(images)}


def main(name: str, dataset: str, seed: str, data_dir: str) -> None:
    """Open the contender and answer until standard input ends."""
    from gan_core.bench import drawn
    from gan_core.bench.contenders import open_loop
    from gan_core.startup import runtime

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print goes to stderr
    if name != "baseline:torch_dcgan":
        runtime.in_terminal()
        runtime.start()
    loaded = drawn.load(dataset, Path(data_dir))
    start, spent = time.perf_counter(), time.process_time()
    loop = open_loop(name, loaded, int(seed))
    clock = Clock(loop)
    clock.seconds = time.perf_counter() - start  # building the networks counts, too
    clock.cpu_seconds = time.process_time() - spent
    about = {
        "batch_size": loop.batch_size,
        "has_classes": loop.has_classes,
        "gflop": loop.gflop,
    }
    print(json.dumps(about), file=answers)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line), clock)), file=answers)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except GanError as error:
        sys.exit(f"error: {error}")
