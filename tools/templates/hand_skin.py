"""A hand that is no rubber glove: its folds, fine lines, tendons, veins and nails, redder joints
and finger tips, and a gloss that the relief breaks.

The bake's own folds, which are the same waves over each joint, are smoothed away first. What the
finer relief changes is worked out from the set's lamps (skin_light.py); as a whole the skin stays
as bright, on which the light of pieces rests, and becomes a little redder.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import nails as finger_nails
import numpy as np
from hand_relief import THUMB, Folds, back_of_hand, folds_of, net_of, window_of
from limb_frames import Finger, fingers_of
from nails import Nail
from skin_light import (
    BROAD,
    Light,
    encoded,
    fitted,
    lamps_at,
    linear,
    lobe,
    relit,
    soft,
    step,
    tilted,
    towards_camera,
)
from skin_surface import Surface

# As hand.lamps_for places them, seen from the camera.
LAMPS = lamps_at((-2.6, -2.8, -2.6), (3.6, -0.2, -2.6), (2.6, -2.4, 2.0))
FINE = {"light": 1.0, "tan": 0.8, "deep": 0.55}  # of the net: gloss on dark skin shows it more
COLORED = {"light": 1.0, "tan": 0.85, "deep": 0.6}
NET_MM, TINY_MM = 0.022, 0.002
SMOOTHS_MM, PLATE_MM, KEEPS_PX = 1.15, 0.5, 5  # how far folds and the nails' leather are smoothed
BLOOD = ((7.0, 0.5), (2.6, 0.4), (0.9, 0.3))  # mm of a cell, share
PIGMENT = ((5.0, 0.4), (1.6, 0.5), (0.6, 0.35))
REDDENS, DARKENS = np.array((0.18, 1.0, 0.8), np.float32), np.array((0.8, 1.0, 1.15), np.float32)
BLUES, FOLDED, LINED = (
    np.array((1, 0.45, 0.15), np.float32),
    np.array((0.55, 1, 1.05), np.float32),
    np.array((0.7, 1, 1.1), np.float32),
)
BLOOD_SHARE, PIGMENT_SHARE, FLUSH, VEIN = 0.03, 0.016, 0.2, 0.04
FOLD, LINE, FRECKLE, PORE = 0.32, {"light": 0.03, "tan": 0.03, "deep": 0.02}, 0.12, 0.06
JOINT_FLUSH = ((0.2, 11.0), (0.7, 7.0), (0.42, 5.5))  # how red, how far (mm): knuckle to last joint
MUTED, MOST_MUTED = (
    {"light": 0.5, "tan": 0.4, "deep": 0.25},
    0.2,
)  # how much of an even gloss goes, and of the light at most
MUTES = np.array((0.75, 1, 1.25), np.float32)
GLOSS = {"light": 0.8, "tan": 0.7, "deep": 0.5}
KEEPS_HUE = {"light": 0.0, "tan": 0.4, "deep": 0.9}  # on dark skin less blood shows
GRAIN, ROOM_PX = 0.004, 16


@dataclass(frozen=True)
class Hand:
    """A hand as it is worked over: its surface, part identities (HxW), fingers and nails."""

    surface: Surface
    part: np.ndarray
    fingers: list[Finger]
    nails: list[Nail]
    px_per_mm: float

    @property
    def plate(self) -> np.ndarray:
        """How much of each pixel is nail, HxW."""
        return np.max([np.zeros(self.part.shape), *(nail.plate for nail in self.nails)], axis=0)


def dressed(
    picture: np.ndarray, surface: Surface, description: dict, part: np.ndarray
) -> np.ndarray:
    """The picture (HxWx3, sRGB in 0…1, without the bake's relief) of a hand with skin and nails."""
    window = window_of(part > 0, ROOM_PX)
    done = picture.copy()
    near = surface.within(window)
    done[window] = _dressed(picture[window], near, description, part[window])
    return done


def _dressed(
    picture: np.ndarray, surface: Surface, description: dict, part: np.ndarray
) -> np.ndarray:
    anchors, tone = description["anchors"], description["tone"]
    fingers = fingers_of(anchors)
    nails = finger_nails.nails_of(surface, part, fingers)
    hand = Hand(surface, part, fingers, nails, anchors["px_per_mm"])
    before, plate = linear(np.clip(picture, 0, 1)), hand.plate
    light = fitted(before, surface, part, LAMPS)
    shade = light.shade(surface.normal)
    folds, net = folds_of(surface, part, fingers), net_of(surface, part, fingers)
    base = _smoothed(before, shade, folds, hand)
    body, veins = back_of_hand(surface, part, fingers, hand.px_per_mm)
    tiny = TINY_MM * surface.noise(30, 0.24) - FINE[tone] * NET_MM * (net - 0.3)
    fine = tiny * (1 + 0.8 * folds.field) * (1 - plate)
    height = body + folds.height_mm + fine + sum(finger_nails.relief_of(one) for one in nails)
    focal_px = description["camera"]["focal_px"]
    normal = tilted(surface, height, focal_px)
    finer = light.shade(normal)
    done = relit(base, shade, finer, surface.skin, hand.px_per_mm)
    dull = ((1 - plate) * surface.skin)[..., None]
    done = _glossed(
        done, base, light, hand, tilted(surface, height + 1.2 * fine, focal_px), net, tone
    )
    done = done * (1 - dull * _losses(hand, tone, folds, net, veins))
    usual = np.percentile(finer[part > 0], 70)
    for nail in nails:
        done = finger_nails.varnished(
            done, nail, surface, normal, finer / usual, tone, hand.px_per_mm, LAMPS
        )
    skin = (surface.skin > 0.9) & (plate < 0.01)
    same = (before[skin].mean(0) / done[skin].mean(0)) ** KEEPS_HUE[tone]
    same = same * before[skin].mean() / (done[skin] * same).mean()
    done = done * (1 + (same - 1) * surface.skin[..., None])
    done = encoded(np.where((surface.skin > 0.002)[..., None], done, before))
    grain = soft(np.random.default_rng(5).normal(size=part.shape).astype(np.float32), 0.5)
    return np.clip(done + (GRAIN * grain * surface.skin)[..., None], 0, 1)


def _smoothed(light: np.ndarray, shade: np.ndarray, folds: Folds, hand: Hand) -> np.ndarray:
    """The light without the bake's folds and without leather on nails, HxWx3: there the smooth
    shape's shading takes their place.
    """
    out, plate = light.copy(), hand.plate
    places = [(finger.parts, folds.field, SMOOTHS_MM) for finger in hand.fingers]
    places += [(finger.parts, plate, PLATE_MM) for finger in hand.fingers]
    places.append((THUMB, np.ones(hand.part.shape, np.float32), SMOOTHS_MM))
    for parts, share, reach_mm in places:
        own = np.isin(hand.part, parts).astype(np.float32)
        if not (own * share > 0.01).any():
            continue
        window = window_of(own * share > 0.01, int(3 * reach_mm * hand.px_per_mm))
        inner = cv2.erode(own[window], np.ones((KEEPS_PX, KEEPS_PX)))
        there = inner if reach_mm != PLATE_MM else inner * share[window].astype(np.float32)
        under = np.maximum(shade[window], 0.003)[..., None]
        ratio = np.log(np.maximum(out[window], 0.003) / under)
        weight = np.maximum(soft(there, reach_mm * hand.px_per_mm), 1e-3)
        smooth = np.dstack(
            [soft(ratio[..., c] * there, reach_mm * hand.px_per_mm) / weight for c in range(3)]
        )
        amount = (share[window] * soft(inner, 2) * own[window])[..., None]
        out[window] = np.exp(ratio * (1 - amount) + smooth * amount) * under
    return out


def _glossed(
    light: np.ndarray, base: np.ndarray, lamps: Light, hand: Hand, normal: np.ndarray,
    net: np.ndarray, tone: str,
) -> np.ndarray:  # fmt: skip
    """The light with less of an even gloss, and a narrower one that the relief breaks."""
    surface, view = hand.surface, towards_camera(hand.surface.places)
    skin, dull = surface.skin > 0.9, surface.skin * (1 - hand.plate)
    mean = base.mean(2)
    room = np.clip(mean / np.median(mean[skin]), 0, 1) ** 1.3
    usual = np.percentile((base[..., 2] / np.maximum(base[..., 0], 0.02))[skin], 25)
    sheen = np.clip((base[..., 2] - usual * base[..., 0]) / (1 - usual), 0, 1) * dull * room
    muted = np.clip(MUTED[tone] * (soft(sheen, 2) - 0.02) / np.maximum(mean, 0.02), 0, MOST_MUTED)
    light = light * (1 - muted[..., None] * MUTES)
    dry = 1 - 0.35 * np.clip(net, 0, 1)
    narrow = 1.1 * lobe(normal, view, LAMPS.key, 26) * dry
    key = narrow - 0.8 * lobe(surface.normal, view, LAMPS.key, BROAD[0])
    rim = lobe(normal, view, LAMPS.rim, 20) * dry
    rim = rim - 0.9 * lobe(surface.normal, view, LAMPS.rim, BROAD[1])
    gloss = GLOSS[tone] * (lamps.key_gloss * key + lamps.rim_gloss * rim) * room * dull
    return np.maximum(light + gloss[..., None] * np.array((1, 0.97, 0.95), np.float32), 0.3 * light)


def _losses(
    hand: Hand, tone: str, folds: Folds, net: np.ndarray, veins: np.ndarray
) -> np.ndarray:  # fmt: skip
    """How much of red, green and blue light the skin's layers take, HxWx3."""
    surface, px_per_mm = hand.surface, hand.px_per_mm
    red = BLOOD_SHARE * surface.layers(1, BLOOD) + FLUSH * _flush(hand)
    dark = PIGMENT_SHARE * surface.layers(10, PIGMENT)
    dark = dark + FRECKLE * surface.dots(40, 0.004, 0.3, px_per_mm)
    layers = red[..., None] * REDDENS + dark[..., None] * DARKENS + VEIN * veins[..., None] * BLUES
    facing = np.clip(-surface.normal[2], 0, 1)
    lines = LINE[tone] * (net - 0.3) * facing
    pores = PORE * surface.dots(41, 1.0, 0.085, px_per_mm)
    relief = FOLD * folds.depth[..., None] * FOLDED + lines[..., None] * LINED + pores[..., None]
    return COLORED[tone] * layers + relief


def _flush(hand: Hand) -> np.ndarray:
    """Where blood shows: over the joints, at the tips and round the nails; paler between, HxW."""
    places = hand.surface.places
    flush = np.zeros(hand.part.shape, np.float32)
    for finger in hand.fingers:
        for joint, (much, wide) in enumerate(JOINT_FLUSH):
            middle = finger.joints[joint] + 7 * finger.segment(joint).back
            apart = np.linalg.norm(places - middle[:, None, None], axis=0)
            flush = np.maximum(flush, much * np.exp(-((apart / wide) ** 2)))
        along, _ = finger.segment(2).seen(places)
        end = finger_nails.SHAPES[finger.name].end
        own = hand.part == finger.parts[2]
        flush = np.maximum(flush, 0.9 * step(along, end - 9, end + 1) * own)
        for segment in (0, 1):
            along, _ = finger.segment(segment).seen(places)
            long = np.linalg.norm(finger.joints[segment + 1] - finger.joints[segment])
            pale = np.exp(-(((along / long - 0.5) / 0.22) ** 2))
            flush = flush - 0.12 * pale * (hand.part == finger.parts[segment])
    for nail in hand.nails:
        flush = np.maximum(flush, 0.8 * np.exp(-((np.minimum(nail.inside, 0) / 1.6) ** 2)))
    return soft(flush, 0.8 * hand.px_per_mm)
