"""The place that a page keeps for a run's grids is the one that they will take."""

import pytest

from gan_core import data, recipes, tasks
from gan_core.tasks import grids


@pytest.mark.parametrize(
    ("recipe", "dataset"), [("dcgan", "mnist_5k"), ("acgan", "mnist_5k"), ("toy_mlp", "ring")]
)
def test_the_layout_told_before_is_that_of_the_grids(recipe, dataset, tmp_path):
    config, spec = recipes.config(recipe, dataset), data.spec(dataset, tmp_path)
    told = tasks.of_config(config).layout(config, spec)
    classed = recipe == "acgan"  # made by hand: a column a digit
    header = grids.plan(config, spec, labels_used=classed, prior="normal").header(spec.class_names)
    assert list(told.pop("tile")) == header["tile"]
    assert told == {name: header[name] for name in told}
    assert told.get("names", []) == ([str(k) for k in range(10)] if classed else [])
