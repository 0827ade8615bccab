// The order's button says what it will do and what it costs, as looks and formats are ticked.
"use strict";

const form = document.querySelector("[data-order]");
const button = form?.querySelector(".order-bar .button");

const words = (text, n) => text.replace("{n}", n);

// A look makes an image in each of the chosen formats that it comes in.
const count = () => {
  const aspects = [...form.querySelectorAll("input[name=aspect]:checked")].map((box) => box.value);
  const looks = [...form.querySelectorAll("input[name=look]:checked")];
  const made = looks.map((look) => {
    const { aspects: its, credits } = look.closest("[data-aspects]").dataset;
    const images = aspects.filter((aspect) => its.split(" ").includes(aspect)).length;
    return { images, credits: images * Number(credits) };
  });
  const sum = (what) => made.reduce((total, one) => total + one[what], 0);
  return { looks: looks.length, images: sum("images"), credits: sum("credits"),
    whole: made.every(({ images }) => images > 0) };
};

const label = ({ looks, images, credits, whole }) => {
  const { one, many, credit, credits: several, none, noAspect, most, tooMany } = button.dataset;
  if (looks === 0) return { text: none, ready: false };
  if (!whole) return { text: noAspect, ready: false };
  if (images > Number(most)) return { text: words(tooMany, most), ready: false };
  const making = images === 1 ? one : words(many, images);
  return { text: `${making} ${words(credits === 1 ? credit : several, credits)}`, ready: true };
};

const update = () => {
  const { text, ready } = label(count());
  button.disabled = !ready;
  button.textContent = text;
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
