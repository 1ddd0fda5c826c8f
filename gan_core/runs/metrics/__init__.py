"""Metrics of a run: the writer, the reader, and the levels above the table."""
