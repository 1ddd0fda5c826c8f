"""Home: what this is and one button for a first visitor; what goes on, for everybody else."""

from pages.ui.home import first, recent
from pages.ui.shared import commands
from pages.ui.shared.state import get_lab, show_problem

summaries = [run for run in get_lab().store.summaries() if not run.archived]
show_problem()
if summaries:
    recent.show(summaries)
else:
    first.show()
commands.watch()
