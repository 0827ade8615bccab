"""Where a chain runs up from its piece: two runs of even width, followed row by row.

A chain comes out of the network in pieces, so a run is followed over small gaps along its own
course. A run ends where it meets another run or grows wider than itself: from there on it is piece.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats

GAP_SHARE = 0.08  # of the piece's height: the longest gap that is bridged
_SHORTEST = 0.12
_SHORTEST_PX = 30
_SETTLED = 30  # rows
_WIDER, _WIDER_PX = 1.6, 2.0
_SLENDER = 5
_PLAIN_PX = 3


@dataclass(frozen=True)
class Strand:
    """A run of even width: `line` is its center (Nx2, pixels, from the lower end upwards), `width`
    its thickness in pixels, `ends` why it stops below: "merged", "wider" or "lost".
    """

    line: Floats
    width: float
    ends: str


@dataclass
class _Run:
    """A run that is being followed downwards."""

    points: list[tuple[float, float]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    width: float = 0.0
    ends: str = ""

    @property
    def settled(self) -> bool:
        """Whether it is long enough to know its own width: links lie flat and on edge by turns."""
        return len(self.points) >= max(_SETTLED, 3 * self.width)

    def expected(self, y: int) -> tuple[float, float]:
        """Where the run should be in row `y`, and how far off it may lie."""
        x, last = self.points[-1]
        before = self.points[-min(len(self.points), 40)]
        slope = (x - before[0]) / max(1.0, last - before[1])
        gap = y - last
        return x + slope * gap, 0.5 * self.width + 2 + 0.25 * gap

    def add(self, x: float, y: int, width: float) -> None:
        self.points.append((x, float(y)))
        self.widths.append(width)
        if len(self.widths) % 8 == 1:
            latest = sorted(self.widths[-80:])
            self.width = latest[int(0.8 * (len(latest) - 1))]


def find_strands(solid: Mask) -> tuple[Strand, ...]:
    """The runs that come down from the upper half of the piece, longest first. A run shorter than
    an eighth of the piece's height (and 30 pixels) is none. `solid` is framed to the piece.
    """
    height = solid.shape[0]
    shortest = max(_SHORTEST_PX, _SHORTEST * height)
    found = [_trimmed(run) for run in _followed(solid) if _reach(run) >= shortest]
    runs = [run for run in found if _reach(run) >= shortest and _is_thread(run)]
    high = [run for run in runs if run.points[0][1] < 0.5 * height]
    strands = (Strand(_smooth(run.points), _envelope(run), run.ends) for run in high)
    return tuple(sorted(strands, key=lambda strand: -len(strand.line)))


def largest_gap(height: int) -> int:
    """The longest gap in pixels that is bridged in a piece of this height."""
    return max(15, int(GAP_SHARE * height))


def joined_links(solid: Mask) -> Mask:
    """The piece with the openings of single links closed, so that a chain is one band."""
    edge = max(7, solid.shape[0] // 50) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    framed = cv2.copyMakeBorder(solid.astype(np.uint8), edge, edge, edge, edge, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, disc)
    return np.asarray(closed[edge:-edge, edge:-edge] > 0)


def thickness(solid: Mask) -> Floats:
    """Twice the distance from the outline, in pixels; the frame counts as outline."""
    framed = cv2.copyMakeBorder(solid.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT)
    return floats(2 * cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1])


def is_wider(width: float, usual: float) -> bool:
    """Whether something `width` pixels thick can't be part of a strand `usual` pixels thick."""
    return width > _WIDER * usual + _WIDER_PX


def _reach(run: _Run) -> float:
    return run.points[-1][1] - run.points[0][1] + 1


def _trimmed(run: _Run) -> _Run:
    """The run without wider ends: a clasp above it, a bead below."""
    usual, third = float(np.median(run.widths)), len(run.widths) // 3
    wider = [i for i, width in enumerate(run.widths) if is_wider(width, usual)]
    start = max((i + 1 for i in wider if i < third), default=0)
    stop = min((i for i in wider if i >= 2 * third), default=len(run.widths))
    return _Run(run.points[start:stop], run.widths[start:stop], run.width, run.ends)


def _is_thread(run: _Run) -> bool:
    low, high = np.percentile(_outline(run), [15, 95])
    return not is_wider(float(high), float(low)) and _reach(run) >= _SLENDER * high


def _envelope(run: _Run) -> float:
    return float(np.median(_outline(run)))


def _outline(run: _Run) -> Floats:
    """The run's width, link by link: the widest within a few widths of each place."""
    from scipy.ndimage import maximum_filter1d  # slow to load: only where it works

    size = int(min(len(run.widths), 2.5 * run.width + 3))
    return floats(maximum_filter1d(np.array(run.widths), size))


