"""Films: which grids are chosen, and that the files show exactly those, for as long as asked."""

import io
import resource
import sys
import warnings

import numpy as np
import pytest
from PIL import Image

from gan_core.errors import ConfigError, RunError
from gan_core.export import film
from gan_core.runs.store import RunStore
from gan_core.storage import images

STEPS = [0, 5, 20, 45, 80, 125, 180, 245, 320]


def grid(step, channels=1, shape=(24, 30)):
    """A grid like a sample grid: noise that every step has for itself."""
    return np.random.default_rng(step).integers(0, 256, (*shape, channels), dtype=np.uint8)


def make_run(root, steps=STEPS, channels=1, shape=(24, 30)):
    """A run with a grid at each of these steps."""
    run = RunStore(root).create({"recipe": "fast_gan", "dataset": "mnist_5k"})
    for step in steps:
        run.write_sample(step, images.png(grid(step, channels, shape)))
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run that tests only read."""
    return make_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def own_run(runs_dir):
    """A run of the test's own."""
    return make_run(runs_dir, STEPS[:5])


def read_gif(path):
    """(frames uint8 [N, H, W, 3], milliseconds of each, loop count)."""
    frames, times = [], []
    with Image.open(path) as picture:
        for i in range(picture.n_frames):
            picture.seek(i)
            frames.append(np.asarray(picture.convert("RGB")))
            times.append(picture.info["duration"])
        return np.stack(frames), times, picture.info.get("loop")


class TestFrames:
    def test_squares_are_hit_exactly(self):
        # 320 (i / 8)^2 = 5 i^2
        assert film.film_frames(range(321), 9) == STEPS

    def test_stored_steps_nearest_to_the_squares(self):
        # 0, 11.1, 44.4, 100 of the stored 0, 10, ..., 100
        assert film.film_frames(range(0, 101, 10), 4) == [0, 10, 40, 100]

    def test_a_branch_starts_at_its_first_grid(self):
        assert film.film_frames(range(1000, 1101), 3) == [1000, 1025, 1100]

    @pytest.mark.parametrize("count", [2, 3, 7, 60, 1000])
    @pytest.mark.parametrize("steps", [[0, 1], [0, 999], [3, 4, 5, 900, 1000], list(range(50))])
    def test_first_and_last_are_there_and_none_twice(self, steps, count):
        chosen = film.film_frames(steps, count)
        assert chosen[0] == steps[0] and chosen[-1] == steps[-1]
        assert chosen == sorted(set(chosen)) and set(chosen) <= set(steps)
        assert len(chosen) <= count

    def test_dense_early_and_sparse_late(self):
        gaps = np.diff(film.film_frames(range(10_001), 60))
        assert np.all(np.diff(gaps) >= -1) and gaps[-1] > 50 * gaps[0]

    def test_one_grid_or_one_frame(self):
        assert film.film_frames([7], 60) == [7]
        assert film.film_frames([0, 7], 1) == [7]
        assert film.film_frames([], 60) == []


