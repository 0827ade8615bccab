// The tab says how far the work is, and marks its end for who looks at another one.
"use strict";

const MARK = "● ";
const brand = document.title.split(" · ").at(-1);
const bare = () => (document.title.startsWith(MARK) ? document.title.slice(MARK.length) : document.title);

// How long one has been waiting, in the browser's own seconds: the part that says it is replaced.
const began = performance.now();
const count = () => {
  const place = document.querySelector("[data-elapsed]");
  const seconds = Math.floor((performance.now() - began) / 1000);
  if (place && seconds > 2) place.textContent = place.dataset.elapsed.replace("{n}", seconds);
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
