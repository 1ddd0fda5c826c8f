"""What Streamlit does after every script run must not touch the training threads."""

import gc
import importlib
import io
import os
import subprocess
import sys
import threading

import keras
import pytest
from streamlit.runtime.scriptrunner import script_runner

from gan_core.algorithms import precision
from gan_core.errors import ConfigError
from gan_core.lab import Lab
from gan_core.startup import notes, runtime


def after_a_script_run():
    """Streamlit's own last acts of a script run (script_runner.py, `_on_script_finished`)."""
    script_runner._clean_problem_modules()
    gc.collect(2)


@pytest.fixture
def hosted(monkeypatch):
    """This process as the web server; Keras is as it was afterwards."""
    runtime.start()
    monkeypatch.setattr(keras.backend, "clear_session", keras.backend.clear_session)
    monkeypatch.setattr(runtime, "_in_web_server", False)
    runtime.in_web_server()


def test_keras_keeps_its_state_over_script_runs(hosted):
    first = keras.backend.get_uid("guarded")
    after_a_script_run()
    assert keras.backend.get_uid("guarded") == first + 1  # cleared, it would count from 1 again


def test_a_web_server_guards_keras_once_tensorflow_is_there(monkeypatch):
    before = keras.backend.clear_session
    monkeypatch.setattr(keras.backend, "clear_session", before)
    monkeypatch.setattr(runtime, "_in_web_server", False)
    monkeypatch.setattr(runtime, "_ready", False)
    runtime.in_web_server()
    assert keras.backend.clear_session is before
    runtime.start()
    assert keras.backend.clear_session is not before and gc.get_freeze_count() > 0


def test_streamlit_still_calls_what_is_guarded():
    """Should this fail, Streamlit has changed: look whether the guard is still needed."""
    source = script_runner.__loader__.get_source(script_runner.__name__)
    assert ".backend.clear_session()" in source and "gc.collect(2)" in source


def test_what_tensorflow_brought_is_out_of_the_collector_s_sight(hosted):
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < gc.get_freeze_count()


