"""Many pictures beside a page: all of them, some of them, and as what they are taken away."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_core.errors import ConfigError
from gan_core.export.many import GAP, Many, film, side_by_side
from gan_core.storage import images


class Lighter:
    """A translator of grey pictures of any size whose outputs are known: 40 levels lighter.

    `before(number)` is called before each batch goes through.
    """

    step = 7

    def __init__(self, before=lambda number: None):
        self.before, self.batches = before, 0

    def input_shape(self, towards=None):
        return (4, 4, 1)

    def images(self, pictures, towards=None):
        self.before(self.batches)
        self.batches += 1
        return (np.clip(pictures.astype(np.float32) + 40, 0, 255)) / 127.5 - 1


def given(*sizes):
    """Files of grey pictures of these sides, the first of them level 10, the next 11 ..."""
    return [
        (f"{n}.png", images.png(np.full((side, side, 1), 10 + n, np.uint8)))
        for n, side in enumerate(sizes)
    ]


def run(files, translator=None):
    translator = translator or Lighter()
    job = Many(lambda: translator, files, towards="b", facts={"run": "r"})
    job.start().wait(60)
    return job


def unpacked(job, kind="png"):
    """(name -> pixels or frames of each picture, translated.json)."""
    with zipfile.ZipFile(io.BytesIO(job.packed(kind))) as archive:
        facts = json.loads(archive.read("translated.json"))
        names = [n for n in archive.namelist() if n != "translated.json"]
        return {n: Image.open(io.BytesIO(archive.read(n))) for n in names}, facts


def test_outputs_come_as_pictures_beside_their_inputs_or_as_films():
    job = run([*given(4, 4, 6), ("no.png", b"no picture")])
    assert (job.state, job.count, job.seen, job.total) == ("done", 3, 4, 4)
    assert list(job.skipped) == ["0003_no.png"]
    plain, facts = unpacked(job)
    assert [np.unique(np.asarray(p)).tolist() for p in plain.values()] == [[50], [51], [52]]
    assert facts["step"] == 7 and facts["towards"] == "b" and facts["run"] == "r"
    assert (facts["count"], facts["of"], list(facts["skipped"])) == (3, 4, ["0003_no.png"])
    beside, _ = unpacked(job, "side_by_side")
    last = np.asarray(beside["0002_2.png"])
    assert last.shape == (6, 12 + GAP)
    assert (last[:, :6] == 12).all() and (last[:, 6 + GAP :] == 52).all()
    films, _ = unpacked(job, "gif")
    assert set(films) == {"0000_0.gif", "0001_1.gif", "0002_2.gif"}
    with pytest.raises(ConfigError, match="png, side_by_side, gif.*jpeg"):
        job.packed("jpeg")


def test_a_job_that_is_ended_keeps_what_is_done_and_says_of_how_many():
    """The third size is a third batch: it goes through, and is not kept."""
    job = Many(
        lambda: Lighter(lambda n: job.cancel() if n == 2 else None),
        given(4, 5, 6, 7),
        towards="b",
        facts={},
    )
    assert unpacked(job)[0] == {}  # so far nothing
    job.start().wait(60)
    assert (job.state, job.count, job.total) == ("cancelled", 2, 4)
    pictures, facts = unpacked(job)
    assert [p.size for p in pictures.values()] == [(4, 4), (5, 5)]
    assert (facts["count"], facts["of"]) == (2, 4)


def test_what_there_is_so_far_can_be_taken_while_it_works():
    seen = []
    job = Many(
        lambda: Lighter(lambda n: seen.append(len(unpacked(job)[0]))),
        given(4, 5, 6),
        towards="b",
        facts={},
    )
    job.start().wait(60)
    assert seen == [0, 1, 2] and job.state == "done"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("no.png", b"no picture")], "no picture that can be read"),
        ([("in.zip", b"no zip")], "is damaged or no zip"),
    ],
)
def test_nothing_to_translate_is_a_failure_in_words(files, words):
    job = run(files)
    assert job.state == "failed" and words in job.problem and not job.count


def test_a_film_begins_with_the_input_and_ends_with_the_output():
    source, output = np.zeros((4, 4, 1), np.uint8), np.full((4, 4, 1), 200, np.uint8)
    with Image.open(io.BytesIO(film(source, output))) as gif:
        levels = []
        for frame in range(gif.n_frames):
            gif.seek(frame)
            levels.append(int(np.asarray(gif.convert("L"))[0, 0]))
    assert levels[0] == 0 and levels[-1] == 200 and levels == sorted(levels)
    assert any(0 < level < 200 for level in levels)


def test_input_and_output_stand_left_and_right_of_a_white_line():
    pair = side_by_side(np.zeros((2, 3, 3), np.uint8), np.full((2, 3, 3), 9, np.uint8))
    assert pair.shape == (2, 6 + GAP, 3)
    assert (pair[:, 3 : 3 + GAP] == 255).all() and not pair[:, :3].any()
