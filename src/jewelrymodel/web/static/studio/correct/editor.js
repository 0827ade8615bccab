// The page on which a seller corrects a cutout: what its buttons do, what it says, and what it sends.
import { openingsLike, partsLike } from "./alike.js";
import { wire } from "./buttons.js";
import { ENDING, refusal, snapped, TAPS } from "./effects.js";
import { History } from "./history.js";
import { Pointers } from "./input.js";
import { listen } from "./keys.js";
import { Panels } from "./panels.js";
import { send, watch } from "./server.js";
import { Drawing } from "./surface.js";
import { Hand } from "./tools.js";
import { spotsLike } from "./spots.js";
import { MODES, View } from "./view.js";

const MOST_ALIKE = 150; // openings, loose parts or spots that are offered at once

class Editor {
  constructor(root, drawing) {
    const { photo, fence } = root.dataset;
    this.root = root;
    this.drawing = drawing;
    this.isBusy = false;
    this.isLeaving = false;
    this.panels = new Panels(root);
    const stored = JSON.parse(document.getElementById("corrections").textContent);
    this.history = new History(photo, Number(fence), stored);
    this.canvas = root.querySelector("canvas");
    drawing.replay(stored, stored);
    this.view = new View(this.canvas, drawing.surface, drawing.original);
    this.hand = new Hand(this);
    this.pointers = new Pointers(this.canvas, this.view, this.hand);
    this.undo = this.undo.bind(this);
    this.redo = this.redo.bind(this);
    listen(root, this.canvas, this);
    wire(root, this);
    addEventListener("beforeunload", (event) => {
      if (!this.history.isSent && !this.isLeaving) event.preventDefault();
    });
    this.loadDoubts(root.dataset.doubts);
    this.said("hint_keep");
    this.find();
    this.update();
  }

  said(word, values) { this.panels.say(word, values); }

  take(tool) {
    this.hand.take(tool);
    this.canvas.dataset.mode = this.hand.mode;
    this.panels.showTool(tool, this.hand.hasSize);
  }

  setSize(size) {
    this.hand.size = size;
    const { clientWidth, clientHeight } = this.canvas;
    this.hand.aim(this.hand.keys ?? [clientWidth / 2, clientHeight / 2]);
  }

  resize(factor) {
    const { slider } = this.panels;
    slider.value = Math.round(this.hand.size * factor);
    this.setSize(Number(slider.value));
    this.said("size", { n: slider.value });
  }

  fit() {
    this.view.fit();
    this.said("zoom", { n: 100 });
  }

  zoom(factor) {
    this.view.zoomBy(factor, this.hand.keys ?? undefined);
    this.hand.aim(this.hand.keys);
    this.said("zoom", { n: this.view.percent });
  }

  nextMode() {
    this.view.mode = MODES[(MODES.indexOf(this.view.mode) + 1) % MODES.length];
    this.view.paint();
    this.said(this.view.mode);
  }

  hold(button, isHeld) {
    if (this.view.comparing === isHeld) return;
    this.view.comparing = isHeld;
    button.setAttribute("aria-pressed", String(isHeld));
    this.view.paint();
  }

  async loadDoubts(address) {
    this.doubts = null;
    if (address) {
      const image = new Image();
      image.src = address;
      await image.decode().then(() => { this.doubts = image; }, () => {});
    }
    this.panels.offerDoubts(Boolean(this.doubts));
    this.view.doubts = this.doubts;
    this.view.paint();
  }

  toggleDoubts() {
    this.view.doubts = this.view.doubts ? null : this.doubts;
    this.panels.showDoubts(Boolean(this.view.doubts));
    this.said(this.view.doubts ? "doubts" : "no_doubts");
    this.view.paint();
  }

  // What came of a stroke or a tap -----------------------------------------------------------------

  took(corrections, rect) {
    const started = performance.now();
    if (!corrections.every((one) => this.history.fits(one))) {
      this.drawing.revert();
      this.view.refresh(this.drawing.whole);
      this.said("full");
      return;
    }
    const { tool, points } = corrections[0];
    for (const one of corrections) {
      this.history.add(one);
      if (!ENDING.has(tool)) continue;
      this.view.refresh(this.drawing.forward(this.history.position, one).rect);
    }
    if (!ENDING.has(tool) && corrections.length === 1) this.drawing.seal(this.history.position, rect);
    this.settle(tool, started);
    if (tool === "clean") this.offer({ ...corrections[0], tool: "outline", points: points.slice(0, 1) });
  }

  tapped(wanted) {
    this.withdraw();
    const started = performance.now();
    const correction = snapped(this.drawing.surface, wanted);
    const refused = this.history.fits(correction) ? refusal(this.drawing.surface, correction) : "full";
    if (refused) {
      this.said(refused);
      return;
    }
    this.history.add(correction);
    const { rect, word, opened, removed, solid } = this.drawing.forward(this.history.position, correction);
    this.view.refresh(rect);
    this.settle(word, started);
    if (opened) this.seekAlike(correction, opened, openingsLike);
    if (removed) this.seekAlike(correction, removed, partsLike);
    if (solid) this.seekAlike(correction, solid, spotsLike);
  }

  // One tap more does it everywhere: offered until something else is done.

  // The tap itself shows first.
  seekAlike(correction, tapped, like) {
    const { list } = this.history;
    setTimeout(() => { if (this.history.list === list) this.offerAlike(correction, tapped, like); }, 30);
  }

