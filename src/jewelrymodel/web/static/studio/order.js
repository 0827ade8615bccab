// The order's button says what it will do and what it costs, as looks and formats are ticked.
"use strict";

const form = document.querySelector("[data-order]");
const button = form?.querySelector(".order-bar .button");

const words = (text, n) => text.replace("{n}", n);

// A scene in the seller's words comes in as many variants as they want.
const scenery = form?.querySelector("[data-describes]");
const times = (look) => look.value === scenery?.dataset.describes ? Number(form.elements.scene_variants.value) : 1;

// A look makes an image in each of the chosen formats that it comes in.
const count = () => {
  const aspects = [...form.querySelectorAll("input[name=aspect]:checked")].map((box) => box.value);
  const looks = [...form.querySelectorAll("input[name=look]:checked")];
  const made = looks.map((look) => {
    const { aspects: its, credits } = look.closest("[data-aspects]").dataset;
    const images = aspects.filter((aspect) => its.split(" ").includes(aspect)).length * times(look);
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
  return { text: `${making} ${words(credits === 1 ? credit : several, credits)}`, ready: true,
    images, credits };
};

// Where credits are missing, the page asks what would buy them; the button then says that.
let asked = "";
const offer = ({ ready, images, credits }) => {
  const panel = document.querySelector("#missing-credits > [data-offer]");
  const isShort = ready && credits > Number(form.dataset.available);
  const buyer = ["country", "capacity"].map((name) => new FormData(form).get(name) ?? "");
  const question = [images, credits, ...buyer].join("|");
  if (isShort && question !== asked) {
    asked = question;
    form.dispatchEvent(new CustomEvent("short"));
  }
  const isOffered = isShort && panel?.dataset.offer === `${images}/${credits}`;
  if (panel) panel.hidden = !isOffered;
  return isOffered ? panel.dataset : {};
};

const update = () => {
  const state = label(count());
  const { label: buying, action } = offer(state);
  button.disabled = !state.ready;
  button.textContent = buying?.trim() ?? state.text;
  if (action) button.setAttribute("formaction", action);
  else button.removeAttribute("formaction");
};

// Each generator has looks of its own; one order goes to one of them.
const suit = () => {
  const chosen = form.querySelector("input[name=generator]:checked")?.value ?? "embedded";
  for (const look of form.querySelectorAll("[data-by]")) {
    look.hidden = look.dataset.by !== chosen;
    if (look.hidden && look.dataset.look) look.querySelector("input").checked = false;
  }
  update();
};

// Who describes a scene means its look.
const describe = () => {
  const look = form.querySelector(`[data-look="${scenery.dataset.describes}"] input`);
  if (scenery.value.trim() && !look.checked) {
    look.checked = true;
    update();
  }
};

if (form) {
  form.addEventListener("change", suit);
  scenery?.addEventListener("input", describe);
  form.addEventListener("htmx:afterSwap", update);
  form.addEventListener("counted", update);
  suit();
}
