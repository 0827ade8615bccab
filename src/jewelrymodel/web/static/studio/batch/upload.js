// Files are sent one by one, two at a time: what was sent stays, and one that fails says why.
"use strict";

const AT_ONCE = 2;
const TRIES = 3;
const PHOTO = /\.(jpe?g|jfif|png|webp|heic|heif|tiff?|bmp|gif|avif)$/i;

const form = document.querySelector("[data-batch-drop]");
const panel = document.getElementById("sending");
const list = panel?.querySelector("[data-failed]");
const meter = panel?.querySelector("meter");
const said = panel?.querySelector("[data-words]");
const retry = panel?.querySelector("[data-retry]");
const waiting = [];
const failed = new Map(); // by row: the file and how to send it again
let all = 0;
let sent = 0;
let busy = 0;
let skipped = 0;
let room = Number(form?.dataset.room ?? 0);
let stopped = "";

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const report = () => {
  panel.hidden = false;
  const left = waiting.length + busy;
  const text = words(left ? panel.dataset.one : panel.dataset.done, { n: sent, all });
  const more = skipped ? ` ${words(panel.dataset.skipped, { n: skipped })}` : "";
  said.textContent = text + more + (stopped ? ` ${stopped}` : "");
  meter.max = Math.max(all, 1);
  meter.value = sent;
  meter.textContent = text;
  retry.hidden = failed.size < 2 || left > 0;
  const isClean = !failed.size && !skipped && sent === all;
  if (!left) document.dispatchEvent(new CustomEvent("batch:sent", { detail: { isClean } }));
};

const button = (label, name, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--quiet button--small";
  made.textContent = label;
  const whose = document.createElement("span");
  whose.className = "visually-hidden";
  whose.textContent = `(${name})`;
  made.append(" ", whose);
  made.addEventListener("click", act);
  return made;
};

const fail = (job, { sentence, known = "" }) => {
  const row = document.createElement("li");
  const text = document.createElement("p");
  const name = document.createElement("strong");
  name.className = "whole";
  name.textContent = job.file.name;
  text.append(name, ` ${sentence} `);
  if (known) {
    const link = document.createElement("a");
    link.href = known;
    link.textContent = panel.dataset.see;
    text.append(link);
  }
  const again = () => {
    failed.delete(row);
    row.remove();
    stopped = "";
    add([{ ...job, again: job.again || Boolean(known) }]);
  };
  row.append(text, button(known ? panel.dataset.anyway : panel.dataset.again, job.file.name, again));
  failed.set(row, known ? () => {} : again);
  list.append(row);
};

const ask = async ({ file, again }) => {
  const body = new FormData();
  body.set("photo", file, file.name);
  if (again) body.set("again", "yes");
  const headers = {
    Accept: "application/json",
    "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  for (let n = 1; ; n += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers });
      return await answer.json();
    } catch {
      if (n === TRIES) return { sentence: panel.dataset.offline };
      await pause(1000 * n * n);
    }
  }
};

const worker = async () => {
  busy += 1;
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    report();
    const answer = await ask(job);
    if (answer.photo) {
      sent += 1;
      room -= 1;
      document.querySelector(`[data-refused="${CSS.escape(job.file.name)}"]`)?.remove();
      document.dispatchEvent(new CustomEvent("batch:photo"));
    } else {
      fail(job, answer);
      if (answer.stopped) {
        stopped = answer.sentence;
        for (const one of waiting.splice(0)) fail(one, { sentence: panel.dataset.notSent });
      }
    }
  }
  busy -= 1;
  report();
};

const add = (jobs) => {
  const free = Math.max(0, room - waiting.length - busy);
  all += jobs.length;
  waiting.push(...jobs.slice(0, free));
  for (const one of jobs.slice(free)) {
    fail(one, { sentence: words(panel.dataset.full, { most: panel.dataset.most }) });
  }
  for (let n = busy; n < Math.min(AT_ONCE, waiting.length + busy); n += 1) worker();
  report();
};

const take = (files) => {
  const seen = [...files].filter((file) => !file.name.startsWith("."));
  if (!seen.length) return;
  const photos = seen.filter((file) => PHOTO.test(file.name) || file.type.startsWith("image/"));
  skipped += seen.length - photos.length;
  add(photos.map((file) => ({ file, again: false })));
};

// A folder that is dropped is walked; a browser reads at most a hundred of its entries at a time.
const filesOf = async (entry) => {
  if (entry.isFile) return [await new Promise((done, no) => entry.file(done, no))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, no) => reader.readEntries(done, no));
    if (!some.length) break;
    for (const one of some) found.push(...(await filesOf(one)));
  }
  return found;
};

const dropped = async ({ items, files }) => {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return take(files);
  const found = [];
  for (const entry of entries) found.push(...(await filesOf(entry)));
  return take(found);
};

if (form) {
  const area = form.querySelector(".drop");
  const input = form.querySelector("input[name=photo]");
  const folder = form.querySelector("[data-folder]");
  folder.closest("label").hidden = !("webkitdirectory" in folder);
  for (const one of [input, folder]) {
    one.addEventListener("change", () => {
      take(one.files);
      one.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
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
    dropped(event.dataTransfer);
  });
  retry.querySelector("button").addEventListener("click", () => {
    for (const again of [...failed.values()]) again();
  });
  addEventListener("beforeunload", (event) => {
    if (waiting.length + busy) event.preventDefault();
  });
}
