"""TensorFlow as the app starts it: several files import it, and this way takes half the time."""

import pytest

from gan_core.startup import runtime

runtime.start()


@pytest.fixture
def eagerly():
    """Steps run as plain Python, uncompiled: a compilation costs more than these tests' few steps."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