def test_a_package_is_absent_in_one_thread_and_only_meanwhile(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # importing `this` prints it
    with runtime.absent(frozenset({"this"})):
        with pytest.raises(ImportError):
            importlib.import_module("this")
        other = threading.Thread(target=importlib.import_module, args=("this",))
        other.start()
        other.join()
        assert "this" in sys.modules
    monkeypatch.delitem(sys.modules, "this")
    assert importlib.import_module("this")


def test_tensorflow_is_imported_without_what_we_never_use(monkeypatch):
    real, asked = importlib.import_module, []

    def watched(name):
        asked.append(name)
        assert gc.isenabled() == (name != "tensorflow")
        for unused in ("pandas", "matplotlib") if name == "tensorflow" else ():
            monkeypatch.delitem(sys.modules, unused, raising=False)
            with pytest.raises(ModuleNotFoundError, match="is not needed here"):
                real(unused)
        return real(name)

    monkeypatch.setattr(runtime, "_ready", False)
    monkeypatch.setattr(runtime, "_in_terminal", True)
    monkeypatch.setattr(importlib, "import_module", watched)
    runtime.start()
    assert "tensorflow" in asked and runtime.is_ready()
    assert real("matplotlib")  # there for whoever asks
    assert gc.isenabled()


def test_the_collector_works_again_after_an_import_that_failed():
    with pytest.raises(ImportError), runtime.uncollected():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system cannot pin")
def test_threads_are_as_many_as_the_cores_that_this_process_may_use(monkeypatch):
    code = (
        "import os; os.environ['OMP_NUM_THREADS'] = '64'\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from gan_core.startup import runtime; assert runtime.cores() == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    for wanted in ("", "many", "64"):
        monkeypatch.setenv("OMP_NUM_THREADS", wanted)
        assert runtime.cores() == len(os.sched_getaffinity(0))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert runtime.cores() == 1


def test_notes_to_developers_are_held_back_and_nothing_else(capfd):
    note = b"I0000 00:00:1795765643.233347    7376 cudart_stub.cc:31] Could not find cuda drivers\n"
    start = (
        b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
    )
    with pytest.raises(KeyboardInterrupt), notes.held_back():
        os.write(2, start + note + b"stopping with a checkpoint ...\n" + note)
        assert capfd.readouterr().err == ""
        raise KeyboardInterrupt
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "stopping with a checkpoint ...\nafterwards\n"


@pytest.mark.parametrize("isa", ["AVX2", "avx2_vnni_2", "SSE41"])
@pytest.mark.parametrize("name", ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"])
def test_bfloat16_is_refused_where_onednn_would_end_the_process(name, isa, tmp_path, monkeypatch):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    monkeypatch.setattr(runtime, "processor_flags", lambda: frozenset({"avx2", "avx512f"}))
    monkeypatch.setenv(name, isa)
    config = lab.make_config("fast_gan", "mnist_5k", num_steps=3)
    with pytest.raises(ConfigError, match=f"{name}={isa}"):
        lab.create(config.replace(precision="bfloat16"), who="test")
    assert lab.store.ids() == []
    with pytest.raises(ConfigError, match="AVX512_CORE"):
        precision.network(lambda: None, "bfloat16")
    lab.check(config)


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ({}, {"avx512f"}),
        ({"ONEDNN_MAX_CPU_ISA": "AVX512_CORE"}, {"avx512f"}),
        ({"ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "DNNL_MAX_CPU_ISA": "AVX2"}, {"avx512f"}),
        ({"ONEDNN_MAX_CPU_ISA": "AVX2", "TF_ENABLE_ONEDNN_OPTS": "0"}, {"avx512f"}),
        ({"ONEDNN_MAX_CPU_ISA": "AVX2"}, {"avx2"}),
    ],
)
def test_bfloat16_is_allowed_elsewhere(variables, flags, monkeypatch):
    for name in ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(runtime, "processor_flags", lambda: frozenset(flags))
    runtime.refuse_bfloat16()


# One process for all three questions: it imports TensorFlow, which takes longer than the answers.
LIBRARY = """
import atexit, gc, sys
import keras
from gan_core.evaluation import measuring
from gan_core.lab import Lab
from gan_core.startup import runtime
from gan_core.training.evaluator import Evaluator
from gan_core.training.session import open_session

before = keras.backend.clear_session
lab = Lab(sys.argv[1] + "/runs", sys.argv[1] + "/data")
run = lab.create(lab.make_config("toy_mlp", "ring", num_steps=2), who="test")
assert lab.make_job(run.id, who="test").run() == "finished"
import matplotlib
print(keras.backend.clear_session is before, gc.get_freeze_count())
runtime.in_web_server()
print(keras.backend.clear_session is before, gc.get_freeze_count())

config = lab.make_config("fast_gan", "mnist_5k", num_steps=3, width=4, batch_size=8)
session = open_session(lab.create(config, who="test"), lab.data_dir, lambda phase: None)
evaluator = Evaluator(session, lab.data_dir, measuring.of_session(session))
atexit.register(lambda: print(evaluator._thread.is_alive(), flush=True))
evaluator.start()
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """(exit code, lines, what went wrong) of a program that uses the library and ends while it measures."""
    command = [sys.executable, "-c", LIBRARY, str(tmp_path_factory.mktemp("library"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr[-800:]


@pytest.mark.thorough
def test_whoever_uses_the_library_finds_the_process_as_it_was(library):
    _, lines, wrong = library
    assert lines[0] == "True 0", wrong


@pytest.mark.thorough
def test_a_web_server_may_say_so_later(library):
    _, lines, wrong = library
    same, frozen = lines[1].split()
    assert same == "False" and int(frozen) > 0, wrong


@pytest.mark.thorough
def test_a_process_that_ends_while_statistics_are_prepared_ends_well(library):
    code, lines, wrong = library
    assert (code, lines[2:]) == (0, ["False"]), wrong


def test_an_import_stands_back_until_somebody_needs_it(monkeypatch):
    monkeypatch.setattr(runtime, "_hurry", threading.Event())
    paused = []
    with runtime.absent(frozenset(), lambda: paused.append(threading.get_ident())):
        importlib.util.find_spec("no_such_module_at_all")
        other = threading.Thread(target=importlib.util.find_spec, args=("nor_this_one",))
        other.start()
        other.join()
        assert paused == [threading.get_ident()]
        runtime._hurry.set()
        importlib.util.find_spec("no_such_module_either")
    assert len(paused) == 1
