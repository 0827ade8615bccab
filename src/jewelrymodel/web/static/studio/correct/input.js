// Fingers, mouse and pen on the canvas: one paints or taps, two move and zoom. The wheel zooms; the
// middle button, the space bar or the Move tool pans.

const STILL = 8; // CSS pixels that a tap may move

export class Pointers {
  // `hand` is told { down(point, shift), move(points), up(), cancel(), tap(point), hover(point) }
  // and asked { mode }: "brush", "tap" or "move".
  constructor(canvas, view, hand) {
    Object.assign(this, { canvas, view, hand });
    this.places = new Map(); // pointer id to [x, y]
    this.act = ""; // "brush", "tap", "pan", "pinch" or nothing
    this.isSpaceHeld = false;
    const on = (type, act) => canvas.addEventListener(type, act.bind(this));
    on("pointerdown", this.down);
    on("pointermove", this.move);
    on("pointerup", this.up);
    on("pointercancel", this.cancel);
    on("pointerleave", () => hand.hover(null));
    canvas.addEventListener("wheel", this.wheel.bind(this), { passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.pointerType === "mouse" && event.button > 1) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch { /* gone already: its up still comes */ }
    const place = this.place(event);
    this.places.set(event.pointerId, place);
    if (this.places.size === 2) this.pinch();
    if (this.places.size > 1) return;
    this.start = place;
    const pans = event.button === 1 || this.isSpaceHeld || this.hand.mode === "move";
    this.act = pans ? "pan" : this.hand.mode;
    this.didPan = pans && this.isSpaceHeld;
    if (this.act === "brush") this.hand.down(place, event.shiftKey);
  }

  pinch() {
    if (this.act === "brush") this.hand.cancel();
    this.act = "pinch";
    this.span = this.spread();
  }

  // The middle of two fingers, and how far they are apart.
  spread() {
    const [[ax, ay], [bx, by]] = [...this.places.values()];
    return { middle: [(ax + bx) / 2, (ay + by) / 2], apart: Math.hypot(ax - bx, ay - by) };
  }

  move(event) {
    const place = this.place(event);
    if (!this.places.has(event.pointerId)) {
      if (event.pointerType !== "touch") this.hand.hover(place);
      return;
    }
    const former = this.places.get(event.pointerId);
    this.places.set(event.pointerId, place);
    if (this.act === "pinch" && this.places.size === 2) {
      const span = this.spread();
      const [x, y] = span.middle;
      this.view.panBy(x - this.span.middle[0], y - this.span.middle[1]);
      if (this.span.apart > 0) this.view.zoomBy(span.apart / this.span.apart, span.middle);
      this.span = span;
    } else if (this.act === "brush") {
      const all = event.getCoalescedEvents?.() ?? [];
      this.hand.move((all.length ? all : [event]).map((one) => this.place(one)));
    } else if (this.act === "tap") {
      const [dx, dy] = [place[0] - this.start[0], place[1] - this.start[1]];
      if (Math.hypot(dx, dy) > STILL) this.act = "pan";
    }
    if (this.act === "pan") this.view.panBy(place[0] - former[0], place[1] - former[1]);
    if (event.pointerType !== "touch") this.hand.hover(place);
  }

  up(event) {
    const place = this.places.get(event.pointerId);
    if (!this.places.delete(event.pointerId)) return;
    if (this.act === "brush") this.hand.up();
    if (this.act === "tap") this.hand.tap(place);
    // After two fingers, the one that is left doesn't paint.
    this.act = this.places.size ? "left" : "";
  }

  cancel(event) {
    this.places.delete(event.pointerId);
    if (this.act === "brush") this.hand.cancel();
    this.act = this.places.size ? "left" : "";
  }

  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const delta = Math.max(-120, Math.min(120, event.deltaY * lines));
    this.view.zoomBy(Math.exp(-delta * (event.ctrlKey ? 0.01 : 0.003)), this.place(event));
    this.hand.hover(this.place(event));
  }
}
