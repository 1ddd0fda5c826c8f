"""Bytes on disk: atomic files, locks, arrays, output paths, pictures and video. Knows nothing of runs."""
