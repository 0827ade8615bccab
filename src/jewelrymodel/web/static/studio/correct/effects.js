// What a correction looks like at once, before the server works it out on the full photo: a close
// guess at the size of the view. A surface is { width, height, alpha, pixels, matte, perPixel }:
// alpha and the photo's colors at the view's size, the network's own answer or null, and how many of
// the photo's pixels one of these is wide.
import { cleanMarked, outlineOf } from "./alike.js";
import { hangingRegion } from "./lobes.js";
import {
  drag, emptyRect, FAINT, fillFromRim, glimpse, grow, nearest, part, reached, sameColor, SOLID, steadyRegion,
} from "./raster.js";
import { raised, seeThroughAt } from "./spots.js";

export const BRUSHES = new Set(["keep", "erase", "clean", "cut", "heal"]);
export const ENDING = new Set(["clean", "heal"]); // what these do shows when the stroke ends
export const TAPS = new Set(["opening", "add", "drop"]);
const NEAR = 6; // pixels of the view that a tap may miss a part by
const HIT = 1; // and a large part
const LARGE = 0.1; // of the piece
const WHOLE = 0.6; // a part this large is the piece itself
const MOST_OPENED = 0.5; // of the piece: a flood that took more ran over its edge
const MOST_ADDED = 0.25; // of the frame
const LARGEST_HOLE = 0.05; // of the piece: so small a one is filled by a tap

const local = (surface, [x, y]) => [x / surface.perPixel, y / surface.perPixel];

// Draws one more piece of a stroke; strokes are drawn while they are made. Returns what it touched.
export const strokeOn = (surface, correction, from, to) => {
  const { alpha } = surface;
  const radius = Math.max(0.5, correction.radius / surface.perPixel);
  const add = (index, coverage) => {
    alpha[index] = Math.max(alpha[index], 255 * coverage);
  };
  const remove = (index, coverage) => {
    alpha[index] = Math.min(alpha[index], 255 * (1 - coverage));
  };
  const paint = correction.tool === "keep" ? add : remove;
  return drag(surface, local(surface, from), local(surface, to), radius, paint);
};

// Does a whole correction. Returns { rect, word }: what was touched, and a word for what happened;
// and the pixels' indices of one opening that was opened, of one loose part that was removed; of one
// see-through part that was made solid, { indices, cover, isEnclosed }.
export const apply = (surface, correction) => {
  const { tool, points } = correction;
  if (tool === "heal") return heal(surface, correction);
  if (tool === "clean") return clean(surface, correction);
  if (tool === "outline") return { rect: cleanMarked(surface, outlineOf(surface)), word: "outline" };
  if (BRUSHES.has(tool)) {
    const rect = emptyRect();
    points.forEach((point, n) => {
      const touched = strokeOn(surface, correction, points[Math.max(0, n - 1)], point);
      grow(rect, touched.x0, touched.y0, touched.x1, touched.y1);
    });
    return { rect, word: tool };
  }
  const places = points.map((point) => within(surface, local(surface, point)));
  if (places.length > 1) return { opening: openAll, add: addAll, drop: dropAll }[tool](surface, places);
  return { opening: open, add: addPart, drop: dropPart }[tool](surface, places[0]);
};

const within = ({ width, height }, [x, y]) => [Math.min(x, width - 0.01), Math.min(y, height - 0.01)];

// The correction with its place moved to what a finger's width away was meant: for a missing part,
// what the network saw apart from the piece; for a part to remove, the nearest small one.
export const snapped = (surface, correction) => {
  const { alpha, matte, perPixel, width } = surface;
  const apart = (index) => [index - 3, index + 3, index - 3 * width, index + 3 * width]
    .every((other) => !(alpha[other] >= SOLID));
  const meant = {
    add: (index) => matte && matte[index] >= FAINT && alpha[index] < SOLID && apart(index),
  }[correction.tool];
  const place = local(surface, correction.points[0]);
  const reach = correction.radius / perPixel;
  let found = meant ? nearest(surface, place, reach, meant) : -1;
  if (correction.tool === "drop") found = droppable(surface, place, reach);
  if (found < 0) return correction;
  const center = [(found % width) + 0.5, Math.floor(found / width) + 0.5];
  return { ...correction, points: [center.map((value) => Math.round(10 * value * perPixel) / 10)] };
};

