"""The look of the charts: the only file that uses Matplotlib, which is imported only when something is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

COLOURS = ("#8fa3b8", "#2a6f97", "#e07a3f", "#d9b44a", "#7b6d8d")
GREY, GOAL, INK = "#9aa0a6", "#2e8b57", "#2b2f33"
PLACES = ("#b9c2cb", "#e0a458", "#7fa8c4", "#1f5f86")
"""The colours of the columns of cross-driving, in their order."""

_SETTINGS: dict[Any, Any] = {
    "figure.dpi": 150, "savefig.dpi": 150, "figure.facecolor": "white", "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans", "font.size": 8, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": GREY,
    "axes.titlesize": 9, "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.spines.top": False,
    "axes.spines.right": False, "xtick.color": INK, "ytick.color": INK, "grid.color": "#e3e6e9", "grid.linewidth": 0.7,
    "axes.axisbelow": True, "legend.frameon": False, "legend.fontsize": 7, "legend.handlelength": 1.2,
}


@contextmanager
def applied() -> Iterator[None]:
    import matplotlib
    matplotlib.use("Agg")  # needs no window and no display
    with matplotlib.rc_context(_SETTINGS):
        yield


def panels(width: float, height: float, columns: int, share_y: bool = False,
           widths: Sequence[float] | None = None) -> tuple[Any, Sequence[Any]]:
    """Return a figure of `width` x `height` inches and its axes, side by side."""
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(1, columns, figsize=(width, height), sharey=share_y, squeeze=False, width_ratios=widths)
    return figure, axes[0]


def close(figure: Any) -> None:
    from matplotlib import pyplot
    pyplot.close(figure)
