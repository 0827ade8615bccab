// The desk by keys: / searches; in the queue j and k move, Enter opens; u undoes what was just
// confirmed. Links and buttons work without it.
const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
const search = document.querySelector("[data-search]");
let at = -1;

function move(step) {
  if (!rows.length) return;
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].querySelector("a").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey) return;
  if (event.key === "/" && search) {
    event.preventDefault(); // else the slash is typed into the field, or the browser searches
    search.focus();
    search.select();
  }
  if (event.key === "j") move(1);
  if (event.key === "k") move(-1);
  if (event.key === "u") document.querySelector("[data-undo-button]")?.click();
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
