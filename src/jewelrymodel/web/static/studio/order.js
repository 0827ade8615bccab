// The order's button says what it will do and what it costs, as looks are ticked.
"use strict";

const form = document.querySelector("[data-order]");
const button = form?.querySelector(".order-bar .button");

const words = (text, n) => text.replace("{n}", n);

const update = () => {
  const images = form.querySelectorAll("input[name=look]:checked").length;
  const credits = images * Number(form.dataset.price);
  const { one, many, credit, credits: several, none } = button.dataset;
  button.disabled = images === 0;
  button.textContent = images === 0
    ? none
    : `${images === 1 ? one : words(many, images)} ${words(credits === 1 ? credit : several, credits)}`;
};

// Each generator has looks of its own; one order goes to one of them.
const suit = () => {
  const chosen = form.querySelector("input[name=generator]:checked")?.value ?? "embedded";
  for (const look of form.querySelectorAll("[data-by]")) {
    look.hidden = look.dataset.by !== chosen;
    if (look.hidden) look.querySelector("input").checked = false;
  }
  update();
};

if (form) {
  form.addEventListener("change", suit);
  suit();
}
