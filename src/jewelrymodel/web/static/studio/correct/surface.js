// The cutout at the view's size, kept in step with the list of corrections.
import { apply } from "./effects.js";
import { emptyRect } from "./raster.js";

const pictureAt = async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
};

const pixelsOf = (image, width, height) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
};

const channel = (data, offset) => {
  const values = new Uint8ClampedArray(data.length / 4);
  for (let n = 0; n < values.length; n += 1) values[n] = data[4 * n + offset];
  return values;
};

export class Drawing {
  // `addresses` are those of the photo, its cutout and the network's answer ("" where there is
  // none); `widthPx` is the photo's own.
  static async load({ original, cutout, matte }, widthPx) {
    const drawing = new Drawing();
    drawing.original = await pictureAt(original);
    const { naturalWidth: width, naturalHeight: height } = drawing.original;
    drawing.surface = { width, height, perPixel: widthPx / width, matte: null };
    drawing.photo = pixelsOf(drawing.original, width, height);
    await drawing.take(cutout);
    if (matte) drawing.loadMatte(matte);
    return drawing;
  }

  // Takes the server's cutout for what the corrections so far come to.
  async take(address) {
    const { width, height } = this.surface;
    const data = pixelsOf(await pictureAt(address), width, height);
    this.cutout = channel(data, 3);
    this.colors = new Uint8ClampedArray(this.photo);
    for (let n = 0; n < this.cutout.length; n += 1) {
      if (this.cutout[n] < 16) continue;
      for (let c = 0; c < 3; c += 1) this.colors[4 * n + c] = data[4 * n + c];
    }
    this.patches = [];
  }

  // The network's own answer helps a tap and shows the cutout without corrections; nobody waits.
  async loadMatte(address) {
    try {
      const { width, height } = this.surface;
      this.surface.matte = channel(pixelsOf(await pictureAt(address), width, height), 0);
    } catch { /* then a tap goes by the photo's colors alone */ }
  }

  // Draws the list anew. Returns whether it can be shown: what the server has worked in can be taken
  // out again only where the network's answer is here.
  replay(list, stored) {
    const keepsStored = stored.every((one, n) => JSON.stringify(one) === JSON.stringify(list[n]));
    const base = keepsStored ? this.cutout : this.surface.matte;
    this.surface.alpha = (base ?? this.cutout).slice();
    this.surface.photo = this.photo;
    this.surface.pixels = (keepsStored ? this.colors : this.photo).slice();
    this.patches = [];
    if (!base) return false;
    for (const one of list.slice(keepsStored ? stored.length : 0)) apply(this.surface, one);
    return true;
  }

  get whole() { return { x0: 0, y0: 0, x1: this.surface.width, y1: this.surface.height }; }

  // Remembers how it is now; `seal` makes of it the way back from the state at a position.
  begin() { this.former = { alpha: this.surface.alpha.slice(), pixels: this.surface.pixels.slice() }; }

  revert() {
    this.surface.alpha.set(this.former.alpha);
    this.surface.pixels.set(this.former.pixels);
  }

  seal(position, rect) {
    this.patches.length = Math.max(this.patches.length, position);
    this.patches[position] = { rect, ...this.cropped(this.former, rect) };
    this.former = null;
  }

  cropped({ alpha, pixels }, { x0, y0, x1, y1 }) {
    const { width } = this.surface;
    const rows = [];
    for (let y = y0; y < y1; y += 1) {
      const [from, to] = [y * width + x0, y * width + x1];
      rows.push([from, alpha.slice(from, to), pixels.slice(4 * from, 4 * to)]);
    }
    return { rows };
  }

  // Does one correction more, at a position of the history. Returns { rect, word }.
  forward(position, correction) {
    this.begin();
    const done = apply(this.surface, correction);
    this.seal(position, done.rect);
    return done;
  }

  // Goes back from a position; returns what changed, or null where the way isn't remembered.
  back(position) {
    const patch = this.patches[position];
    if (!patch) return null;
    for (const [from, alpha, pixels] of patch.rows) {
      this.surface.alpha.set(alpha, from);
      this.surface.pixels.set(pixels, 4 * from);
    }
    this.patches.length = position;
    return patch.rows.length ? patch.rect : emptyRect();
  }
}
