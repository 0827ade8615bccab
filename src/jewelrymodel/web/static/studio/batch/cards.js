// The grid of cutouts: it fills while they are made, keeps what is typed, and approves many at once.
"use strict";

const EVERY_MS = 2000;
const AT_ONCE = 40;
const panel = document.getElementById("batch-progress");
const form = () => document.querySelector("[data-batch]");
const cards = () => [...document.querySelectorAll(".batch-card")];
const tickOf = (card) => card.querySelector("input[name=photo]");
const ticked = () => cards().filter((card) => tickOf(card)?.checked);
const fieldOf = (card, name) => card.querySelector(`[data-field="${name}"]`);

// What is typed is kept at once, so that closing the tab or opening a cutout loses none of it.
const unsaved = new Set();
let saving = 0;
const said = (text) => {
  const place = form()?.querySelector("[data-said]");
  if (place) place.textContent = text;
};

const save = async () => {
  const mine = [...unsaved];
  unsaved.clear();
  if (!mine.length) return;
  const body = new FormData();
  body.set("act", "save");
  for (const card of mine) {
    for (const field of card.querySelectorAll("[data-field]")) body.set(field.name, field.value);
  }
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": form().querySelector("[name=csrfmiddlewaretoken]").value,
  };
  try {
    const answer = await fetch(form().action, { method: "POST", body, headers, keepalive: true });
    const { problems } = await answer.json();
    for (const card of mine) say(card, problems[card.id] ?? "");
    said(form().dataset.saved);
  } catch {
    for (const card of mine) unsaved.add(card);
    said(form().dataset.unsaved);
  }
};

const say = (card, problem) => {
  const place = card.querySelector("[data-problem]");
  if (!place) return;
  place.textContent = problem;
  place.hidden = !problem;
  const size = fieldOf(card, "size");
  if (problem) {
    size.setAttribute("aria-invalid", "true");
    size.setAttribute("aria-describedby", place.id);
  } else size.removeAttribute("aria-invalid");
};

const keep = (card) => {
  unsaved.add(card);
  clearTimeout(saving);
  saving = setTimeout(save, 400);
};

// A size is a kind's: another kind asks for another one.
const changed = (card, field) => {
  if (field.dataset.field === "kind") {
    fieldOf(card, "size").value = "";
    field.classList.toggle("is-asked", !field.value);
    if (field.value) field.querySelector("option[value='']")?.remove();
    if (field.value && !card.querySelector(".badge--warn")) card.dataset.right = "";
  }
  keep(card);
};

const count = () => {
  const button = form()?.querySelector("[data-approve]");
  if (!button) return;
  const n = ticked().filter((card) => fieldOf(card, "kind")).length;
  const { zero, one, many } = form().dataset;
  button.disabled = n === 0;
  button.textContent = n === 0 ? zero : n === 1 ? one : many.replace("{n}", n);
  form().querySelector("[value=remove]").disabled = ticked().length === 0;
};

const set = (card, values) => {
  const now = (name) => fieldOf(card, name)?.value;
  if (!fieldOf(card, "kind")) return;
  if (values.kind && values.kind !== now("kind")) {
    fieldOf(card, "kind").value = values.kind;
    changed(card, fieldOf(card, "kind"));
  }
  if (values.size) {
    fieldOf(card, "size").value = values.size;
    fieldOf(card, "unit").value = values.unit;
  }
  keep(card);
};

const apply = () => {
  const value = (name) => form().querySelector(`[data-fill="${name}"]`).value;
  const values = { kind: value("kind"), size: value("size"), unit: value("unit") };
  for (const card of ticked()) set(card, values);
};

// Like in a table: the field takes what the one above it says.
const copyAbove = (card, field) => {
  const above = cards().slice(0, cards().indexOf(card)).reverse()
    .find((one) => fieldOf(one, field.dataset.field));
  if (!above) return;
  const name = field.dataset.field;
  field.value = fieldOf(above, name).value;
  if (name === "size") fieldOf(card, "unit").value = fieldOf(above, "unit").value;
  changed(card, field);
};

const act = (selector, what) => form()?.querySelector(selector)?.addEventListener("click", what);

const begin = () => {
  const found = form();
  if (!found) return;
  found.addEventListener("change", ({ target }) => {
    const card = target.closest(".batch-card");
    if (card && target.dataset.field) changed(card, target);
    count();
  });
  found.addEventListener("keydown", (event) => {
    const card = event.target.closest(".batch-card");
    if (event.key === "Enter" && event.target.dataset.fill) {
      event.preventDefault();
      apply();
    }
    if (!card || !event.target.dataset.field) return;
    if (event.key === "d" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      copyAbove(card, event.target);
    } else if (event.key === "Enter") event.preventDefault();
  });
  act("[data-tick-right]", () => {
    for (const card of cards()) {
      const tick = tickOf(card);
      if (tick && "right" in card.dataset) tick.checked = true;
    }
    count();
  });
  act("[data-tick-none]", () => {
    for (const card of ticked()) tickOf(card).checked = false;
    count();
  });
  act("[data-apply]", apply);
  found.querySelector("[data-white]").addEventListener("change", ({ target }) => {
    found.classList.toggle("is-white", target.checked);
  });
  count();
};

// While there is something to wait for, the page asks how far it is and fetches the cards that changed.
const fetchCards = async (ids) => {
  for (let n = 0; n < ids.length; n += AT_ONCE) {
    const some = ids.slice(n, n + AT_ONCE);
    const query = new URLSearchParams(some.map((id) => ["id", id]));
    const answer = await fetch(`${panel.dataset.cards}?${query}`);
    if (!answer.ok) return;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    for (const card of box.content.querySelectorAll(".batch-card")) {
      const old = document.getElementById(card.id);
      if (old?.contains(document.activeElement) || unsaved.has(old)) continue;
      if (old) old.replaceWith(card);
      else document.getElementById("batch-cards").append(card);
    }
  }
  count();
};

const update = async () => {
  const answer = await fetch(panel.dataset.address, { headers: { Accept: "application/json" } });
  if (!answer.ok) return true;
  const { states, html, isOver } = await answer.json();
  if (!panel.contains(document.activeElement)) panel.innerHTML = html;
  const fresh = Object.keys(states).filter(
    (id) => document.getElementById(id)?.dataset.state !== states[id]);
  for (const card of cards()) if (!(card.id in states)) card.remove();
  await fetchCards(fresh);
  form().hidden = Object.keys(states).length === 0;
  form().querySelector(".batch-fill").hidden &&= isOver;
  return isOver;
};

let asking = false;
const watch = async () => {
  if (asking) return;
  asking = true;
  for (let isOver = false; !isOver; ) {
    await new Promise((done) => setTimeout(done, EVERY_MS));
    if (document.hidden) continue;
    try {
      isOver = await update();
    } catch {
      // The connection is gone for a moment: it is asked again.
    }
  }
  asking = false;
  settle();
};

// In the end the page is loaded once more, in its own order: what needs a look comes first. Not under
// somebody's hands, nor while files are still sent or say why they weren't.
const settle = () => {
  const isBusy = unsaved.size || ticked().length || form().contains(document.activeElement)
    || document.querySelector("#sending:not([hidden])");
  if (!isBusy) location.reload();
};

if (panel) {
  begin();
  if ("open" in panel.dataset) watch();
  document.addEventListener("batch:photo", watch);
  document.addEventListener("batch:sent", ({ detail }) => { if (detail.isClean) location.reload(); });
  addEventListener("pagehide", save);
}