class TestGif:
    def test_every_pixel_of_every_frame(self, run, tmp_path):
        made = film.gif(run, tmp_path / "a.gif", frames=9, scale=3)
        frames, _, loop = read_gif(made.path)
        assert made.steps == tuple(STEPS) and made.note == "" and made.scale == 3
        assert made.bytes == made.path.stat().st_size
        assert loop == 0  # for ever
        assert frames.shape == (9, 3 * 24 + film.STRIP, 3 * 30, 3)
        for step, shown in zip(STEPS, frames, strict=True):
            expected = np.kron(grid(step)[..., 0], np.ones((3, 3), np.uint8))
            np.testing.assert_array_equal(shown[: 3 * 24], np.stack([expected] * 3, axis=-1))

    def test_the_last_frame_is_held(self, run, tmp_path):
        made = film.gif(run, tmp_path / "a.gif", frames=9, seconds=7)
        times = read_gif(made.path)[1]
        assert sum(times) == 7000 + 1500
        assert all(770 <= t <= 780 for t in times[:-1]) and times[-1] >= 1500 + 770

    def test_the_strip_names_the_step(self, run, tmp_path):
        frames = read_gif(film.gif(run, tmp_path / "a.gif", frames=9).path)[0]
        strips = frames[:, -film.STRIP :]
        assert all(strip.max() > 200 and strip[:, -1].max() == 0 for strip in strips)
        different = {strip.tobytes() for strip in strips}
        assert len(different) == 9
        same_place = [np.argwhere(s.any(axis=2)).min(axis=0).tolist() for s in strips]
        assert all(place == same_place[0] for place in same_place)

    def test_without_the_strip(self, run, tmp_path):
        made = film.gif(run, tmp_path / "a.gif", scale=1, label=False)
        assert read_gif(made.path)[0].shape[1:3] == (24, 30)

    def test_colours_stay_near(self, runs_dir, tmp_path):
        run = make_run(runs_dir, [0, 1], channels=3, shape=(8, 8))  # 64 colours: fewer than 256
        frames = read_gif(film.gif(run, tmp_path / "a.gif", scale=1, label=False).path)[0]
        for step, shown in zip([0, 1], frames, strict=True):
            assert np.abs(shown.astype(int) - grid(step, 3, (8, 8))).max() <= 8

    def test_frames_at_most(self, run, tmp_path):
        made = film.gif(run, tmp_path / "a.gif", frames=3)
        assert made.steps == (0, 80, 320) and len(read_gif(made.path)[0]) == 3

    def test_the_limit_lowers_scale_then_frames(self, run, tmp_path):
        full = film.gif(run, tmp_path / "a.gif", scale=3)
        smaller = film.gif(run, tmp_path / "b.gif", scale=3, max_bytes=full.bytes - 1)
        assert smaller.scale < 3 and len(smaller.steps) == 9
        assert smaller.bytes < full.bytes
        assert "9 of 9 frames, scale" in smaller.note and "instead of 3" in smaller.note
        at_1 = film.gif(run, tmp_path / "c.gif", scale=1)
        fewer = film.gif(run, tmp_path / "d.gif", scale=3, max_bytes=at_1.bytes - 1)
        assert fewer.scale == 1 and len(fewer.steps) == 4 and "4 of 9 frames" in fewer.note
        assert fewer.steps[0] == 0 and fewer.steps[-1] == 320

    def test_from_one_step_to_another(self, run, tmp_path):
        assert film.gif(run, tmp_path / "a.gif", first=20, last=125).steps == (20, 45, 80, 125)
        assert film.gif(run, tmp_path / "a.gif", first=100).steps == (125, 180, 245, 320)
        with pytest.raises(RunError, match=r"has 1 from step 21 to 50; it has 9 from 0 to 320"):
            film.gif(run, tmp_path / "b.gif", first=21, last=50)
        assert not (tmp_path / "b.gif").exists()

    def test_a_limit_that_nothing_meets(self, run, tmp_path):
        with pytest.raises(RunError, match="Even two frames .* need more than 100 bytes"):
            film.gif(run, tmp_path / "a.gif", max_bytes=100)
        assert list(tmp_path.glob("*.gif")) == []

    def test_frames_too_large_for_memory_are_made_smaller(self, run, tmp_path, monkeypatch):
        monkeypatch.setattr(film, "RAW_LIMIT", 9 * 24 * 30 * 5)
        assert film.gif(run, tmp_path / "a.gif", scale=4).scale == 2

    @pytest.mark.parametrize("steps", [[], [0]])
    def test_fewer_than_two_grids(self, runs_dir, tmp_path, steps):
        run = make_run(runs_dir, steps)
        with pytest.raises(RunError, match=f"at least two sample grids. .* has {len(steps)}"):
            film.gif(run, tmp_path / "a.gif")

    def test_a_damaged_grid(self, own_run, tmp_path):
        own_run.write_sample(80, images.png(grid(80))[:200])
        with pytest.raises(RunError, match="at step 80 is damaged"):
            film.gif(own_run, tmp_path / "a.gif", frames=9)

    def test_a_grid_of_another_size(self, own_run, tmp_path):
        own_run.write_sample(80, images.png(grid(80, shape=(12, 30))))
        with pytest.raises(RunError, match="differ in size"):
            film.gif(own_run, tmp_path / "a.gif", frames=9)

    def test_a_grid_with_transparency(self, own_run, tmp_path):
        out = io.BytesIO()
        Image.new("RGBA", (30, 24)).save(out, "PNG")
        own_run.write_sample(80, out.getvalue())
        with pytest.raises(RunError, match="neither grey nor RGB"):
            film.gif(own_run, tmp_path / "a.gif", frames=9)


class TestPlace:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.png", r"must end in \.gif\. Received"),
            ("none/a.gif", "does not exist. Make it first"),
            ("folder.gif", "is a folder"),
            ("n" * 300 + ".gif", "cannot be used"),
        ],
    )
    def test_bad_paths(self, run, tmp_path, name, text):
        (tmp_path / "folder.gif").mkdir()
        with pytest.raises(ConfigError, match=text):
            film.gif(run, tmp_path / name)

    def test_a_film_is_replaced_as_a_whole(self, run, tmp_path):
        path = tmp_path / "a.gif"
        path.write_bytes(b"old")
        film.gif(run, path)
        assert read_gif(path)[2] == 0
        assert [p.name for p in tmp_path.glob("*.gif")] == ["a.gif"]
        assert not list(tmp_path.glob(".tmp-*"))

    def test_a_disk_that_takes_too_little(self, run, tmp_path):
        path = tmp_path / "a.gif"
        path.write_bytes(b"old")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(RunError, match="a.gif could not be written to .*too large"):
                film.gif(run, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == b"old" and not list(tmp_path.glob(".tmp-*"))


def test_in_memory_it_is_the_same_film(run, tmp_path):
    data, made = film.as_bytes(run, "gif", {"frames": 3})
    assert data == film.gif(run, tmp_path / "a.gif", frames=3).path.read_bytes()
    assert made.steps == (0, 80, 320) and made.bytes == len(data)
    with pytest.raises(ConfigError, match="one of gif, mp4. Received: `png`"):
        film.as_bytes(run, "png", {})


@pytest.mark.parametrize("make", [film.gif, film.mp4], ids=["gif", "mp4"])
@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"frames": 1}, "`frames` must be 2 to 1000. Received: 1"),
        ({"frames": 1001}, "`frames` must be 2 to 1000"),
        ({"seconds": 0}, "`seconds` must be greater than 0"),
        ({"seconds": float("nan")}, "`seconds` must be greater than 0"),
        ({"scale": 0}, "`scale` must be 1 to 8"),
        ({"max_bytes": 0}, "`max_bytes` must be at least 1. Received: 0"),
        ({"frames": 100, "seconds": 1}, "at most 50 frames a second"),
    ],
)
def test_values_out_of_range(run, tmp_path, make, settings, text):
    with pytest.raises(ConfigError, match=text):
        make(run, tmp_path / f"a.{make.__name__}", **settings)


