// Lays the second picture of every .compare over the first, under a slider.
"use strict";

const enliven = (figure) => {
  const pictures = figure.querySelectorAll(":scope > img");
  if (figure.classList.contains("is-live") || pictures.length !== 2) return;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "compare__slider";
  slider.value = figure.dataset.start ?? "50";
  slider.setAttribute("aria-label", figure.dataset.label ?? "Compare");
  const move = () => figure.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", move);
  pictures[1].after(slider);
  figure.classList.add("is-live");
  move();
};

const enlivenAll = () => document.querySelectorAll(".compare").forEach(enliven);
enlivenAll();
document.addEventListener("htmx:afterSettle", enlivenAll);
