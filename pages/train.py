"""Train: choose a new run, or watch the one that the address names."""

from gan_core.storage import access
from pages.ui.shared import commands
from pages.ui.shared.state import selected_run_id
from pages.ui.train import live_run, new, watching

run_id = selected_run_id()
if run_id is None and not access.may_change():
    watching.show()
elif run_id is None:
    new.show()
    commands.watch()
else:
    live_run.show(run_id)
