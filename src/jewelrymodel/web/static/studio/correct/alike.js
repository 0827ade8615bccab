// What is like what a seller pointed at: openings like one that was opened, loose parts like one that
// was removed, and what a clean edge leaves out, where the cutout shows the background. Guesses at the
// size of the view; the server decides on the full photo.
import { emptyRect, FAINT, grow, reached, rimOf } from "./raster.js";

const CELL = 24; // pixels of the view: so large is a place whose background has one color
const APART = 3; // pixels from the cutout: the background, not the piece's soft edge
const LIKE = [14, 30]; // how far two colors of one background may be apart, by how far the wall is
const SHADE = 1.3; // of the opened one's distance from its background
const LEAST_SHADE = 45; // so much darker or lighter an opening may be than its background anyway
const HAZE = 32; // and where the cutout is half transparent
const PLAIN = 16; // and where it is solid
const SOLID = 230;
const [LEAST, MOST] = [0.35, 6]; // of the opened one's area
const ROUND = 0.5; // of its area by its rim: highlights along a wire are thinner
const LEAST_AREA = 9;
const LARGER = 6; // times the removed one's area: a tick of a ruler, then a digit
const CRUMB = 0.003; // of all that is there: smaller ones are always like it
const LARGEST = 0.04; // of all that is there: what is larger may be a part of the piece
const LEAST_PART = 3;
const RIM = 6; // pixels from the outline: so wide is the edge that a whole outline has

const apart2 = (one, at, other, from) =>
  (one[at] - other[from]) ** 2 + (one[at + 1] - other[from + 1]) ** 2
  + (one[at + 2] - other[from + 2]) ** 2;

// The background's mean color in each cell, those without any filled from their neighbors:
// { columns, colors }.
const backgroundOf = ({ width, height, alpha, photo }) => {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const sums = new Float64Array(4 * columns * rows);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const index = y * width + x;
      if (alpha[index] >= FAINT || alpha[index - APART] >= FAINT || alpha[index + APART] >= FAINT
        || alpha[index - APART * width] >= FAINT || alpha[index + APART * width] >= FAINT) continue;
      const cell = 4 * (Math.floor(y / CELL) * columns + Math.floor(x / CELL));
      for (let c = 0; c < 3; c += 1) sums[cell + c] += photo[4 * index + c];
      sums[cell + 3] += 1;
    }
  }
  spread(sums, columns, rows);
  const colors = new Float32Array(3 * columns * rows);
  for (let n = 0; n < columns * rows; n += 1)
    for (let c = 0; c < 3; c += 1) colors[3 * n + c] = sums[4 * n + c] / (sums[4 * n + 3] || 1);
  return { columns, colors };
};

const spread = (sums, columns, rows) => {
  for (let round = 0; round < columns + rows; round += 1) {
    const former = sums.slice();
    let isWhole = true;
    for (let n = 0; n < columns * rows; n += 1) {
      if (former[4 * n + 3]) continue;
      isWhole = false;
      const x = n % columns;
      const beside = [x > 0 && n - 1, x < columns - 1 && n + 1, n - columns, n + columns];
      for (const other of beside)
        if (other !== false && former[4 * other + 3])
          for (let c = 0; c < 4; c += 1) sums[4 * n + c] += former[4 * other + c];
    }
    if (isWhole) return;
  }
};

const meanOf = (photo, indices) => {
  const mean = [0, 0, 0];
  for (const index of indices)
    for (let c = 0; c < 3; c += 1) mean[c] += photo[4 * index + c] / indices.length;
  return mean;
};

// How far the color of what is round an opening is from its own: the median, a few pixels away.
const wallOf = ({ width, photo }, opened, mean) => {
  const isIn = new Set(opened);
  const apart = [];
  for (const index of opened)
    for (const other of [index - APART, index + APART, index - APART * width, index + APART * width])
      if (!isIn.has(other)) apart.push(Math.sqrt(apart2(photo, 4 * other, mean, 0)));
  return apart.sort((one, other) => one - other)[Math.floor(apart.length / 2)] ?? 0;
};

// The openings like one that was opened (its pixels' indices), at most so many: each
// { indices, place: [x, y] in its middle, radius }. The piece encloses each of them.
export const openingsLike = (surface, opened, most) => {
  const { width, height, alpha, photo } = surface;
  const background = backgroundOf(surface);
  const mean = meanOf(photo, opened);
  const visited = new Uint8Array(width * height);
  const outside = outsideOf(surface);
  const like2 = Math.min(LIKE[1], Math.max(LIKE[0], wallOf(surface, opened, mean) / 2)) ** 2;
  const cellOf = (index) => 3 * (Math.floor(Math.floor(index / width) / CELL) * background.columns
    + Math.floor((index % width) / CELL));
  // In shade as the opened one is, but not farther from its own background.
  const own2 = apart2(mean, 0, background.colors, cellOf(opened[0]));
  const most2 = Math.max(LEAST_SHADE ** 2, SHADE ** 2 * own2);
  const shows = (index) => {
    if (alpha[index] < FAINT) return false;
    const ground2 = apart2(photo, 4 * index, background.colors, cellOf(index));
    return ground2 < like2 || (ground2 < most2 && apart2(photo, 4 * index, mean, 0) < like2);
  };
  const shape = opened.length / rimOf(opened, width);
  const found = [];
  for (let start = 0; start < alpha.length && found.length < most; start += 1) {
    if (visited[start] || !shows(start)) continue;
    const region = flood(surface, start, shows, visited, outside);
    if (region && fits(region, width, opened.length, shape)) found.push(described(region, width));
  }
  return found;
};

