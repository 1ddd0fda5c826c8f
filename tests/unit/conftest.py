"""TensorFlow as the app starts it: several files import it, and this way takes half the time."""

from gan_core.startup import runtime

runtime.start()
