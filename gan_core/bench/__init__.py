"""Measurements of speed and of quality over time, side by side with other training loops."""
