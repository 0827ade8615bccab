// What is on the canvas: the photo with the cutout in it, at any zoom. Positions are CSS pixels of
// the canvas on one side and the photo's pixels on the other.
import { SOLID } from "./raster.js";

export const MODES = ["photo", "checkered", "plain"];
const MARGIN = 12;
const MOST_ZOOM = 12; // screen pixels for one of the view
const DENSITY = 2; // more physical pixels than this cost time and show nothing
const DIM = [92, 98, 110]; // neither a dark nor a light background looks like it
const DIMMED = 0.8;
const OUTLINE = [255, 196, 64];
const CHECKER = 12;
const ALIKE = [0, 214, 255];
const LEAST_RING = 5; // CSS pixels

const layer = (width, height, alpha) => {
  const canvas = blank(width, height);
  canvas.getContext("2d", { alpha });
  return canvas;
};

const blank = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

export class View {
  constructor(canvas, surface, original) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.original = original;
    this.mode = "photo";
    this.comparing = false;
    this.isQuick = false;
    this.doubts = null;
    this.cursor = null; // { x, y, radius, isCross }, CSS pixels
    this.marks = []; // places in the photo's pixels
    this.alike = []; // openings that are offered: { indices, place, radius } of the view
    this.line = []; // a stroke that shows only when it ends
    this.use(surface);
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.checker = this.context.createPattern(checkered(), "repeat");
  }

  use(surface) {
    const { width, height } = surface;
    this.surface = surface;
    this.scene = layer(width, height, false);
    this.piece = layer(width, height, true);
    this.refresh({ x0: 0, y0: 0, x1: width, y1: height });
  }

  // Lets the layers follow the surface where it changed: the scene is the photo with all but the
  // piece dimmed, the piece is by itself.
  refresh({ x0, y0, x1, y1 }) {
    const { width, height, alpha, pixels, photo } = this.surface;
    const [left, top] = [Math.max(0, x0 - 1), Math.max(0, y0 - 1)];
    const [wide, high] = [Math.min(width, x1 + 1) - left, Math.min(height, y1 + 1) - top];
    if (wide <= 0 || high <= 0) return;
    const scene = new ImageData(wide, high);
    const piece = new ImageData(wide, high);
    for (let y = 0, to = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1, to += 4) {
        const index = (top + y) * width + left + x;
        const from = 4 * index;
        const value = alpha[index];
        const isOutline = value < SOLID && besidePiece(alpha, index, width);
        const cover = value / 255;
        const dim = isOutline ? 1 : DIMMED * (1 - cover);
        const color = isOutline ? OUTLINE : DIM;
        for (let c = 0; c < 3; c += 1) {
          const own = pixels[from + c];
          piece.data[to + c] = own;
          const seen = own * cover + photo[from + c] * (1 - cover);
          scene.data[to + c] = seen * (1 - dim) + color[c] * dim;
        }
        piece.data[to + 3] = value;
        scene.data[to + 3] = 255;
      }
    }
    this.scene.getContext("2d").putImageData(scene, left, top);
    this.piece.getContext("2d").putImageData(piece, left, top);
    this.paint();
  }

  // Outlines openings like the one that was opened; none for an empty list.
  showAlike(alike) {
    this.alike = alike;
    if (alike.length) {
      const { width, height } = this.surface;
      this.tint ??= layer(width, height, true);
      const image = new ImageData(width, height);
      for (const { indices } of alike)
        for (const index of indices) image.data.set([...ALIKE, 150], 4 * index);
      this.tint.getContext("2d").putImageData(image, 0, 0);
    }
    this.paint();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    const isFitted = this.zoom === undefined || this.zoom === this.fitZoom;
    this.density = Math.min(DENSITY, devicePixelRatio || 1);
    this.canvas.width = Math.round(clientWidth * this.density);
    this.canvas.height = Math.round(clientHeight * this.density);
    const { width, height } = this.surface;
    this.fitZoom = Math.min((clientWidth - 2 * MARGIN) / width, (clientHeight - 2 * MARGIN) / height);
    if (isFitted) this.fit();
    else this.hold();
    this.paint();
  }

  // While a stroke is drawn, nothing lies over the photo, and speed counts more than smoothness.
  beginStroke() {
    this.isQuick = true;
    this.canvas.parentElement.classList.add("is-drawing");
  }

  endStroke() {
    this.isQuick = false;
    this.canvas.parentElement.classList.remove("is-drawing");
  }

  fit() {
    this.zoom = this.fitZoom;
    this.left = (this.canvas.clientWidth - this.zoom * this.surface.width) / 2;
    this.top = (this.canvas.clientHeight - this.zoom * this.surface.height) / 2;
    this.paint();
  }

  // Zooms by a factor about a point of the canvas, its middle unless one is given.
  zoomBy(factor, at = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2]) {
    const zoom = Math.min(MOST_ZOOM, Math.max(this.fitZoom, this.zoom * factor));
    this.left = at[0] - ((at[0] - this.left) * zoom) / this.zoom;
    this.top = at[1] - ((at[1] - this.top) * zoom) / this.zoom;
    this.zoom = zoom;
    if (zoom === this.fitZoom) this.fit();
    else this.hold();
    this.paint();
  }

  panBy(dx, dy) {
    this.left += dx;
    this.top += dy;
    this.hold();
    this.paint();
  }

  // Some of the photo always stays on the canvas.
  hold() {
    const within = (at, size, room) => Math.min(room / 2, Math.max(room / 2 - size, at));
    this.left = within(this.left, this.zoom * this.surface.width, this.canvas.clientWidth);
    this.top = within(this.top, this.zoom * this.surface.height, this.canvas.clientHeight);
  }

  get percent() { return Math.round((100 * this.zoom) / this.fitZoom); }

  // How many of the photo's pixels a pixel of the screen is wide.
  get reach() { return this.surface.perPixel / this.zoom; }

  toPhoto([x, y]) {
    const { width, height, perPixel } = this.surface;
    const within = (value, most) => Math.min(most, Math.max(0, value));
    return [
      within(((x - this.left) / this.zoom) * perPixel, width * perPixel),
      within(((y - this.top) / this.zoom) * perPixel, height * perPixel),
    ];
  }

  toScreen([x, y]) {
    return [x / this.reach + this.left, y / this.reach + this.top];
  }

  paint() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  }

  draw() {
    const { context, density, zoom, surface } = this;
    if (!density) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
    const box = [this.left, this.top, zoom * surface.width, zoom * surface.height];
    context.imageSmoothingEnabled = zoom < 4;
    context.imageSmoothingQuality = this.isQuick ? "low" : "high"; // while a stroke is drawn
    this.drawPhoto(context, box);
    if (this.doubts && !this.comparing) context.drawImage(this.doubts, ...box);
    if (this.comparing) return;
    if (this.alike.length) this.drawAlike(context, box);
    this.drawLine(context);
    this.drawMarks(context);
    this.drawCursor(context);
  }

  drawPhoto(context, box) {
    if (this.comparing) {
      context.drawImage(this.original, ...box);
      return;
    }
    if (this.mode === "photo") {
      context.drawImage(this.scene, ...box);
      return;
    }
    context.fillStyle = this.mode === "plain" ? "#fff" : this.checker;
    context.fillRect(...box);
    context.drawImage(this.piece, ...box);
  }

  drawLine(context) {
    if (!this.line.length) return;
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = Math.max(2, 2 * this.lineRadius / this.reach);
    context.strokeStyle = "rgb(255 196 64 / 60%)";
    context.beginPath();
    for (const point of this.line) context.lineTo(...this.toScreen(point));
    if (this.line.length === 1) context.lineTo(...this.toScreen(this.line[0]));
    context.stroke();
  }

  drawAlike(context, box) {
    context.drawImage(this.tint, ...box);
    for (const { place: [x, y], radius } of this.alike)
      ring(context, this.left + this.zoom * x, this.top + this.zoom * y,
        Math.max(LEAST_RING, this.zoom * radius + 2), `rgb(${ALIKE})`);
  }

  drawMarks(context) {
    for (const place of this.marks) {
      const [x, y] = this.toScreen(place);
      ring(context, x, y, 5);
    }
  }

  drawCursor(context) {
    if (!this.cursor) return;
    const { x, y, radius, isCross } = this.cursor;
    if (radius) ring(context, x, y, Math.max(2, radius));
    if (!isCross) return;
    for (const [width, color] of [[4, "#12151a"], [2, "#ffc440"]]) {
      context.lineWidth = width;
      context.strokeStyle = color;
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + 4 * dx, y + 4 * dy);
        context.lineTo(x + 14 * dx, y + 14 * dy);
      }
      context.stroke();
    }
  }
}

const ring = (context, x, y, radius, inner = "#fff") => {
  for (const [width, color] of [[3, "#12151a"], [1.5, inner]]) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
};

const besidePiece = (alpha, index, width) =>
  alpha[index - 1] >= SOLID || alpha[index + 1] >= SOLID
  || alpha[index - width] >= SOLID || alpha[index + width] >= SOLID;

const checkered = () => {
  const tile = blank(2 * CHECKER, 2 * CHECKER);
  const context = tile.getContext("2d");
  context.fillStyle = "#f4f2ed";
  context.fillRect(0, 0, 2 * CHECKER, 2 * CHECKER);
  context.fillStyle = "#c9c4b8";
  context.fillRect(0, 0, CHECKER, CHECKER);
  context.fillRect(CHECKER, CHECKER, CHECKER, CHECKER);
  return tile;
};
