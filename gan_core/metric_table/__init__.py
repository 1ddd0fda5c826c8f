"""What every number of a run means, once: training metrics, quality measures and their charts.

Pages, saved pictures, TensorBoard tags, the doctor and docs/metrics.md read it; components get it
as data. A name that is not in it (of a newer version or of another program) is a number of which
nothing is claimed: its title is its name, it has no side, no range and no better end.
"""

from gan_core.metric_table.charts import charts, other
from gan_core.metric_table.metric import Metric
from gan_core.metric_table.metrics import find, is_distance, names_of
from gan_core.metric_table.roles import ROLES, colour_of

__all__ = ["ROLES", "Metric", "charts", "colour_of", "find", "is_distance", "names_of", "other"]
