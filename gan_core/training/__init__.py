"""Training: the loop that yields a result a step, the writers that keep them, the job that drives both."""
