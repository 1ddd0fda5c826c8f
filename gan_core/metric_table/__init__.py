"""What every number of a run means, once: training metrics, quality measures and their charts.

Pages, saved pictures, TensorBoard tags, the doctor and docs/metrics.md read it; components get it
as data. A name that is not in it (of a newer version or of another program) is a number of which
nothing is claimed: its title is its name, it has no side, no range and no better end.
"""

from gan_core import shown

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
