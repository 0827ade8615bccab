// The tool in the seller's hand: turns what pointers and keys do on the canvas into corrections.
import { BRUSHES, ENDING, strokeOn, TAPS } from "./effects.js";
import { simplified } from "./history.js";
import { grow } from "./raster.js";

const [LEAST_RADIUS, MOST_RADIUS] = [1, 400]; // the photo's pixels, as the server takes them
const MOST_POINTS = 1_900; // of one stroke; a longer one is sent as several
const CUT_WIDTH = 0.9; // pixels of the view on either side of a cutting line
const TAP_REACH = 12; // CSS pixels that a tap may be off
const STEP = 8; // CSS pixels that an arrow key moves, five times as many with Shift

const rounded = (value) => Math.round(10 * value) / 10;

export class Hand {
  // `table` does what is made: { view, drawing, took(corrections, rect), tapped(correction),
  // said(word) }.
  constructor(table) {
    this.table = table;
    this.tool = "keep";
    this.size = 28;
    this.last = null; // where the last stroke ended: with Shift, the next one starts there
    this.stroke = null;
    this.keys = null; // the keyboard's cursor, CSS pixels
  }

  get mode() {
    if (this.table.isBusy) return "";
    if (TAPS.has(this.tool)) return "tap";
    return BRUSHES.has(this.tool) ? "brush" : "move";
  }

  get hasSize() { return BRUSHES.has(this.tool) && this.tool !== "cut"; }

  take(tool) {
    this.cancel();
    this.tool = tool;
    this.last = null;
    this.aim(this.keys);
  }

  radius() {
    const { view } = this.table;
    const width = this.tool === "cut"
      ? CUT_WIDTH * view.surface.perPixel
      : (this.hasSize ? this.size / 2 : TAP_REACH) * view.reach;
    return rounded(Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, width)));
  }

  photoPlace(place) { return this.table.view.toPhoto(place).map(rounded); }

  down(place, joins) {
    const { drawing, view } = this.table;
    const point = this.photoPlace(place);
    const points = joins && this.last ? [this.last, point] : [point];
    this.stroke = { tool: this.tool, radius: this.radius(), points };
    this.rect = null;
    drawing.begin();
    view.beginStroke();
    view.lineRadius = this.stroke.radius;
    this.draw(points[0], point);
  }

  move(places) {
    if (!this.stroke) return;
    const { points, radius } = this.stroke;
    const least = Math.max(0.7, 0.12 * radius);
    for (const place of places) {
      const point = this.photoPlace(place);
      const former = points[points.length - 1];
      if (Math.hypot(point[0] - former[0], point[1] - former[1]) < least) continue;
      points.push(point);
      this.draw(former, point);
    }
  }

  draw(from, to) {
    const { drawing, view } = this.table;
    if (ENDING.has(this.tool)) {
      view.line = this.stroke.points;
      view.paint();
      return;
    }
    const rect = strokeOn(drawing.surface, this.stroke, from, to);
    this.rect = this.rect ? grow(this.rect, rect.x0, rect.y0, rect.x1, rect.y1) : { ...rect };
    view.refresh(rect);
  }

  up() {
    if (!this.stroke) return;
    this.table.view.endStroke();
    const { stroke, rect } = this;
    const slack = Math.max(0.4 * this.table.view.surface.perPixel, 0.04 * stroke.radius);
    const points = simplified(stroke.points, slack);
    if (this.tool === "cut" && points.length < 2) {
      this.cancel();
      this.last = points[0];
      this.table.said("start");
      return;
    }
    this.stroke = null;
    this.table.view.line = [];
    this.last = points[points.length - 1];
    const corrections = [];
    for (let n = 0; n < points.length; n += MOST_POINTS)
      corrections.push({ ...stroke, points: points.slice(Math.max(0, n - 1), n + MOST_POINTS) });
    this.table.took(corrections, rect);
  }

  cancel() {
    if (!this.stroke) return;
    const { drawing, view } = this.table;
    this.stroke = null;
    view.endStroke();
    view.line = [];
    drawing.revert();
    view.refresh(this.rect ?? drawing.whole);
  }

  tap(place) {
    const point = this.photoPlace(place);
    this.table.tapped({ tool: this.tool, radius: this.radius(), points: [point] });
  }

  // Shows how wide the brush is where the mouse is, or the keyboard's cursor.
  hover(place) {
    if (place) this.keys = null;
    this.aim(this.keys ?? place);
  }

  aim(place) {
    const { view } = this.table;
    view.cursor = place && {
      x: place[0], y: place[1], radius: this.hasSize ? this.size / 2 : 0, isCross: Boolean(this.keys),
    };
    view.paint();
  }

  // Moves the keyboard's cursor, and the photo with it where it would leave the canvas.
  step(dx, dy, isFar) {
    const { canvas } = this.table.view;
    const far = isFar ? 5 * STEP : STEP;
    const [x, y] = this.keys ?? [canvas.clientWidth / 2, canvas.clientHeight / 2];
    const wanted = [x + far * dx, y + far * dy];
    const size = [canvas.clientWidth, canvas.clientHeight];
    this.keys = wanted.map((value, n) => Math.min(size[n] - 2 * STEP, Math.max(2 * STEP, value)));
    this.table.view.panBy(this.keys[0] - wanted[0], this.keys[1] - wanted[1]);
    this.aim(this.keys);
  }

  // Uses the tool at the keyboard's cursor; the first time, only shows it.
  press(joins) {
    if (!this.keys) {
      this.step(0, 0, false);
      return;
    }
    if (this.mode === "tap") this.tap(this.keys);
    if (this.mode !== "brush") return;
    const ends = this.tool === "cut" && this.last; // a line: begun by one press, ended by another
    this.down(this.keys, joins || ends);
    this.up();
    if (ends) this.last = null;
  }
}
