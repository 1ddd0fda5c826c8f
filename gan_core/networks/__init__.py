"""Networks only: functions that return keras models. Who trains them, and how, is elsewhere.

Every generator takes `[z]` or `[z, classes]` (float32 [B, Z] and [B, K], one row one-hot or a
blend) and returns images in [-1, 1] (or points); every discriminator takes `[images]` or
`[images, classes]` and returns raw scores [B, 1], with class logits [B, K] behind them where it
has an auxiliary classifier.
"""
