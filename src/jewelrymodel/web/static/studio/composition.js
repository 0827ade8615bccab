// What the order's form says of each image: its look, its format, and where the piece was placed.
"use strict";

export const form = document.querySelector("[data-order]");
export const USUAL = { right: 0, down: 0, turn_deg: 0, size: 1 };
const FIELDS = Object.keys(USUAL);

export const pair = (look, aspect) => `${look} ${aspect}`;

export const chosenAspects = () =>
  [...form.querySelectorAll("input[name=aspect]:checked")].map((box) => box.value);

export const aspectTitle = (aspect) =>
  form.querySelector(`input[name=aspect][value="${aspect}"]`).dataset.title;

export const token = () =>
  (form ?? document).querySelector("[name=csrfmiddlewaretoken]").value;

// A form's hidden fields of one name, as a set of their values.
const fieldsOf = (name) => [...form.querySelectorAll(`input[type=hidden][name=${name}]`)];

export const setHidden = (name, key, value) => {
  for (const field of fieldsOf(name)) {
    if (field.value === key || field.value.startsWith(`${key} `)) field.remove();
  }
  if (value === null) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
};

export const isUsual = (placement) => FIELDS.every((name) => placement[name] === USUAL[name]);

export const placementOf = (look, aspect) => {
  const key = `${pair(look, aspect)} `;
  const field = fieldsOf("placed").find(({ value }) => value.startsWith(key));
  if (!field) return { ...USUAL };
  const values = field.value.slice(key.length).split(" ").map(Number);
  return Object.fromEntries(FIELDS.map((name, n) => [name, values[n]]));
};

export const place = (look, aspect, placement) => {
  const values = FIELDS.map((name) => Number(placement[name].toFixed(4)));
  const value = isUsual(placement) ? null : [pair(look, aspect), ...values].join(" ");
  setHidden("placed", pair(look, aspect), value);
};

// What the server says where it refuses: a sentence, and whether asking again can help.
export class Refusal extends Error {
  constructor({ sentence, reason, advice, impossible, status }) {
    super(sentence);
    Object.assign(this, { sentence, reason, advice, impossible, status });
  }
}

export const ask = async (address, fields, { signal, accept = "*/*" } = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const headers = { "X-CSRFToken": token(), Accept: accept };
  const options = { method: "POST", body, headers, signal, redirect: "manual" };
  const response = await fetch(address, options);
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({ sentence: "", impossible: false }));
  throw new Refusal({ ...answer, status: response.status });
};

export const drawn = (tile, aspect, placement, signal) =>
  ask(tile.dataset.placement, { aspect, ...placement }, { signal });
