// The image over its photo: wipe between them, zoom both together. Without it they stand side by side.
"use strict";

const MOST = 8;
const STEP = 1.5;

const enliven = (figure) => {
  const stage = figure.querySelector(".viewer__stage");
  const result = figure.querySelector(".viewer__pane--result img");
  const slider = figure.querySelector("input[type=range]");
  const output = figure.querySelector("output");
  const view = { scale: 1, x: 0, y: 0 };
  const fingers = new Map();

  const show = () => {
    const { width, height } = stage.getBoundingClientRect();
    const room = (size) => ((view.scale - 1) * size) / 2;
    view.x = Math.min(room(width), Math.max(-room(width), view.x));
    view.y = Math.min(room(height), Math.max(-room(height), view.y));
    const { style } = figure;
    style.setProperty("--scale", view.scale);
    style.setProperty("--x", `${view.x}px`);
    style.setProperty("--y", `${view.y}px`);
    figure.classList.toggle("is-zoomed", view.scale > 1);
    const said = figure.dataset.zoomed.replace("{n}", Math.round(view.scale * 100));
    if (output.textContent !== said) output.textContent = said;
    if (view.scale > 1 && result.dataset.full) sharpen();
  };

  // Close up, every pixel of the image is shown, and no smaller copy of it.
  const sharpen = () => {
    const full = new Image();
    full.addEventListener("load", () => { result.src = full.src; });
    full.src = result.dataset.full;
    delete result.dataset.full;
  };

  const zoom = (factor, at = { x: 0, y: 0 }) => {
    const before = view.scale;
    view.scale = Math.min(MOST, Math.max(1, before * factor));
    const by = view.scale / before;
    view.x = at.x - (at.x - view.x) * by;
    view.y = at.y - (at.y - view.y) * by;
    show();
  };

  const whole = () => {
    Object.assign(view, { scale: 1, x: 0, y: 0 });
    show();
  };

  const pan = (x, y) => {
    view.x += x;
    view.y += y;
    show();
  };

  const wipe = (percent) => {
    if (!slider) return;
    slider.value = percent;
    figure.style.setProperty("--at", `${slider.value}%`);
    slider.setAttribute("aria-valuetext", figure.dataset.shown.replace("{n}", slider.value));
  };

  const place = (event) => {
    const box = stage.getBoundingClientRect();
    return {
      x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2,
      share: (100 * (event.clientX - box.left)) / box.width,
    };
  };

  const span = () => {
    const [one, other] = [...fingers.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 1 && view.scale === 1 && event.pointerType === "mouse") wipe(place(event).share);
  });
  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    if (fingers.size === 2) {
      const was = span();
      fingers.set(event.pointerId, now);
      const [one, other] = [...fingers.values()];
      zoom(span() / was, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
      return;
    }
    fingers.set(event.pointerId, now);
    if (view.scale > 1) pan(now.x - before.x, now.y - before.y);
    else wipe(now.share);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    stage.addEventListener(end, (event) => fingers.delete(event.pointerId));

  // Two fingers on the picture zoom it, and never the page.
  stage.addEventListener("touchstart", (event) => {
    if (event.touches.length > 1) event.preventDefault();
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => (view.scale > 1 ? whole() : zoom(3, place(event))));
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 200), place(event));
  }, { passive: false });

  const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") whole();
    else if (arrow && view.scale > 1) pan(40 * arrow[0], 40 * arrow[1]);
    else if (arrow?.[0]) wipe(Number(slider?.value ?? 0) - 5 * arrow[0]);
    else return;
    event.preventDefault();
  });

  const ACTS = { in: () => zoom(STEP), out: () => zoom(1 / STEP), whole };
  for (const button of figure.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => ACTS[button.dataset.zoom]());
  slider?.addEventListener("input", () => wipe(slider.value));
  addEventListener("resize", show);

  figure.style.setProperty("--ratio", result.getAttribute("width") / result.getAttribute("height"));
  figure.classList.add("is-live");
  stage.tabIndex = 0;
  wipe(0);
  show();
};

document.querySelectorAll("[data-viewer]").forEach(enliven);
