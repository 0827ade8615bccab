// A photo dropped on the form, or chosen, is sent at once; without this script the button does it.
"use strict";

const form = document.querySelector("[data-drop]");
const area = form?.querySelector(".drop");
const input = form?.querySelector("input[type=file]");
const status = form?.querySelector(".drop__status");

const send = () => {
  if (!input.files.length) return;
  status.textContent = status.dataset.sending;
  form.requestSubmit();
};

if (form) {
  input.addEventListener("change", send);
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      area.classList.add("is-over");
    });
  }
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
}
