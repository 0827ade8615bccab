// The looks of a batch show its own pieces: each the first that it suits, made once it comes into view.
"use strict";

import { ask } from "../composition.js";

const AT_ONCE = 2;
const MOST = 24; // of one visit, however many looks there are
const form = document.querySelector("[data-batch-order]");
const status = form?.querySelector("[data-previews]");
const waiting = [];
const known = new Map(); // by tile and format: what was made, or why it can't be
let made = 0;
let atWork = 0;
let isOver = false;

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const stageOf = (tile) => tile.querySelector(".look__stage");

const aspectOf = (tile) => {
  const carried = tile.querySelector("input[name=look]").dataset.aspects.split(" ");
  const chosen = [...form.querySelectorAll("input[name=aspect]:checked")];
  return chosen.map(({ value }) => value).find((one) => carried.includes(one)) ?? carried[0];
};

// Another piece may do where the first can't be shown: the look stays to be chosen, and says why.
const show = (tile, { picture, sentence = "" }) => {
  const note = tile.querySelector("[data-note]");
  note.textContent = sentence && `${tile.dataset.piece}: ${sentence}`;
  note.hidden = !sentence;
  if (!picture) return;
  const image = document.createElement("img");
  image.className = "look__preview";
  image.alt = words(status.dataset.alt, { look: tile.dataset.title, piece: tile.dataset.piece });
  image.src = picture;
  stageOf(tile).replaceChildren(image);
  status.textContent = status.dataset.said;
};

const make = async (tile) => {
  const aspect = aspectOf(tile);
  const key = `${tile.dataset.preview} ${aspect}`;
  if (!known.has(key)) {
    if (made >= MOST) return;
    made += 1;
    stageOf(tile).classList.add("is-waiting");
    try {
      const response = await ask(tile.dataset.preview, { aspect }, { accept: "application/json" });
      known.set(key, await response.json());
    } catch (problem) {
      if (!problem.impossible) throw problem;
      known.set(key, { sentence: problem.sentence });
    } finally {
      stageOf(tile).classList.remove("is-waiting");
    }
  }
  if (aspectOf(tile) === aspect) show(tile, known.get(key));
};

const work = async () => {
  if (isOver || atWork >= AT_ONCE) return;
  atWork += 1;
  try {
    for (let tile = waiting.shift(); tile && !isOver; tile = waiting.shift()) await make(tile);
  } catch (problem) {
    isOver = true;
    status.textContent = problem.sentence || status.dataset.failed;
  } finally {
    atWork -= 1;
  }
};

const wish = (tiles) => {
  for (const tile of tiles) if (!waiting.includes(tile)) waiting.push(tile);
  for (let n = 0; n < AT_ONCE; n += 1) work();
};

if (form) {
  const inView = new Set();
  const observer = new IntersectionObserver((entries) => {
    const come = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inView.add(target);
      else inView.delete(target);
    }
    wish(come);
  });
  for (const tile of form.querySelectorAll("[data-tile]")) observer.observe(tile);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "aspect") wish([...inView]);
  });
}
