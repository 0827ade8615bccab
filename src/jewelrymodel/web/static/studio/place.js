// Placing the piece by hand in a look: what is set here is what is rendered.
"use strict";

import {
  USUAL, aspectTitle, chosenAspects, drawn, form, isUsual, place, placementOf,
} from "./composition.js";
import { forget, shown } from "./tiles.js";

const PAUSE_MS = 250;
const dialog = document.getElementById("place");
const part = (name) => dialog.querySelector(`[data-place=${name}]`);
const stage = dialog?.querySelector(".place__stage");
const picture = dialog?.querySelector(".place__picture");
const piece = dialog?.querySelector(".place__piece");
const problem = dialog?.querySelector("#place-problem");
const STEPS = { right: 0.01, down: 0.01, turn_deg: 1, size: 0.02 };
const SHOWN_AS = { right: 100, down: 100, turn_deg: 1, size: 100 };
const number = (value, digits = 1) =>
  value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

let tile = null;
let aspect = "";
let wanted = { ...USUAL };
let rendered = null; // { placement, matrix, middle } of the picture that is shown
let blob = null;
let asked = new AbortController();
let timer = 0;

const boundsOf = () => {
  const [shift, turn, least, most] = tile.dataset.bounds.split(" ").map(Number);
  return { right: [-shift, shift], down: [-shift, shift], turn_deg: [-turn, turn],
    size: [least, most] };
};

const within = (placement) => Object.fromEntries(Object.entries(boundsOf()).map(
  ([name, [low, high]]) => [name, Math.min(high, Math.max(low, placement[name]))]));

// The cutout over the picture, moved as it will be: by the difference to what was rendered last.
const overlay = () => {
  if (!rendered) return;
  const { width, height } = stage.getBoundingClientRect();
  const [a, b, c, d, e, f] = rendered.matrix;
  const [u, v] = rendered.middle;
  const at = [(a * u + b * v + c) * width, (d * u + e * v + f) * height];
  const shorter = Math.min(width, height);
  const angle = ((wanted.turn_deg - rendered.placement.turn_deg) * Math.PI) / 180;
  const grown = wanted.size / rendered.placement.size;
  const matrix = new DOMMatrix()
    .translate((wanted.right - rendered.placement.right) * shorter,
      (wanted.down - rendered.placement.down) * shorter)
    .translate(...at).rotate((angle * 180) / Math.PI).scale(grown).translate(-at[0], -at[1])
    .multiply(new DOMMatrix([a, (d * height) / width, (b * width) / height, e, c * width,
      f * height]));
  piece.style.transform = matrix.toString();
  piece.hidden = false;
  stage.classList.add("is-moving");
};

const tell = (widthMm) => {
  for (const name of Object.keys(USUAL)) {
    part(name).value = Number((wanted[name] * SHOWN_AS[name]).toFixed(1));
  }
  const sizeMm = Number(form.dataset.sizeMm);
  const deviation = part("deviation");
  deviation.hidden = tile.dataset.kind !== "model" || wanted.size === 1;
  deviation.textContent = words(dialog.dataset.deviation, {
    shown: number(sizeMm * wanted.size), size: number(sizeMm),
  });
  if (widthMm) {
    dialog.querySelector("#place-readout").textContent = words(dialog.dataset.readout, {
      width: number(widthMm, 0), size: number(sizeMm * (deviation.hidden ? 1 : wanted.size)),
    });
  }
};

const refuse = (sentence) => {
  problem.textContent = sentence;
  problem.hidden = !sentence;
  part("keep").disabled = Boolean(sentence);
};

const draw = async () => {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const placement = { ...wanted };
  stage.classList.add("is-waiting");
  try {
    const response = await drawn(tile, aspect, placement, signal);
    const content = await response.blob();
    if (signal.aborted) return;
    const places = JSON.parse(response.headers.get("X-Place"));
    rendered = { placement, matrix: places.slice(0, 6), middle: places.slice(6) };
    blob = content;
    picture.src = URL.createObjectURL(content);
    await picture.decode().catch(() => {});
    piece.hidden = true;
    stage.classList.remove("is-moving");
    refuse("");
    tell(Number(response.headers.get("X-Width-Mm")));
  } catch (failure) {
    if (signal.aborted) return;
    refuse(failure.sentence || form.querySelector(".looks__status").dataset.failed);
  } finally {
    if (!signal.aborted) stage.classList.remove("is-waiting");
  }
};

