// What a tap makes solid of the piece itself: a see-through spot that it encloses, or a part that is
// half there; and the spots like one that was tapped. The server decides on the full photo.
import { described, flood, outsideOf } from "./alike.js";
import { halfThere } from "./lobes.js";
import { nearest, reached, SOLID } from "./raster.js";

const SURE = 230; // of alpha: from there on nothing shines through
const LARGEST = 0.05; // of the piece: a larger hole is no highlight
const REACH = 8; // of the photo's pixels: so far from a spot a tap on the piece means it
const ALIKE = 0.5; // of the tapped spot's cover: what is fainter may be an opening
const OPEN = 26; // of mean alpha: nothing tells a spot as empty as that from an opening
const MOST = 6; // times the tapped one's area
const LEAST = 3; // pixels
const [SHADE, RISE] = [20, 76]; // of alpha: a faded part is solid from there on

const coverOf = ({ alpha }, indices) =>
  indices.reduce((sum, index) => sum + alpha[index], 0) / indices.length;

// What a tap at a start would make solid: { indices, cover, isEnclosed }, or null. `area` is the
// piece's, `cover` the mean alpha that there is.
export const seeThroughAt = (surface, start, area) => {
  const { width, alpha, perPixel } = surface;
  const outside = outsideOf(surface, SURE);
  const isSpot = (index) => alpha[index] < SURE && !outside[index];
  const place = [(start % width) + 0.5, Math.floor(start / width) + 0.5];
  const reach = alpha[start] >= SOLID ? Math.max(1, REACH / perPixel) : 0.9;
  const from = nearest(surface, place, reach, isSpot);
  const spot = from >= 0 && reached(surface, from, isSpot, LARGEST * area + 8);
  const indices = spot || (alpha[start] > 0 && halfThere(surface, start, area));
  return indices ? { indices, cover: coverOf(surface, indices), isEnclosed: Boolean(spot) } : null;
};

// How solid a pixel of such a part becomes.
export const raised = (value, isEnclosed) =>
  isEnclosed ? 255 : Math.max(value, Math.min(255, (255 * (value - SHADE)) / RISE));

// The spots like one that was tapped, at most so many, as openings are described.
export const spotsLike = (surface, { indices, cover, isEnclosed }, most) => {
  if (!isEnclosed || cover < OPEN) return [];
  const { alpha, width } = surface;
  const outside = outsideOf(surface, SURE);
  const isSpot = (index) => alpha[index] < SURE;
  const visited = new Uint8Array(alpha.length);
  const found = [];
  for (let start = 0; start < alpha.length && found.length < most; start += 1) {
    if (visited[start] || outside[start] || !isSpot(start)) continue;
    const spot = flood(surface, start, isSpot, visited, outside);
    if (spot && spot.length >= LEAST && spot.length <= MOST * indices.length
      && coverOf(surface, spot) >= ALIKE * cover) found.push(described(spot, width));
  }
  return found;
};
