// Brushes and floods on typed arrays of one size: what a stroke does to an alpha channel, what a tap
// reaches. Nothing here knows of pages, pointers or canvases.

export const SOLID = 128; // at least this alpha: inside the cutout
export const FAINT = 26; // at least this alpha: something of the cutout
const WEAK = 10; // at least this alpha of the network's answer: it saw something here

const SEED_SPAN = 42; // how far a flood's color may drift from where it began
const STEP_SPAN = 15; // and between two neighbors: more is an edge in the photo

export const emptyRect = () => ({ x0: Infinity, y0: Infinity, x1: 0, y1: 0 });

export const grow = (rect, x0, y0, x1, y1) => {
  rect.x0 = Math.min(rect.x0, x0);
  rect.y0 = Math.min(rect.y0, y0);
  rect.x1 = Math.max(rect.x1, x1);
  rect.y1 = Math.max(rect.y1, y1);
  return rect;
};

// Calls touch(index, coverage 0..1) for every pixel under a round brush drawn from one point to
// another, and returns the rectangle that holds them.
export const drag = ({ width, height }, [ax, ay], [bx, by], radius, touch) => {
  const reach = radius + 1;
  const x0 = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const y0 = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const x1 = Math.min(width, Math.ceil(Math.max(ax, bx) + reach));
  const y1 = Math.min(height, Math.ceil(Math.max(ay, by) + reach));
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  for (let y = y0; y < y1; y += 1) {
    for (let x = x0; x < x1; x += 1) {
      const px = x + 0.5 - ax;
      const py = y + 0.5 - ay;
      const along = length2 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
      const coverage = radius + 0.5 - Math.hypot(px - along * dx, py - along * dy);
      if (coverage > 0) touch(y * width + x, Math.min(1, coverage));
    }
  }
  return { x0, y0, x1, y1 };
};

// The pixels that can be reached from a start without leaving `inside(index, from)`; eight
// neighbors or four. Returns their indices, or null once there are more than `most`.
export const reached = ({ width, height }, start, inside, most, eight = false) => {
  const visited = new Uint8Array(width * height);
  const found = new Int32Array(Math.ceil(Math.min(most, width * height)) + 9);
  let count = 0;
  const visit = (index, from) => {
    if (visited[index] || !inside(index, from)) return;
    visited[index] = 1;
    found[count] = index;
    count += 1;
  };
  visit(start, start);
  for (let next = 0; next < count; next += 1) {
    if (count > most - 8) return null;
    const index = found[next];
    const x = index % width;
    const [left, right] = [x > 0, x < width - 1];
    const [above, below] = [index >= width, index < width * (height - 1)];
    if (left) visit(index - 1, index);
    if (right) visit(index + 1, index);
    if (above) visit(index - width, index);
    if (below) visit(index + width, index);
    if (!eight) continue;
    if (left && above) visit(index - width - 1, index);
    if (right && above) visit(index - width + 1, index);
    if (left && below) visit(index + width - 1, index);
    if (right && below) visit(index + width + 1, index);
  }
  return found.subarray(0, count);
};

// The square of how far apart two pixels' colors are.
const apart2 = (pixels, one, other) => {
  const red = pixels[4 * one] - pixels[4 * other];
  const green = pixels[4 * one + 1] - pixels[4 * other + 1];
  const blue = pixels[4 * one + 2] - pixels[4 * other + 2];
  return red * red + green * green + blue * blue;
};

// The region of one color around a start, up to the photo's own edges.
export const sameColor = (surface, start, allowed, most) => {
  const { pixels } = surface;
  const inside = (index, from) =>
    allowed(index) && apart2(pixels, index, from) < STEP_SPAN ** 2
    && apart2(pixels, index, start) < SEED_SPAN ** 2;
  return reached(surface, start, inside, most);
};

const TOLERANCES = Array.from({ length: 16 }, (_, n) => 5 * 1.17 ** n);
const STEADY = 0.3; // of its rim: so much a steady region grows with the next tolerance
const LEAST_STEPS = 3;
const [LEAST_LEAKY, LEAK] = [12, 4];

// The region of one color around a start that stays the same over the widest range of tolerances, as
// the server looks for it, else the one before it suddenly leaks out; null where nothing bounds it.
export const steadyRegion = (surface, start, allowed, most) => {
  const { pixels, width } = surface;
  const regions = [];
  for (const span of TOLERANCES) {
    const inside = (index) => allowed(index) && apart2(pixels, index, start) < span ** 2;
    const former = regions.at(-1)?.length ?? 0;
    const bound = former > LEAST_LEAKY ? Math.min(most, LEAK * former + 9) : most;
    const region = reached(surface, start, inside, bound);
    regions.push(region ?? { length: Infinity });
    if (!region) break;
  }
  let [best, longest, length] = [-1, LEAST_STEPS - 1, 0];
  for (let n = 0; n < regions.length - 1; n += 1) {
    if (regions[n + 1].length === Infinity) break;
    const steady = STEADY * rimOf(regions[n], width) + 2;
    length = regions[n].length > 8 && regions[n + 1].length - regions[n].length <= steady ? length + 1 : 0;
    if (length > longest) [best, longest] = [n + 1, length];
  }
  return best < 0 ? beforeLeak(regions) : regions[best];
};