const set = (changes, pause = PAUSE_MS) => {
  wanted = within({ ...wanted, ...changes });
  overlay();
  tell();
  clearTimeout(timer);
  timer = setTimeout(draw, pause);
};

const step = (name, times) => set({ [name]: wanted[name] + times * STEPS[name] });

const openAspect = (chosen) => {
  aspect = chosen;
  wanted = within(placementOf(tile.dataset.look, aspect));
  rendered = null;
  blob = null;
  piece.hidden = true;
  picture.removeAttribute("src");
  const [wide, high] = aspect.split(":").map(Number);
  stage.style.setProperty("--wide", wide);
  stage.style.setProperty("--high", high);
  refuse("");
  tell();
  draw();
};

const open = (chosen) => {
  tile = chosen;
  dialog.querySelector("#place-title").textContent = tile.dataset.title;
  const aspects = chosenAspects().filter((one) => tile.dataset.aspects.split(" ").includes(one));
  const select = part("aspect");
  select.replaceChildren(...aspects.map((one) => new Option(aspectTitle(one), one)));
  select.closest("label").hidden = aspects.length < 2;
  dialog.showModal();
  openAspect(aspects[0] ?? tile.dataset.aspects.split(" ")[0]);
};

const KEYS = {
  ArrowLeft: () => step("right", -1), ArrowRight: () => step("right", 1),
  ArrowUp: () => step("down", -1), ArrowDown: () => step("down", 1),
  "+": () => step("size", 1), "=": () => step("size", 1), "-": () => step("size", -1),
  "[": () => step("turn_deg", -1), "]": () => step("turn_deg", 1),
};

// One finger drags; two turn and resize as well.
const fingers = new Map();
const spread = () => {
  const [one, two] = [...fingers.values()];
  return { far: Math.hypot(two.x - one.x, two.y - one.y),
    angle: (Math.atan2(two.y - one.y, two.x - one.x) * 180) / Math.PI };
};

const move = (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const { width, height } = stage.getBoundingClientRect();
  const share = 1 / (Math.min(width, height) * fingers.size);
  const was = fingers.size === 2 ? spread() : null;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const changes = { right: wanted.right + (event.clientX - before.x) * share,
    down: wanted.down + (event.clientY - before.y) * share };
  if (was) {
    const is = spread();
    const turned = ((is.angle - was.angle + 540) % 360) - 180;
    Object.assign(changes, { size: (wanted.size * is.far) / Math.max(was.far, 1),
      turn_deg: wanted.turn_deg + turned });
  }
  set(changes);
};

const keep = () => {
  place(tile.dataset.look, aspect, wanted);
  const isDrawn = blob && Object.keys(USUAL).every((name) =>
    rendered.placement[name] === wanted[name]);
  if (isDrawn) shown(tile, aspect, URL.createObjectURL(blob));
  else forget(tile, aspect);
  const box = tile.querySelector("input[name=look]");
  if (!isUsual(wanted)) box.checked = true;
  form.dispatchEvent(new CustomEvent("counted"));
  dialog.close();
};

const listen = () => {
  form.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener) return;
    event.preventDefault();
    open(opener.closest("[data-look]"));
  });
  stage.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    stage.focus();
    if (fingers.size === 2) return;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  stage.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel"])
    stage.addEventListener(type, ({ pointerId }) => fingers.delete(pointerId));
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    step(event.shiftKey ? "turn_deg" : "size", Math.sign(event.deltaX || event.deltaY) * -1);
  }, { passive: false });
  stage.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  for (const name of Object.keys(USUAL)) {
    part(name).addEventListener("change", ({ target }) => {
      if (Number.isFinite(target.valueAsNumber)) {
        set({ [name]: target.valueAsNumber / SHOWN_AS[name] }, 0);
      }
    });
  }
  part("aspect").addEventListener("change", ({ target }) => openAspect(target.value));
  part("reset").addEventListener("click", () => set({ ...USUAL }, 0));
  part("keep").addEventListener("click", keep);
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    asked.abort();
    clearTimeout(timer);
    fingers.clear();
  });
};

if (form && dialog) listen();
