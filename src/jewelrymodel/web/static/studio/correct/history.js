// The list of corrections with every state that it had: undone, done again, and kept for this tab
// until it is sent.

const MOST = 200; // corrections, as the server takes them
const MOST_POINTS = 20_000;
const MOST_TAPS = 300;
const TAPS_WORTH = { opening: 1, add: 1, drop: 1, outline: 50 };

const key = (photo) => `cutout-corrections:${photo}`;

export class History {
  // `stored` is what the server has: its states are the list grown one by one, so that each of them
  // can be undone by itself.
  constructor(photo, fence, stored) {
    this.photo = photo;
    this.fence = fence;
    this.restart(stored);
  }

  restart(list) {
    this.stored = list;
    this.states = prefixes(list);
    this.position = this.states.length - 1;
  }

  get list() { return this.states[this.position]; }
  get canUndo() { return this.position > 0; }
  get canRedo() { return this.position < this.states.length - 1; }
  get isSent() { return same(this.list, this.stored); }

  // How many corrections differ from what the server has.
  get unsent() {
    const shared = this.list.findIndex((one, n) => !same([one], [this.stored[n]]));
    const kept = shared < 0 ? Math.min(this.list.length, this.stored.length) : shared;
    return Math.max(this.list.length, this.stored.length) - kept;
  }

  fits(correction) {
    const points = this.list.reduce((sum, one) => sum + one.points.length, correction.points.length);
    const worth = ({ tool, points: places }) => (TAPS_WORTH[tool] ?? 0) * places.length;
    const taps = this.list.reduce((sum, one) => sum + worth(one), worth(correction));
    return this.list.length < MOST && points <= MOST_POINTS && taps <= MOST_TAPS;
  }

  add(correction) { this.push([...this.list, correction]); }
  clear() { this.push([]); }

  push(list) {
    this.states.length = this.position + 1;
    this.states.push(list);
    this.position += 1;
    this.keep();
  }

  undo() { this.position -= 1; this.keep(); }
  redo() { this.position += 1; this.keep(); }

  // What was sent is the server's from now on; the way back to every earlier state stays.
  wasSent(list, fence) {
    this.stored = list;
    this.fence = fence;
    this.keep();
  }

  // What this tab holds and the server doesn't; a reload finds it again.
  keep() {
    try {
      if (this.isSent) sessionStorage.removeItem(key(this.photo));
      else {
        const kept = { fence: this.fence, list: this.list };
        sessionStorage.setItem(key(this.photo), JSON.stringify(kept));
      }
    } catch { /* a browser that keeps nothing: leaving still asks */ }
  }

  // What an earlier page of this tab left unsent, or null: { fence, list }.
  leftover() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key(this.photo)));
      return kept && Array.isArray(kept.list) && !same(kept.list, this.stored) ? kept : null;
    } catch {
      return null;
    }
  }

  takeBack(list) {
    this.states = prefixes(list);
    this.position = this.states.length - 1;
    this.keep();
  }
}

const prefixes = (list) => Array.from({ length: list.length + 1 }, (_, n) => list.slice(0, n));

const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

// The same stroke with fewer points: none of those left out is further than `slack` away.
export const simplified = (points, slack) => {
  if (points.length < 3) return points;
  const kept = new Uint8Array(points.length);
  kept[0] = kept[points.length - 1] = 1;
  const open = [[0, points.length - 1]];
  while (open.length) {
    const [first, last] = open.pop();
    const [[ax, ay], [bx, by]] = [points[first], points[last]];
    const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
    let [furthest, most] = [-1, slack];
    for (let n = first + 1; n < last; n += 1) {
      const [x, y] = points[n];
      const share = length2 ? ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2 : 0;
      const along = Math.min(1, Math.max(0, share));
      const off = Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
      if (off > most) [furthest, most] = [n, off];
    }
    if (furthest < 0) continue;
    kept[furthest] = 1;
    open.push([first, furthest], [furthest, last]);
  }
  return points.filter((_, n) => kept[n]);
};
