"""What every number of a run means, once: training metrics, quality measures and their charts.

Pages, saved pictures, TensorBoard tags, the doctor and docs/metrics.md read it; components get it
as data. A name that is not in it (of a newer version or of another program) is a number of which
nothing is claimed: its title is its name, it has no side, no range and no better end.
"""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.metric_table.charts import charts_of as charts_of
    from gan_core.metric_table.charts import other as other
    from gan_core.metric_table.metrics import find as find
    from gan_core.metric_table.metrics import first_shown as first_shown
    from gan_core.metric_table.metrics import is_distance as is_distance
    from gan_core.metric_table.metrics import names_of as names_of
    from gan_core.metric_table.roles import ROLES as ROLES
    from gan_core.metric_table.roles import colour_of as colour_of
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "ROLES": "roles",
            "charts_of": "charts",
            "colour_of": "roles",
            "find": "metrics",
            "first_shown": "metrics",
            "is_distance": "metrics",
            "names_of": "metrics",
            "other": "charts",
        },
    )
