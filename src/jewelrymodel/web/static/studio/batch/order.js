// The button of a batch's order says what it makes and what it costs, as look, formats and pieces change.
"use strict";

const form = document.querySelector("[data-batch-order]");
const button = form?.querySelector("[data-make]");

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const credits = (n) => words(n === 1 ? form.dataset.credit : form.dataset.credits, { n });
const ticked = (name) => [...form.querySelectorAll(`input[name=${name}]:checked`)];

const asked = () => {
  const look = form.querySelector("input[name=look]:checked");
  const kinds = (look?.dataset.kinds ?? "").split(" ");
  for (const box of form.querySelectorAll("input[name=photo]")) {
    const isUnsuited = Boolean(look) && !kinds.includes(box.dataset.kind);
    box.closest(".batch-piece").classList.toggle("is-unsuited", isUnsuited);
  }
  const pieces = ticked("photo");
  const suited = look ? pieces.filter((box) => kinds.includes(box.dataset.kind)) : pieces;
  const carried = look?.dataset.aspects.split(" ");
  const chosen = ticked("aspect");
  const aspects = chosen.filter(({ value }) => !carried || carried.includes(value)).length;
  const isCarried = aspects > 0 || chosen.length === 0;
  const each = look ? Number(look.dataset.credits) * aspects : 0;
  const unsuited = pieces.length - suited.length;
  return { look, aspects, isCarried, pieces: suited.length, unsuited, each };
};

// What the page offers to buy is bought for what it was offered for, and for nothing else.
const panel = form?.querySelector("[data-offer]");
const offer = (missing) => {
  if (!panel) return false;
  const isIt = panel.dataset.offer === missing;
  panel.hidden = !isIt;
  if (isIt) {
    button.formAction = panel.dataset.action;
    button.textContent = panel.dataset.label.trim();
  } else button.removeAttribute("formaction");
  return isIt;
};

const update = () => {
  const { none, noAspect, notCarried, noPiece, one, many, unsuited, short, available } = form.dataset;
  const { look, aspects, isCarried, pieces, unsuited: n, each } = asked();
  const price = each * pieces;
  const images = aspects * pieces;
  const unformatted = isCarried ? noAspect : notCarried;
  const missing = !look ? none : !aspects ? unformatted : !pieces ? noPiece : "";
  const isShort = !missing && price > Number(available);
  const isOffered = offer(isShort ? `${images}/${price}` : "");
  button.disabled = Boolean(missing) || (isShort && !isOffered);
  const making = words(images === 1 ? one : many, { n: images, credits: credits(price) });
  if (!isOffered) button.textContent = missing || making;
  form.elements.price.value = missing ? "" : price;
  form.querySelector("[data-unsuited-words]").textContent = n && look ? words(unsuited, { n }) : "";
  const covered = each ? Math.min(pieces, Math.floor(Number(available) / each)) : 0;
  form.elements.covered.value = covered;
  const notice = document.getElementById("short");
  notice.hidden = !isShort;
  form.querySelector("a[data-short]").hidden = !isShort || isOffered;
  notice.querySelector("[data-cover]").disabled = covered === 0;
  notice.querySelector("[data-short-words]").textContent = words(short, {
    price: credits(price), available: credits(Number(available)), n: covered, all: pieces,
  });
};

const cover = (event) => {
  event.preventDefault();
  const { look } = asked();
  const kinds = look.dataset.kinds.split(" ");
  let left = Number(form.elements.covered.value);
  for (const box of ticked("photo")) {
    box.checked = kinds.includes(box.dataset.kind) && left > 0;
    if (box.checked) left -= 1;
  }
  update();
};

// Who buys decides what is asked of them: the offer is made anew.
const ask = document.createElement("button");
ask.name = "act";
ask.value = "offer";
ask.hidden = true;

const changed = ({ target }) => {
  if (panel?.contains(target) && ["country", "capacity"].includes(target.name)) {
    form.append(ask);
    form.requestSubmit(ask);
  } else update();
};

if (form) {
  form.addEventListener("change", changed);
  form.querySelector("[data-cover]").addEventListener("click", cover);
  addEventListener("pageshow", update);
  update();
}
