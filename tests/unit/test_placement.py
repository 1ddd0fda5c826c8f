"""What of a step runs on a GPU, by TensorFlow's own table of kernels."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core.bench import gpu, placement

pytestmark = pytest.mark.skipif(
    not tf.test.is_built_with_gpu_support(), reason="this TensorFlow has no kernels for GPUs"
)


def test_a_step_copies_nothing_but_places_to_the_gpu(tmp_path):
    algorithm = gpu._built_for("fast_gan", "mnist_5k", tmp_path, gpu.SMALL)
    found = placement.of_step(algorithm.turn)
    assert found.on_host == {"RandomIndexShuffle": 1} and found.operations > 300
    assert found.host_bytes == 8 * gpu.SMALL["batch_size"]  # 8 bytes say which image


def test_what_a_gpu_cannot_do_is_found():
    """A gather of bytes that lie in a tensor: all of them would go to the processor in every step."""
    images = tf.constant(np.zeros((10, 4), np.uint8))
    held = tf.Variable(images, trainable=False)

    def plain():
        return tf.gather(images, [1, 2])

    def of_a_variable():
        return tf.raw_ops.ResourceGather(resource=held.handle, indices=[1, 2], dtype=tf.uint8)

    found = [placement.of_step(tf.function(f, autograph=False)) for f in (plain, of_a_variable)]
    assert [f.on_host for f in found] == [{"GatherV2": 1}, {}]


def test_without_a_gpu_the_table_says_what_was_not_checked(tmp_path, monkeypatch):
    monkeypatch.setattr(gpu, "PLACED", gpu.PLACED[:1])
    rows = gpu.checked(tmp_path, lambda text: None)
    by_name = {row.what: row for row in rows}
    assert by_name["no host copies in a step: fast_gan"].verdict == gpu.GOOD
    if not gpu.present():
        unchecked = {row.what for row in rows if row.verdict == gpu.SKIPPED}
        assert {"resuming is bit-equal", "several GPUs share a batch"} <= unchecked
