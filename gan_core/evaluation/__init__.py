"""Measuring what a generator makes: judge features, distances, classes, copies."""
