// The desk by keys: / searches; in the queue j and k move, Enter opens. Links work without it.
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
});
