// What a tap removes of the piece itself: what is half there, or a lobe that hangs on by a neck. The
// server decides on the full photo; this shows it at once.
import { nearest, reached, SOLID } from "./raster.js";

const HALF = 217; // of alpha: below, it is half there
const SURE = 230;
const RIM = 2; // of the photo's pixels: so wide is the soft edge of what is solid
const REACH = 8; // of the photo's pixels: so far from the soft edge a tap on it means
const LEAST_SOLID = 0.03; // of all that is there
const LARGEST = 0.4; // of the piece
const NECKS = [1.5, 2.5, 4.5, 7.5, 11.5, 17.5]; // half as wide is a neck, from the thinnest on

// The pixels that hang on the piece at a start; null where nothing is told apart there.
export const hangingRegion = (surface, start, area) => {
  const most = LARGEST * area;
  return halfThere(surface, start, area) ?? lobe(surface, start, most);
};

// What is half there round a start and hangs on what is solid, or null.
export const halfThere = (surface, start, area) => {
  const { alpha, width, perPixel } = surface;
  if (alpha[start] >= HALF) return null;
  let solid = 0;
  for (const value of alpha) if (value >= SURE) solid += 1;
  if (solid < LEAST_SOLID * area) return null;
  const rim = rimOfSolid(surface);
  const isHalf = (index) => alpha[index] > 0 && alpha[index] < SURE && !rim[index];
  const place = [(start % width) + 0.5, Math.floor(start / width) + 0.5];
  const from = isHalf(start) ? start : nearest(surface, place, REACH / perPixel, isHalf);
  return from < 0 ? null : reached(surface, from, isHalf, Infinity, true);
};

// What is close to the solid parts: their own soft edge, which goes all round the piece.
const rimOfSolid = ({ width, height, alpha, perPixel }) => {
  const wide = Math.max(1, Math.round(RIM / perPixel));
  const rim = new Uint8Array(alpha.length);
  const isSolid = (index) => alpha[index] >= SURE && alpha[index - 1] >= SURE
    && alpha[index + 1] >= SURE && alpha[index - width] >= SURE && alpha[index + width] >= SURE;
  for (let index = 0; index < alpha.length; index += 1) {
    if (!isSolid(index)) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    const [from, to] = [Math.max(0, x - wide - 1), Math.min(width, x + wide + 2)];
    for (let row = Math.max(0, y - wide - 1); row < Math.min(height, y + wide + 2); row += 1)
      rim.fill(1, row * width + from, row * width + to);
  }
  return rim;
};

const lobe = (surface, start, most) => {
  const away = distances(surface);
  for (const neck of NECKS) {
    if (away[start] <= neck) return null;
    const isCore = (index) => away[index] > neck;
    const core = reached(surface, start, isCore, Infinity);
    let all = 0;
    for (const value of away) if (value > neck) all += 1;
    if (all - core.length > core.length) return widened(surface, core, away, neck, most);
  }
  return null;
};

// A core with the rim that was taken off it.
const widened = ({ width, alpha }, core, away, neck, most) => {
  const isIn = new Set(core);
  let front = [...core];
  for (let step = 0; step <= neck + 1; step += 1) {
    const next = [];
    for (const index of front)
      for (const other of [index - 1, index + 1, index - width, index + width])
        if (alpha[other] > 0 && away[other] <= neck && !isIn.has(other)) {
          isIn.add(other);
          next.push(other);
        }
    front = next;
  }
  return isIn.size <= most ? Int32Array.from(isIn) : null;
};

// How far each solid pixel is from what isn't, by steps of 1 and 1.4.
const distances = ({ width, height, alpha }) => {
  const away = new Float32Array(width * height);
  const relax = (index, one, two, three, four) => {
    if (alpha[index] < SOLID) return;
    const straight = Math.min(away[one] ?? 0, away[two] ?? 0) + 1;
    away[index] = Math.min(away[index], straight, Math.min(away[three] ?? 0, away[four] ?? 0) + 1.4);
  };
  away.fill(1e6);
  for (let index = 0; index < away.length; index += 1) if (alpha[index] < SOLID) away[index] = 0;
  for (let index = 0; index < away.length; index += 1)
    relax(index, index - 1, index - width, index - width - 1, index - width + 1);
  for (let index = away.length - 1; index >= 0; index -= 1)
    relax(index, index + 1, index + width, index + width + 1, index + width - 1);
  return away;
};
