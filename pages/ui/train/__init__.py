"""Parts of the Train page: a new run, and a run that is watched."""
