"""Train: choose a new run, or watch the one that the address names."""

from pages.ui import train_live, train_new
from pages.ui.state import selected_run_id

run_id = selected_run_id()
if run_id is None:
    train_new.show()
else:
    train_live.show(run_id)