def _followed(solid: Mask) -> list[_Run]:
    joined = joined_links(solid)
    thick = thickness(joined)
    farthest = largest_gap(solid.shape[0])
    open_runs: list[_Run] = []
    done: list[_Run] = []
    for y in range(solid.shape[0]):
        _step(open_runs, runs_of(joined[y]), thick[y], y)
        for run in open_runs:
            if not run.ends and y - run.points[-1][1] > farthest:
                run.ends = "lost"
        ended = [run for run in open_runs if run.ends]
        _part_further(ended, solid, y)
        done += ended
        open_runs = [run for run in open_runs if not run.ends]
    return done + open_runs


def _step(open_runs: list[_Run], spans: list[tuple[int, int]], thick: Floats, y: int) -> None:
    """Continue each run in row `y`, and begin one wherever a span belongs to none."""
    owners: dict[int, list[_Run]] = {}
    for run in open_runs:
        nearest = _nearest(run, spans, y)
        if nearest is not None:
            owners.setdefault(nearest, []).append(run)
    for index, (start, stop) in enumerate(spans):
        width = float(thick[start:stop].max())
        claims = _without_spurs(owners.get(index, []))
        if len(claims) > 1:
            for run in claims:
                run.ends = "merged"
        elif not claims:
            run = _Run()
            run.add((start + stop - 1) / 2, y, width)
            open_runs.append(run)
        elif claims[0].settled and is_wider(width, claims[0].width):
            claims[0].ends = "wider"
        else:
            claims[0].add((start + stop - 1) / 2, y, width)


def _part_further(ended: list[_Run], solid: Mask, first: int) -> None:
    """Joining the links joined two close runs early: each goes on while it lies apart in the cutout
    itself.
    """
    pair = [run for run in ended if run.ends == "merged"]
    if len(pair) != 2:
        return
    for y in range(first, solid.shape[0]):
        spans = [span for run in pair for span in _own_span(run, runs_of(solid[y]), y)]
        if len(spans) < 2 or spans[0] == spans[1]:
            return
        for run, (start, stop) in zip(pair, spans, strict=True):
            run.add((start + stop - 1) / 2, y, min(run.width, stop - start))


def _own_span(run: _Run, spans: list[tuple[int, int]], y: int) -> list[tuple[int, int]]:
    """The span where the run goes on; none where that is wider than the run's own can be."""
    nearest = _nearest(run, spans, y)
    own = [] if nearest is None else [spans[nearest]]
    return [(start, stop) for start, stop in own if not is_wider(stop - start, run.width)]


def _without_spurs(claims: list[_Run]) -> list[_Run]:
    """A run that meets the inner edge of a link goes on: only two real runs merge."""
    real = [run for run in claims if _reach(run) >= _SHORTEST_PX]
    kept = real or claims[:1]
    for run in claims:
        if run not in kept:
            run.ends = "spur"
    return kept


def _nearest(run: _Run, spans: list[tuple[int, int]], y: int) -> int | None:
    x, room = run.expected(y)
    off = [max(start - x, x - stop + 1, 0.0) for start, stop in spans]
    best = int(np.argmin(off)) if off else -1
    return best if best >= 0 and off[best] <= room else None


def runs_of(line: Mask) -> list[tuple[int, int]]:
    """The runs of True in a line, each as (start, stop); gaps of up to 3 pixels are bridged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]])))
    runs: list[tuple[int, int]] = []
    for start, stop in edges.reshape(-1, 2):
        if runs and start - runs[-1][1] <= _PLAIN_PX:
            runs[-1] = (runs[-1][0], int(stop))
        else:
            runs.append((int(start), int(stop)))
    return runs


def _smooth(points: list[tuple[float, float]]) -> Floats:
    """The line from the body upwards, its sideways jitter (single links) averaged out and its gaps
    filled on a straight course.
    """
    known = np.array(points[::-1], np.float64)
    rows = np.arange(known[0, 1], known[-1, 1] - 1, -1)
    columns = np.interp(-rows, -known[:, 1], known[:, 0])
    # A crumb beside the chain mustn't bend its course.
    from scipy.ndimage import median_filter  # slow to load: only where it works

    columns = median_filter(columns, 31, mode="nearest")
    window = np.hanning(25)
    padded = np.pad(columns, 12, mode="reflect", reflect_type="odd")
    return floats(np.column_stack([np.convolve(padded, window / window.sum(), "valid"), rows]))