// The loose parts like one that was removed (its pixels' indices), at most so many, as openings are
// described: small ones that hang together with nothing else.
export const partsLike = (surface, removed, most) => {
  const parts = partsOf(surface);
  const all = parts.reduce((sum, { length }) => sum + length, 0);
  const largest = Math.min(LARGEST * all, Math.max(LARGER * removed.length, CRUMB * all));
  return parts.filter(({ length }) => length >= LEAST_PART && length <= largest)
    .slice(0, most).map((part) => described(part, surface.width));
};

// All that is there, by what hangs together, also by a corner.
const partsOf = ({ width, height, alpha }) => {
  const visited = new Uint8Array(alpha.length);
  const parts = [];
  for (let start = 0; start < alpha.length; start += 1) {
    if (visited[start] || alpha[start] < FAINT) continue;
    const part = [start];
    visited[start] = 1;
    for (let next = 0; next < part.length; next += 1) {
      const [x, y] = [part[next] % width, Math.floor(part[next] / width)];
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
          const index = row * width + column;
          if (visited[index] || alpha[index] < FAINT) continue;
          visited[index] = 1;
          part.push(index);
        }
      }
    }
    parts.push(part);
  }
  return parts;
};

// What has less than this alpha and hangs together with the frame.
export const outsideOf = (surface, most = FAINT) => {
  const { width, height, alpha } = surface;
  const outside = new Uint8Array(width * height);
  const free = (index) => alpha[index] < most && !outside[index];
  const mark = (index) => {
    if (free(index)) reached(surface, index, free, Infinity).forEach((one) => { outside[one] = 1; });
  };
  for (let x = 0; x < width; x += 1) [x, (height - 1) * width + x].forEach(mark);
  for (let y = 0; y < height; y += 1) [y * width, (y + 1) * width - 1].forEach(mark);
  return outside;
};

// The region round a start, marked as visited; null where it reaches what is outside.
export const flood = ({ width, height }, start, shows, visited, outside) => {
  const indices = [start];
  visited[start] = 1;
  let isEnclosed = true;
  for (let next = 0; next < indices.length; next += 1) {
    const index = indices[next];
    const x = index % width;
    for (const other of [x > 0 ? index - 1 : -1, x < width - 1 ? index + 1 : -1, index - width, index + width]) {
      if (other < 0 || other >= width * height || outside[other]) isEnclosed = false;
      else if (!visited[other] && shows(other)) {
        visited[other] = 1;
        indices.push(other);
      }
    }
  }
  return isEnclosed ? indices : null;
};

const fits = (region, width, area, shape) => {
  if (region.length < Math.max(LEAST_AREA, LEAST * area) || region.length > MOST * area) return false;
  return region.length / rimOf(region, width) >= ROUND * shape;
};

// A place that is in the region for sure: its pixel nearest to the middle.
export const described = (indices, width) => {
  let [sx, sy] = [0, 0];
  for (const index of indices) {
    sx += (index % width) / indices.length;
    sy += Math.floor(index / width) / indices.length;
  }
  const away = (index) => Math.hypot((index % width) - sx, Math.floor(index / width) - sy);
  const middle = indices.reduce((best, index) => (away(index) < away(best) ? index : best));
  const place = [(middle % width) + 0.5, Math.floor(middle / width) + 0.5];
  return { indices, place, radius: Math.max(...indices.map(away)) + 1 };
};

// Takes away what shows the background among the marked pixels; returns the rectangle that changed.
export const cleanMarked = (surface, marked) => {
  const { width, alpha, photo } = surface;
  const background = backgroundOf(surface);
  const rect = emptyRect();
  const before = alpha.slice();
  for (let index = 0; index < alpha.length; index += 1) {
    if (!marked[index] || !before[index]) continue;
    const [x, y] = [index % width, Math.floor(index / width)];
    const cell = Math.floor(y / CELL) * background.columns + Math.floor(x / CELL);
    const span = before[index] < SOLID ? HAZE : PLAIN;
    if (apart2(photo, 4 * index, background.colors, 3 * cell) >= span ** 2) continue;
    alpha[index] = 0;
    grow(rect, x, y, x + 1, y + 1);
  }
  return rect;
};

// The pixels along the whole outline.
export const outlineOf = ({ width, height, alpha }) => {
  const marked = new Uint8Array(width * height);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const index = y * width + x;
      const isRim = alpha[index] < FAINT && (alpha[index - 1] >= FAINT || alpha[index + 1] >= FAINT
        || alpha[index - width] >= FAINT || alpha[index + width] >= FAINT);
      if (!isRim) continue;
      for (let row = Math.max(0, y - RIM); row <= Math.min(height - 1, y + RIM); row += 1)
        marked.fill(1, row * width + Math.max(0, x - RIM), row * width + Math.min(width, x + RIM + 1));
    }
  }
  return marked;
};