  offerAlike(correction, tapped, like) {
    const { surface } = this.drawing;
    const found = like(surface, tapped, MOST_ALIKE);
    if (!found.length) return;
    const points = found.map(({ place }) => place.map((value) => Math.round(10 * value * surface.perPixel) / 10));
    this.offer({ ...correction, points }, found);
    this.said(`alike_${correction.tool}`);
  }

  offer(correction, alike = []) {
    if (!this.history.fits(correction)) return;
    this.offered = correction;
    this.view.showAlike(alike);
    this.panels.offer(correction.tool, alike.length);
  }

  accept() {
    const correction = this.offered;
    if (!correction || this.isBusy) return;
    const started = performance.now();
    this.history.add(correction);
    const { rect, word } = this.drawing.forward(this.history.position, correction);
    this.view.refresh(rect);
    this.settle(word, started);
    this.canvas.focus({ preventScroll: true });
  }

  withdraw() {
    if (!this.offered) return;
    this.offered = null;
    this.view.showAlike([]);
    this.panels.offer("");
  }

  settle(word, started) {
    this.said(word);
    this.update();
    this.view.draw();
    performance.measure("correction", { start: started });
  }

  undo() {
    if (!this.history.canUndo || this.isBusy) return;
    this.hand.cancel();
    const rect = this.drawing.back(this.history.position);
    this.history.undo();
    if (rect) this.view.refresh(rect);
    this.said(rect || this.replay() ? "undone" : "later");
    this.update();
  }

  redo() {
    if (!this.history.canRedo || this.isBusy) return;
    this.hand.cancel();
    const former = this.history.list;
    this.history.redo();
    const { list, position } = this.history;
    const isOneMore = list.length === former.length + 1 && list[former.length - 1] === former.at(-1);
    if (isOneMore) this.view.refresh(this.drawing.forward(position, list.at(-1)).rect);
    this.said(isOneMore || this.replay() ? "redone" : "later");
    this.update();
  }

  clear() {
    this.history.clear();
    this.said(this.replay() ? "cleared" : "later");
    this.update();
  }

  replay() {
    const isShown = this.drawing.replay(this.history.list, this.history.stored);
    this.view.refresh(this.drawing.whole);
    return isShown;
  }

  update() {
    this.withdraw();
    const { list, stored, isSent } = this.history;
    const shared = list.findIndex((one, n) => one !== stored[n] && JSON.stringify(one) !== JSON.stringify(stored[n]));
    const fresh = shared < 0 ? [] : list.slice(shared);
    this.view.marks = fresh.filter(({ tool }) => TAPS.has(tool)).flatMap(({ points }) => points);
    this.view.paint();
    this.panels.showState({
      canUndo: this.history.canUndo, canRedo: this.history.canRedo, canClear: list.length > 0,
      unsent: isSent ? 0 : this.history.unsent,
    });
  }

  // What an earlier page of this tab left ----------------------------------------------------------

  find() {
    const leftover = this.history.leftover();
    if (!leftover) return;
    if (leftover.fence === this.history.fence) {
      this.restore(leftover.list);
      return;
    }
    this.leftover = leftover;
    this.panels.ask("leftover", { n: leftover.list.length });
  }

  restore(list) {
    this.history.takeBack(list);
    this.said(this.replay() ? "restored" : "later");
    this.update();
  }

  useLeftover() {
    this.restore(this.leftover.list);
    this.closeQuestion();
  }

  closeQuestion() {
    this.panels.close();
    this.canvas.focus();
  }

  discardLeftover() {
    this.history.keep();
    this.closeQuestion();
  }

  leave() {
    this.isLeaving = true; // what isn't sent is kept for the page that comes
    location.reload();
  }

  // Sending ----------------------------------------------------------------------------------------

  async send() {
    if (this.isBusy || this.history.isSent) return;
    const { state, send: address } = this.root.dataset;
    const { list, fence } = this.history;
    this.isBusy = true;
    this.panels.showWork([]);
    try {
      await send(address, this.panels.token, list, fence);
      const end = await watch(state, (told) => this.panels.showWork(told ? told.steps : null));
      await this.takeResult(end, list);
    } catch (problem) {
      if (!problem.code) throw problem;
      this.panels.ask(problem.code, {}, problem.sentence);
    } finally {
      this.isBusy = false;
      this.panels.endWork();
    }
  }

  async takeResult(end, list) {
    this.history.wasSent(list, end.fence);
    if (!end.cutout) {
      this.panels.ask("refused", {}, end.sentence);
      this.update();
      return;
    }
    await this.drawing.take(end.cutout);
    if (end.matte && !this.drawing.surface.matte) this.drawing.loadMatte(end.matte);
    this.replay();
    this.loadDoubts(end.doubts);
    this.update();
    const told = end.refused ? ["still_refused", end.sentence] : ["updated", ...end.notes];
    this.panels.tell([this.panels.text(told[0]), ...told.slice(1)].join(" "));
    this.canvas.focus({ preventScroll: true });
  }
}

const root = document.querySelector("[data-editor]");
const { original, cutout, matte, width } = root.dataset;
Drawing.load({ original, cutout, matte }, Number(width)).then(
  (drawing) => {
    const editor = new Editor(root, drawing);
    root.dataset.ready = "yes";
    const isFree = !document.activeElement || document.activeElement === document.body;
    if (isFree && matchMedia("(hover: hover)").matches) editor.canvas.focus({ preventScroll: true });
  },
  () => {
    new Panels(root).ask("no_picture");
    root.querySelector("[data-do=reload]").addEventListener("click", () => location.reload());
  },
);
