"""Sweeps: many runs from one plan, through the queue."""