// Why a tap would be for nothing, or "": asked before it becomes a correction.
export const refusal = (surface, { tool, points }) => {
  const place = local(surface, points[0]);
  if (tool === "opening" && near(surface, place, FAINT) < 0) return "outside";
  if (tool === "add") return isWhole(surface, at(surface, place)) ? "inside" : "";
  if (tool !== "drop") return "";
  const start = droppable(surface, place, NEAR);
  if (start < 0) return "outside";
  const all = area(surface);
  if (part(surface, start).length <= WHOLE * all) return "";
  return hangingRegion(surface, start, all) ? "" : "whole";
};

// Whether there is nothing to add at a start: it is solid, and no see-through spot is meant.
const isWhole = (surface, start) =>
  surface.alpha[start] >= SOLID && !seeThroughAt(surface, start, area(surface));

const near = (surface, place, least, within = NEAR) =>
  nearest(surface, place, within, (index) => surface.alpha[index] >= least);

// What a tap would remove: a large part only when it is hit, a small one within reach as well.
const droppable = (surface, place, within) => {
  const hit = near(surface, place, FAINT, HIT);
  if (hit >= 0) return hit;
  const large = new Uint8Array(surface.alpha.length);
  const small = (index) => surface.alpha[index] >= FAINT && !large[index];
  for (;;) {
    const found = nearest(surface, place, within, small);
    if (found < 0) return -1;
    const region = part(surface, found);
    if (region.length <= LARGE * area(surface)) return found;
    region.forEach((index) => { large[index] = 1; });
  }
};

const area = ({ alpha }) => {
  let count = 0;
  for (let n = 0; n < alpha.length; n += 1) if (alpha[n] >= FAINT) count += 1;
  return count;
};

const at = (surface, [x, y]) => Math.floor(y) * surface.width + Math.floor(x);

const openAll = (surface, places) => {
  const rect = emptyRect();
  const most = MOST_OPENED * area(surface);
  for (const place of places) {
    const done = open(surface, place, most);
    grow(rect, done.rect.x0, done.rect.y0, done.rect.x1, done.rect.y1);
  }
  return { rect, word: "openings" };
};

const open = (surface, place, most = MOST_OPENED * area(surface)) => {
  const { alpha } = surface;
  const isCovered = (index) => alpha[index] >= FAINT;
  const start = at(surface, place);
  const region = steadyRegion(surface, start, isCovered, most) ?? sameColor(surface, start, isCovered, most);
  if (!region || region.length < 4) return { rect: emptyRect(), word: "marked" };
  const rim = (index) => { alpha[index] = Math.min(alpha[index], SOLID); };
  const rect = change(surface, region, (index) => { alpha[index] = 0; }, rim);
  return { rect, word: "opening", opened: region };
};

const addAll = (surface, places) => {
  const rect = emptyRect();
  for (const place of places) {
    const done = addPart(surface, place);
    grow(rect, done.rect.x0, done.rect.y0, done.rect.x1, done.rect.y1);
  }
  return { rect, word: "solids" };
};

