"""Fixtures for every test; the environment is set before anything imports TensorFlow."""

import gc
import importlib.util
import os
import sys
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two test processes on two cores: a thread each

import pytest

from gan_core import recipes
from gan_core.evaluation import points
from gan_core.training import session
from tests.lent import Lender
from tests.skipped import not_run

# Files that take longest, in seconds on one core: they begin, so that no worker ends with one alone.
LONG = {
    "browser/test_train_live.py": 84, "browser/test_translate.py": 19, "browser/test_compare.py": 36,
    "browser/test_explore_trail.py": 32, "browser/test_runs.py": 30, "browser/test_explore.py": 36,
    "browser/test_start.py": 20, "browser/test_explore_kept.py": 27, "browser/test_translators.py": 15,
    "browser/test_steady.py": 12, "browser/test_home.py": 16, "browser/test_style.py": 14,
    "browser/test_guarded.py": 12, "unit/translators/test_house.py": 18, "unit/test_neural_style.py": 14,
    "unit/test_runtime.py": 5, "unit/test_recipes.py": 12, "unit/translators/test_translators.py": 12,
    "golden/test_golden.py": 6, "unit/training/test_measuring.py": 9, "unit/cli/test_streams.py": 3,
    "browser/test_ways_in.py": 9, "unit/web/test_door.py": 5, "unit/training/test_replicas.py": 11,
    "unit/translators/test_networks.py": 9, "unit/translators/test_cyclegan.py": 8,
    "unit/test_second_task.py": 8, "unit/test_stylisation.py": 8, "unit/test_export.py": 8,
    "browser/test_learn.py": 22, "browser/test_verdict.py": 4, "unit/translators/test_translate_routes.py": 6,
    "unit/training/test_resuming.py": 6, "unit/cli/test_cli.py": 6, "unit/test_run_data.py": 6,
    "unit/translators/test_twins.py": 6, "unit/training/test_job.py": 6, "unit/web/test_process.py": 6,
    "unit/test_architecture.py": 6, "unit/training/test_manager.py": 5, "unit/doctor/test_watch.py": 5,
    "reliability/test_small_disk.py": 4, "unit/explore/test_foreign_writers.py": 4,
    "unit/explore/test_project.py": 4, "app/test_queue_note.py": 4, "app/test_choosing.py": 4,
    "unit/translators/test_bundled.py": 4, "unit/training/test_learns.py": 4, "app/test_starting.py": 3,
    "app/test_pages.py": 3, "browser/test_chart_axis.py": 2, "browser/test_data.py": 12,
    "browser/test_web_page.py": 5, "browser/test_languages.py": 4,
    "unit/importing/test_reader.py": 6, "unit/importing/test_keeping.py": 5,
    "unit/web/test_connections.py": 5, "js/test_javascript.py": 9,
    "unit/evaluation/test_translated.py": 8, "unit/test_web_network.py": 6,
    "unit/evaluation/test_judge.py": 5, "unit/web/test_data_routes.py": 5,
}  # fmt: skip
TESTS = Path(__file__).parent
BROWSER = TESTS / "browser"  # each file there imports Playwright
HAS_PLAYWRIGHT = importlib.util.find_spec("playwright") is not None


def pytest_ignore_collect(collection_path):
    return True if collection_path == BROWSER and not HAS_PLAYWRIGHT else None


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` says
def pytest_collection_modifyitems(items):
    """Most cases of a `sampled` test are `thorough`. The longest files first, the others as found."""
    for mark, cases in _sampled(items):
        kept = {len(cases) * i // mark.args[0] for i in range(mark.args[0])}  # from all over them
        for item in [case for i, case in enumerate(cases) if i not in kept]:
            item.add_marker("thorough")

    def seconds(item):
        return LONG.get(item.path.relative_to(TESTS).as_posix(), 0)

    items.sort(key=seconds, reverse=True)


def _sampled(items):
    """(mark, its cases) of each test that is marked `sampled`."""
    found = {}
    for item in items:
        if mark := item.get_closest_marker("sampled"):
            found.setdefault(item.nodeid.partition("[")[0], (mark, []))[1].append(item)
    return found.values()


def pytest_configure():
    gc.disable()  # of what is imported and collected hardly anything is garbage: 3 s a worker


def pytest_collection_finish():
    """What was imported stays: the garbage collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_terminal_summary(terminalreporter, config):
    """What was not run for want of Node or a browser; what passed or failed at a second try only, and
    what was waited for in vain at the first."""
    missed = not_run(terminalreporter.stats.get("skipped", []))
    asked = (Path(arg.partition("::")[0]).resolve() for arg in config.args)
    if not HAS_PLAYWRIGHT and any(BROWSER.is_relative_to(path) for path in asked):
        missed.append("tests/browser: no test did run, Playwright is not installed")
    if missed:
        terminalreporter.section("NOT RUN", sep="!", yellow=True, bold=True)
    for line in missed:
        terminalreporter.line(line)
    again = terminalreporter.stats.get("rerun", [])
    if again:
        terminalreporter.section("NEEDED A SECOND TRY", sep="!", yellow=True, bold=True)
    for report in again:
        waited = [line for line in report.longreprtext.splitlines() if "exceeded" in line]
        terminalreporter.line(f"{report.nodeid}: {waited[-1].strip() if waited else '?'}")


@pytest.fixture(scope="session", autouse=True)
def points_are_measured_once():
    """Floor, ceiling and radii of the ring's own points: each run of it would measure them again."""
    kept, opened = {}, points.open_points

    def open_points(dataset, count=2000):
        key = (dataset.spec, dataset.train.tobytes(), dataset.held_out.tobytes(), count)
        if key not in kept:
            kept[key] = opened(dataset, count)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "open_points", open_points)
        yield


@pytest.fixture(scope="session", autouse=True)
def lender():
    """Trainings of one test after another get the same compiled networks in their first state."""
    lender = Lender(session.build_algorithm, recipes.get)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "build_algorithm", lender)
        yield lender


@pytest.fixture(scope="module", autouse=True)
def networks_of_a_file_are_taken_back(lender):
    """What trains for several tests keeps its networks until the last of them has ended."""
    yield
    lender.take_back()


@pytest.fixture(autouse=True)
def networks_of_a_test_are_taken_back(request, lender):
    before = lender.count
    lender.fresh = request.node.get_closest_marker("fresh") is not None
    yield
    lender.fresh = False
    lender.take_back(before)


@pytest.fixture(scope="session")
def ffmpeg():
    """Tests of videos need what the plain install leaves out (the extra `mp4`)."""
    return pytest.importorskip("imageio_ffmpeg", reason="imageio-ffmpeg is not installed")


@pytest.fixture(autouse=True)
def chance_is_the_same():
    """What a test draws without a seed of its own (a layer's first weights) is the same each time."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(1)


@pytest.fixture
def runs_dir(tmp_path):
    """An empty folder for runs."""
    return tmp_path / "runs"
