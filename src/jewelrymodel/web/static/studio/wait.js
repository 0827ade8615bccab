// The tab says how far the work is, and marks its end for who looks at another one.
"use strict";

const MARK = "● ";
const brand = document.title.split(" · ").at(-1);
const bare = () => (document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title);

// How long one has been waiting, in the browser's own seconds: the part that says it is replaced.
const began = performance.now();
let workBegan = null;
const count = () => {
  const place = document.querySelector("[data-elapsed]");
  if (!place) return;
  const now = performance.now();
  if (document.querySelector("[data-working]")) workBegan ??= now;
  const { elapsed, left: leftOf, late, usual } = place.dataset;
  const left = workBegan === null || !usual ? null
    : Math.ceil(Number(usual) - (now - workBegan) / 1000);
  const words = left === null ? elapsed : left > 0 ? leftOf : late;
  const n = Math.floor((now - began) / 1000);
  if (n > 2 || left > 0) place.textContent = words.replace("{n}", n).replace("{left}", left);
};

const say = () => {
  count();
  const tab = document.querySelector("[data-tab]")?.dataset.tab.replace(/\s+/g, " ").trim();
  if (tab) document.title = `${tab} · ${brand}`;
  if (document.hidden && document.querySelector("[data-ended]")) document.title = MARK + bare();
};

document.addEventListener("htmx:afterSwap", say);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.title = bare();
});
say();