def test_without_an_encoder_a_video_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)  # as where it is not installed
    with pytest.raises(ConfigError, match="run `pip install imageio-ffmpeg`.*or make a GIF"):
        film.mp4(run, tmp_path / "a.mp4")
    assert not list(tmp_path.glob("*.mp4"))
    assert film.gif(run, tmp_path / "a.gif").path.exists()


@pytest.mark.usefixtures("ffmpeg")
class TestMp4:
    def read(self, path):
        """(frames uint8 [N, H, W, 3], facts) as ffmpeg itself sees them."""
        import imageio_ffmpeg

        with warnings.catch_warnings():
            # the reader's own: it asks the ended ffmpeg for its output without closing the pipe
            warnings.simplefilter("ignore", ResourceWarning)
            reader = imageio_ffmpeg.read_frames(str(path))
            facts = next(reader)
            width, height = facts["size"]
            frames = [np.frombuffer(f, np.uint8).reshape(height, width, 3) for f in reader]
        return np.stack(frames), facts

    @pytest.mark.parametrize("channels", [1, 3])
    def test_frames_sizes_and_times(self, runs_dir, tmp_path, channels):
        run = make_run(runs_dir, channels=channels, shape=(25, 31))
        made = film.mp4(run, tmp_path / "a.mp4", frames=9, seconds=3, scale=3)
        frames, facts = self.read(made.path)
        assert facts["codec"].startswith("h264") and "yuv420p" in facts["pix_fmt"]
        assert frames.shape == (9 + 4, 3 * 25 + film.STRIP + 1, 3 * 31 + 1, 3)  # even sides
        assert facts["fps"] == pytest.approx(3.0, abs=0.01)  # 9 frames in 3 s, then 1.5 s
        if channels == 1:
            for step, shown in zip(STEPS, frames, strict=False):
                expected = np.kron(grid(step, shape=(25, 31))[..., 0], np.ones((3, 3)))
                error = np.abs(shown[:75, :93, 0].astype(int) - expected)
                assert error.mean() < 6  # lossy, but the right frame: another one is 85 away

    @pytest.mark.thorough
    def test_the_limit_and_the_chosen_steps(self, run, tmp_path):
        full = film.mp4(run, tmp_path / "a.mp4", first=20, last=180, seconds=3, scale=3)
        assert full.steps == (20, 45, 80, 125, 180) and full.note == ""
        limits = {"max_bytes": full.bytes - 1}
        smaller = film.mp4(
            run, tmp_path / "b.mp4", first=20, last=180, seconds=3, scale=3, **limits
        )
        assert smaller.bytes == smaller.path.stat().st_size < full.bytes
        assert smaller.scale < 3 and smaller.steps == full.steps
        assert "5 of 5 frames, scale" in smaller.note
        frames, _ = self.read(smaller.path)
        assert frames.shape[1] == 24 * smaller.scale + film.STRIP
        with pytest.raises(RunError, match="Even two frames .* need more than 100 bytes"):
            film.mp4(run, tmp_path / "c.mp4", max_bytes=100)
        assert not (tmp_path / "c.mp4").exists()

    def test_bad_path_and_too_few(self, runs_dir, tmp_path):
        run = make_run(runs_dir, [0])
        with pytest.raises(ConfigError, match=r"must end in \.mp4"):
            film.mp4(run, tmp_path / "a.gif")
        with pytest.raises(RunError, match="at least two sample grids"):
            film.mp4(run, tmp_path / "a.mp4")

    def test_a_damaged_grid_leaves_nothing(self, own_run, tmp_path):
        own_run.write_sample(80, b"no picture")
        with pytest.raises(RunError, match="at step 80 is damaged"):
            film.mp4(own_run, tmp_path / "a.mp4", frames=9)
        assert not list(tmp_path.glob("*.mp4"))

    def test_a_disk_that_takes_too_little(self, run, tmp_path):
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(RunError, match="a.mp4 could not be written"):
                film.mp4(run, tmp_path / "a.mp4")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert not list(tmp_path.glob("*.mp4"))