const beforeLeak = (regions) => {
  const leak = regions.findIndex((one, n) => n > 0 && regions[n - 1].length > LEAST_LEAKY
    && one.length > LEAK * regions[n - 1].length);
  return leak > 1 ? regions[leak - 2] : null;
};

// How much of a region is rim: its pixels with a neighbor outside.
export const rimOf = (indices, width) => {
  const own = new Set(indices);
  let count = 0;
  for (const index of indices)
    if (!own.has(index - 1) || !own.has(index + 1) || !own.has(index - width) || !own.has(index + width))
      count += 1;
  return count;
};

// The part of the cutout, or of what the network saw there, that holds a start.
export const part = (surface, start) =>
  reached(surface, start, (index) => surface.alpha[index] >= FAINT, Infinity, true);

export const glimpse = (surface, start) =>
  surface.matte && reached(surface, start,
    (index) => surface.matte[index] >= WEAK && surface.alpha[index] < SOLID, Infinity, true);

// The pixel nearest to a place for which `fits` holds, within a few pixels; -1 where there is none.
export const nearest = ({ width, height }, [px, py], within, fits) => {
  let best = -1;
  let least = within * within;
  for (let y = Math.max(0, Math.floor(py - within)); y < Math.min(height, py + within); y += 1) {
    for (let x = Math.max(0, Math.floor(px - within)); x < Math.min(width, px + within); x += 1) {
      const distance = (x + 0.5 - px) ** 2 + (y + 0.5 - py) ** 2;
      if (distance < least && fits(y * width + x)) [best, least] = [y * width + x, distance];
    }
  }
  return best;
};

const SMOOTHINGS = 16; // at most: a large stroke gets fewer, for it has to show at once
const SMOOTHED = 150_000;

// Fills the marked pixels from their rim inwards, each with the mean of the neighbors known so far,
// and then evens out what came from different sides.
export const fillFromRim = (surface, marked, rect) => {
  const { width, pixels } = surface;
  const open = openPixels(surface, marked, rect);
  const filled = new Int32Array(open.length);
  const colors = new Float32Array(3 * open.length);
  const steps = [-1, 1, -width, width];
  let done = 0;
  for (let left = open.length; left > 0;) {
    let ready = done;
    let next = 0;
    for (let n = 0; n < left; n += 1) {
      const index = open[n];
      let [red, green, blue, known] = [0, 0, 0, 0];
      for (let s = 0; s < 4; s += 1) {
        const other = index + steps[s];
        if (marked[other]) continue;
        red += pixels[4 * other];
        green += pixels[4 * other + 1];
        blue += pixels[4 * other + 2];
        known += 1;
      }
      if (!known) {
        open[next] = index;
        next += 1;
        continue;
      }
      colors.set([red / known, green / known, blue / known], 3 * ready);
      filled[ready] = index;
      ready += 1;
    }
    if (ready === done) break;
    for (; done < ready; done += 1) {
      for (let c = 0; c < 3; c += 1) pixels[4 * filled[done] + c] = colors[3 * done + c];
      marked[filled[done]] = 0;
    }
    left = next;
  }
  even(surface, filled.subarray(0, done));
};

// The marked pixels but for those at the photo's own rim, which have a neighbor too few.
const openPixels = ({ width, height }, marked, rect) => {
  const open = [];
  for (let y = Math.max(1, rect.y0); y < Math.min(height - 1, rect.y1); y += 1)
    for (let x = Math.max(1, rect.x0); x < Math.min(width - 1, rect.x1); x += 1)
      if (marked[y * width + x]) open.push(y * width + x);
  return Int32Array.from(open);
};

const even = ({ width, pixels }, indices) => {
  const rounds = Math.min(SMOOTHINGS, Math.floor(SMOOTHED / indices.length));
  const down = 4 * width;
  for (let round = 0; round < rounds; round += 1) {
    for (let n = 0; n < indices.length; n += 1) {
      for (let at = 4 * indices[n]; at < 4 * indices[n] + 3; at += 1)
        pixels[at] = (pixels[at - 4] + pixels[at + 4] + pixels[at - down] + pixels[at + down]) / 4;
    }
  }
};
