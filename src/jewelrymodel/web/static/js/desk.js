// The desk by keys: / searches; in the queue j and k move, Enter opens; u undoes what was just
// confirmed; in a request n leads to the next one, c and r to a note and a reply; ? lists them. Links and buttons work without it.
const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
const search = document.querySelector("[data-search]");
let at = -1;

function move(step) {
  if (!rows.length) return;
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].querySelector("a").focus();
}

function writeIn(form) {
  if (!form) return;
  form.closest("details").open = true;
  setTimeout(() => form.querySelector("textarea").focus()); // else the key itself is typed there
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog") || event.ctrlKey || event.metaKey) return;
  if (event.key === "/" && search) {
    event.preventDefault(); // else the slash is typed into the field, or the browser searches
    search.focus();
    search.select();
  }
  if (event.key === "j") move(1);
  if (event.key === "k") move(-1);
  if (event.key === "u") document.querySelector("[data-undo-button]")?.click();
  if (event.key === "n") document.querySelector("[data-next]")?.click();
  if (event.key === "c") writeIn(document.querySelector("[data-draft=note]"));
  if (event.key === "r") writeIn(document.querySelector("[data-draft=reply]"));
  if (event.key === "?") document.querySelector("[data-keys]")?.showModal();
});

// Ten seconds to undo: they are counted down, then the page is read again. Not while somebody types
// in it: they read it again themselves.
const undo = document.querySelector("[data-undo]");
const typed = () => [...document.querySelectorAll("textarea")].some((one) => one.value !== one.defaultValue);

if (undo) {
  const left = undo.querySelector("[data-seconds-left]");
  const over = Date.now() + Number(undo.dataset.seconds) * 1000;
  const ticks = setInterval(() => {
    const seconds = Math.ceil((over - Date.now()) / 1000);
    left.textContent = seconds > 0 ? `${seconds} s` : "";
    if (seconds > -2 || typed()) return;
    clearInterval(ticks);
    location.replace(undo.querySelector("a").href);
  }, 500);
}

// While a request is open: who else has it open, what is new, and what was typed is kept. Every 15
// seconds, and when the page is left.
const news = document.querySelector("[data-news]");
const changed = new Map();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form && event.target.matches("textarea")) changed.set(form.dataset.draft, event.target.value);
});

document.addEventListener("submit", (event) => changed.delete(event.target.dataset.draft));

async function visit(leaving) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", news.dataset.token);
  for (const name of ["message", "state", "confirmed"]) body.set(name, news.dataset[name]);
  for (const [name, text] of changed) body.set(`draft_${name}`, text);
  const sent = new Map(changed);
  try {
    const answer = await fetch(news.dataset.news, { method: "POST", body, keepalive: leaving, redirect: "error" });
    if (!answer.ok) return;
    for (const [name, text] of sent) if (changed.get(name) === text) changed.delete(name);
    const html = await answer.text();
    if (news.innerHTML.trim() !== html.trim()) news.innerHTML = html;
  } catch {
    // The next one says it.
  }
}

if (news) {
  visit(false);
  setInterval(() => document.visibilityState === "visible" && visit(false), 15_000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed.size) visit(true);
  });
}

// A saved reply is put where the cursor is in the reply, and can be changed there; without this, the
// link reads the page again with the reply in its form.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  const form = document.querySelector("[data-draft=reply]");
  if (!link || !form) return;
  event.preventDefault();
  const field = form.querySelector("textarea");
  const text = document.querySelector(`[data-reply-text="${link.dataset.insert}"]`).textContent;
  const gap = field.value.trim() && field.selectionStart === field.value.length ? "\n\n" : "";
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  writeIn(form);
});
