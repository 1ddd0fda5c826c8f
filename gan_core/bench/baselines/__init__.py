"""Other people's training loops, written out plainly and with unmodified settings.

A module has `BATCH`, the real images of one step, `HAS_CLASSES`, and `build(images, labels, seed)`,
which takes uint8 [N, 28, 28, 1] and int [N] and returns (step, fakes): `step()` trains once, and
`fakes(count, labels)` gives float32 [count, 28, 28, 1] in [-1, 1]; `labels` are ignored by networks
without classes.
"""