const addPart = (surface, place) => {
  const { alpha, matte } = surface;
  const solid = seeThroughAt(surface, at(surface, place), area(surface));
  if (solid) {
    const raise = (index) => { alpha[index] = raised(alpha[index], solid.isEnclosed); };
    return { rect: change(surface, solid.indices, raise), word: "solid", solid };
  }
  const hole = enclosedHole(surface, at(surface, place));
  if (hole) {
    const fill = (index) => { alpha[index] = 255; };
    return { rect: change(surface, hole, fill, fill), word: "add" };
  }
  const seen = matte
    ? nearest(surface, place, NEAR, (index) => matte[index] >= FAINT && alpha[index] < SOLID) : -1;
  if (seen >= 0) {
    const region = glimpse(surface, seen);
    const raise = (index) => { alpha[index] = Math.max(alpha[index], Math.min(255, 3 * matte[index])); };
    return { rect: change(surface, region, raise), word: "add" };
  }
  const start = at(surface, place);
  const most = MOST_ADDED * alpha.length;
  const region = sameColor(surface, start, (index) => alpha[index] < SOLID, most);
  if (!region || region.length < 4) return { rect: emptyRect(), word: "marked" };
  const rim = (index) => { alpha[index] = Math.max(alpha[index], SOLID); };
  return { rect: change(surface, region, (index) => { alpha[index] = 255; }, rim), word: "add" };
};

// The small hole in the piece that holds a start, or null.
const enclosedHole = (surface, start) => {
  const { alpha, width, height } = surface;
  const hole = reached(surface, start, (index) => alpha[index] < SOLID, LARGEST_HOLE * area(surface));
  const isAtFrame = (index) => index < width || index >= width * (height - 1)
    || index % width === 0 || index % width === width - 1;
  return hole && hole.length && !hole.some(isAtFrame) ? hole : null;
};

const dropPart = (surface, place) => {
  const { alpha } = surface;
  const start = droppable(surface, place, NEAR);
  if (start < 0) return { rect: emptyRect(), word: "marked" };
  const all = area(surface);
  const region = part(surface, start).length > WHOLE * all
    ? hangingRegion(surface, start, all)
    : reached(surface, start, (index) => alpha[index] > 0, Infinity, true);
  if (!region) return { rect: emptyRect(), word: "marked" };
  const isLoose = region.length <= LARGE * all;
  const rect = change(surface, region, (index) => { alpha[index] = 0; });
  return { rect, word: "drop", removed: isLoose ? region : undefined };
};

const dropAll = (surface, places) => {
  const rect = emptyRect();
  for (const place of places) {
    const done = dropPart(surface, place);
    grow(rect, done.rect.x0, done.rect.y0, done.rect.x1, done.rect.y1);
  }
  return { rect, word: "drops" };
};

const heal = (surface, correction) => {
  const { marked, rect } = underBrush(surface, correction);
  for (let index = 0; index < marked.length; index += 1)
    if (surface.alpha[index] < FAINT) marked[index] = 0;
  fillFromRim(surface, marked, rect);
  return { rect, word: "heal" };
};

const clean = (surface, correction) =>
  ({ rect: cleanMarked(surface, underBrush(surface, correction).marked), word: "clean" });

const underBrush = (surface, { radius, points }) => {
  const marked = new Uint8Array(surface.alpha.length);
  const rect = emptyRect();
  const mark = (index) => { marked[index] = 1; };
  points.forEach((point, n) => {
    const from = local(surface, points[Math.max(0, n - 1)]);
    const size = Math.max(0.5, radius / surface.perPixel);
    const touched = drag(surface, from, local(surface, point), size, mark);
    grow(rect, touched.x0, touched.y0, touched.x1, touched.y1);
  });
  return { marked, rect };
};

// Does something to every pixel of a region, and something milder to those around it.
const change = (surface, region, inner, rim = null) => {
  const { width, height } = surface;
  const rect = emptyRect();
  for (const index of region) {
    const [x, y] = [index % width, Math.floor(index / width)];
    grow(rect, Math.max(0, x - 1), Math.max(0, y - 1), Math.min(width, x + 2), Math.min(height, y + 2));
    if (!rim) continue;
    if (x > 0) rim(index - 1);
    if (x < width - 1) rim(index + 1);
    if (y > 0) rim(index - width);
    if (y < height - 1) rim(index + width);
  }
  for (const index of region) inner(index);
  return rect;
};
