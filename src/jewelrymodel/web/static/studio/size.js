// A size is a kind's: another kind asks for another size, in units that it has.
"use strict";

const field = document.querySelector("[data-size]");
const form = field?.closest("form");

const EXAMPLES = { us: "7½", uk: "N½", eu: "54", jp: "14" };

const suit = () => {
  const kind = new FormData(form).get("kind") ?? "";
  const unit = form.elements.unit;
  for (const option of unit.options) {
    option.disabled = option.hidden = kind !== "ring" && option.value in EXAMPLES;
    if (option.disabled && option.selected) unit.value = "mm";
  }
  const hint = field.querySelector(`[data-hint="${kind}"]`);
  if (hint) document.getElementById("id_size_helptext").textContent = hint.innerHTML;
  const { size } = form.elements;
  size.placeholder = EXAMPLES[unit.value] ?? "";
  size.inputMode = unit.value === "uk" ? "text" : "decimal";
};

const clear = () => {
  form.elements.size.value = "";
  suit();
};

if (form) {
  for (const one of form.querySelectorAll("[name=kind]")) one.addEventListener("change", clear);
  form.elements.unit.addEventListener("change", clear);
  const usual = form.querySelector("[data-usual-size]"); // it stands as long as nobody changed it
  form.addEventListener("input", ({ target }) => {
    if (usual && target.name !== "proposed") usual.hidden = true;
  });
  suit();
}
