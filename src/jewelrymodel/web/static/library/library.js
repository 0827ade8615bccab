// Lists where one selects; without this script each is ticked by itself and each choice is saved.
"use strict";

for (const form of document.querySelectorAll("[data-select]")) {
  const all = form.querySelector("[data-select-all]");
  const boxes = [...form.querySelectorAll(".choice input[type=checkbox]")];
  const acts = form.querySelectorAll(".select-acts button, .card > .button");
  const follow = () => {
    const count = boxes.filter((one) => one.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    for (const button of acts) button.disabled = count === 0;
  };
  all.addEventListener("change", () => {
    for (const one of boxes) one.checked = all.checked;
    follow();
  });
  for (const one of boxes) one.addEventListener("change", follow);
  addEventListener("pageshow", follow);
  follow();
}

// A view is saved when it is chosen.
for (const form of document.querySelectorAll("[data-at-once]")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
