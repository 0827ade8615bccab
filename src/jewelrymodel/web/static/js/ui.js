// Small help for pages that work without it: the theme, copying, menus, toasts.
"use strict";

const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(found, event);
  });

const say = (text) => {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  region.append(toast);
  setTimeout(() => toast.remove(), 2500);
};

on("click", "[data-copy]", async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button.dataset.copied);
  } catch {
    const code = button.parentElement.querySelector("code");
    if (code) getSelection().selectAllChildren(code);
  }
});

on("submit", "form.theme", (form, event) => {
  event.preventDefault();
  const chosen = event.submitter;
  const root = document.documentElement;
  if (chosen.value === "auto") delete root.dataset.theme;
  else root.dataset.theme = chosen.value;
  for (const button of form.querySelectorAll("button"))
    button.setAttribute("aria-pressed", String(button === chosen));
  const body = new FormData(form, chosen);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

// A menu closes on Escape and when one clicks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

on("click", "[data-dismisses]", (button) => button.closest(".toast")?.remove());

// A form is sent once, however often its button is pressed; going back makes it ready again.
on("submit", "form[data-once]", (form, event) => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// An error summary takes the focus, so that it is read first.
document.querySelector(".error-summary")?.focus();
