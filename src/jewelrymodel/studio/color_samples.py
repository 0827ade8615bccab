"""How unlike a set of colors each pixel is: the evidence that a brush's rim is fitted to."""

import cv2
import numpy as np

from jewelrymodel.studio.arrays import Floats, Mask, floats

_MOST_SAMPLES = 128
_COMPANY = 0.15  # of the samples: one that has so few near it belongs to something else
_FAR = 3.0  # times the usual distance to that company
_PROBES = 500
_ROWS = 8192  # pixels that are compared at once, for their memory
_LEAST_NOISE = 1.5
WEIGHTS = np.array([0.8, 1.3, 1.3], np.float32)  # lightness counts less: shadows are background


def samples_of(colors: Floats, where: Mask) -> Floats:
    """At most so many of the weighted colors (Nx3) of the pixels `where`, spread evenly."""
    places = np.flatnonzero(where)
    if places.size > _MOST_SAMPLES:
        places = places[np.linspace(0, places.size - 1, _MOST_SAMPLES).astype(int)]
    return floats(colors.reshape(-1, 3)[places] * WEIGHTS)


def usual_of(samples: Floats) -> Floats:
    """The samples without strays, which few others resemble: a bit of chain on a table."""
    apart = np.linalg.norm(samples[:, None] - samples[None], axis=2)
    company = np.sort(apart, axis=1)[:, int(_COMPANY * (len(samples) - 1))]
    return floats(samples[company <= max(_LEAST_NOISE, _FAR * float(np.median(company)))])


def unlikeness(colors: Floats, samples: Floats, where: Mask) -> Floats:
    """The color distance (about ΔE) of each pixel `where` (HxW) in Lab `colors` (HxWx3) from the
    nearest of the samples; 0 elsewhere.
    """
    flat = floats(colors[where] * WEIGHTS)
    squares = (samples**2).sum(1)
    nearest = [
        (squares - 2 * block @ samples.T).min(1) + (block**2).sum(1)
        for block in (flat[start : start + _ROWS] for start in range(0, len(flat), _ROWS))
    ]
    distance = np.zeros(where.shape, np.float32)
    if nearest:
        distance[where] = np.sqrt(np.maximum(np.concatenate(nearest), 0))
    return distance


def noise_of(colors: Floats, samples: Floats, ground: Mask) -> float:
    """How far pixels of the `ground` usually are from its samples, when a fifth may be strays."""
    places = np.flatnonzero(ground)
    probe = colors.reshape(-1, 3)[places[:: max(1, places.size // _PROBES)]]
    distances = unlikeness(probe, samples, np.ones(len(probe), bool))
    return max(_LEAST_NOISE, 1.6 * float(np.percentile(distances, 75)))


def cover(distance: Floats, noise: float) -> Floats:
    """The share of something else in each pixel (0 to 1), from its distance to the background's
    samples: none within the noise, all where it is as far away as its surroundings get.
    """
    most = cv2.dilate(distance, np.ones((7, 7), np.uint8))
    most = cv2.GaussianBlur(most, (0, 0), 1.5)
    least = 1.25 * noise
    clear = floats(np.maximum(0.8 * most - least, 0.5 * noise))
    return floats(np.clip((distance - least) / clear, 0, 1) * (most > 2 * noise + 1))


def side(colors: Floats, one: Floats, other: Floats, undecided: Floats, where: Mask) -> Floats:
    """The share of the `one` samples against the `other` ones in each pixel `where`, 0 to 1;
    `undecided` where both look alike, and elsewhere.
    """
    near, far = unlikeness(colors, one, where), unlikeness(colors, other, where)
    share = np.clip((far / np.maximum(near + far, 1e-3) - 0.25) / 0.5, 0, 1)
    clear = np.clip((np.maximum(near, far) - _LEAST_NOISE - 1) / 5, 0, 1)
    return floats(clear * share + (1 - clear) * undecided)
