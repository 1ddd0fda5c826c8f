"""Home: what this is and one button for a first visitor; what goes on, for everybody else."""

from pages.ui import home_first, home_runs
from pages.ui.state import get_lab, show_problem

summaries = [run for run in get_lab().store.summaries() if not run.archived]
show_problem()
if summaries:
    home_runs.show(summaries)
else:
    home_first.show()
