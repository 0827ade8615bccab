// Every look shows the seller's own piece: previews are made in the background, one after another.
"use strict";

import {
  ask, aspectTitle, chosenAspects, drawn, form, isUsual, pair, placementOf, setHidden,
} from "./composition.js";

const AT_ONCE = 2;
const status = form?.querySelector(".looks__status");
const known = new Map(); // by look and format: { picture } or { sentence, reason, advice }
let round = 0;

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const tiles = () => [...form.querySelectorAll("[data-preview]")].filter((tile) => !tile.hidden);

const stageOf = (tile) => tile.querySelector(".look__stage");

const show = (tile, picture) => {
  const image = document.createElement("img");
  image.className = "look__preview";
  image.alt = words(status.dataset.alt, { look: tile.dataset.title });
  image.src = picture;
  stageOf(tile).replaceChildren(image);
};

// A tile has room for a line or two: the rest of what there is to say is opened by a tap.
const fold = (note, line, title = "", rest = "") => {
  note.querySelector("[data-line]").textContent = line;
  note.querySelector("[data-title]").textContent = title;
  note.querySelector("[data-rest]").textContent = rest;
  note.querySelector("details").hidden = !rest;
  note.hidden = !line;
};

// A look that can't show the piece is gray and says why; where only some formats can't, it says so.
const judge = (tile) => {
  const { look } = tile.dataset;
  tile.dataset.every ??= tile.dataset.aspects;
  const chosen = chosenAspects().filter((aspect) => tile.dataset.every.split(" ").includes(aspect));
  const refused = chosen.filter((aspect) => known.get(pair(look, aspect))?.sentence);
  for (const aspect of tile.dataset.every.split(" ")) {
    const is = known.get(pair(look, aspect))?.sentence;
    setHidden("without", pair(look, aspect), is ? pair(look, aspect) : null);
  }
  tile.dataset.aspects = tile.dataset.every.split(" ")
    .filter((aspect) => !known.get(pair(look, aspect))?.sentence).join(" ");
  const box = tile.querySelector("input[name=look]");
  const impossible = chosen.length > 0 && refused.length === chosen.length;
  tile.classList.toggle("look--impossible", impossible);
  box.disabled = impossible;
  if (impossible) box.checked = false;
  const note = tile.querySelector(".look__note");
  const { sentence = "", reason, advice } = known.get(pair(look, refused[0])) ?? {};
  const placed = chosen.some((aspect) => !isUsual(placementOf(look, aspect)));
  note.dataset.reason = impossible ? sentence : "";
  if (impossible) fold(note, reason, status.dataset.advice, advice);
  else if (sentence) {
    const some = words(status.dataset.some, { aspects: refused.map(aspectTitle).join(", ") });
    fold(note, some, status.dataset.why, sentence);
  } else fold(note, placed ? status.dataset.placed : "");
  note.id = `note-${look}`;
  box.setAttribute("aria-describedby", note.id);
  tile.querySelector("[data-opens]").disabled = impossible;
  sayOnce();
};

// What several looks are impossible for is said in full below the first of them.
const sayOnce = () => {
  const said = new Set();
  for (const note of form.querySelectorAll(".look:not([hidden]) .look__note")) {
    const { reason } = note.dataset;
    if (!reason) continue;
    if (said.has(reason)) fold(note, status.dataset.same);
    said.add(reason);
  }
};

const pictureOf = async (tile, aspect) => {
  const placement = placementOf(tile.dataset.look, aspect);
  if (isUsual(placement)) {
    const response = await ask(tile.dataset.preview, { aspect }, { accept: "application/json" });
    return (await response.json()).picture;
  }
  return URL.createObjectURL(await (await drawn(tile, aspect, placement)).blob());
};

const make = async ({ tile, aspect, isShown }) => {
  const key = pair(tile.dataset.look, aspect);
  if (!known.has(key)) {
    try {
      known.set(key, { picture: await pictureOf(tile, aspect) });
    } catch (problem) {
      if (!problem.impossible) throw problem;
      const { sentence, reason, advice } = problem;
      known.set(key, { sentence, reason, advice });
    }
  }
  const { picture } = known.get(key);
  stageOf(tile).classList.remove("is-waiting");
  if (picture && isShown) show(tile, picture);
  judge(tile);
};

const say = (n, all, began) => {
  const s = ((performance.now() - began) / 1000).toLocaleString(document.documentElement.lang, {
    maximumFractionDigits: 1,
  });
  const { making, done, doneOne } = status.dataset;
  status.textContent = words(n < all ? making : all === 1 ? doneOne : done, { n, all, s });
};

const worker = async (mine, todo, report) => {
  for (let next = todo.shift(); next && mine === round; next = todo.shift()) {
    await make(next);
    if (mine === round) report();
  }
};

export const fill = async () => {
  const mine = ++round;
  const [first, ...others] = chosenAspects();
  if (!first) return;
  const job = (aspect, isShown) => (tile) => ({ tile, aspect, isShown });
  const todo = [first, ...others].flatMap((aspect) =>
    tiles().filter(({ dataset }) => (dataset.every ?? dataset.aspects).split(" ").includes(aspect))
      .map(job(aspect, aspect === first)));
  for (const { tile, aspect, isShown } of todo) {
    const missing = isShown && !known.has(pair(tile.dataset.look, aspect));
    if (missing) stageOf(tile).classList.add("is-waiting");
  }
  const began = performance.now();
  const all = todo.length;
  let n = 0;
  const report = () => {
    n += 1;
    say(n, all, began);
    form.dispatchEvent(new CustomEvent("counted"));
  };
  if (all) say(0, all, began);
  else status.textContent = "";
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, () => worker(mine, todo, report)));
  } catch (problem) {
    if (mine !== round) return;
    round += 1;
    status.textContent = problem.sentence || status.dataset.failed;
    for (const stage of form.querySelectorAll(".look__stage")) stage.classList.remove("is-waiting");
  }
};

// What was shown of a look and a format doesn't hold any more: it is made anew.
export const forget = (tile, aspect) => {
  known.delete(pair(tile.dataset.look, aspect));
  judge(tile);
  fill();
};

export const shown = (tile, aspect, picture) => {
  known.set(pair(tile.dataset.look, aspect), { picture });
  if (aspect === chosenAspects()[0]) show(tile, picture);
  judge(tile);
};

if (form) {
  form.classList.add("is-scripted");
  form.addEventListener("change", ({ target }) => {
    if (target.name === "aspect" || target.name === "generator") fill();
  });
  fill();
}
