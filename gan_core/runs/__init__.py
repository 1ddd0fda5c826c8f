"""Runs on disk: one run, the folder of runs, families, quality, costs. Knows no network and no data set."""
