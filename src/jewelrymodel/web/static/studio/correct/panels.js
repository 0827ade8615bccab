// What the page shows around the canvas: which tool is chosen, what just happened, what is asked.

const READ_MS = 5_000; // then a sentence gives the photo under it free

export class Panels {
  constructor(root) {
    this.root = root;
    this.slider = root.querySelector("[name=size]");
    this.status = root.querySelector("[data-status]");
    this.work = root.querySelector("[data-work]");
    this.question = root.querySelector("[data-question]");
    this.words = new Map(
      [...root.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent.trim()]),
    );
  }

  // Signing in elsewhere changes it: the cookie has the one of now.
  get token() {
    const kept = document.cookie.match(/(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/);
    return kept ? kept[1] : this.root.querySelector("[name=csrfmiddlewaretoken]").value;
  }

  // The sentence for a word, its {n} filled in.
  text(word, values = {}) {
    const text = this.words.get(word) ?? this.words.get("unexpected");
    return text.replace("{n}", values.n ?? "");
  }

  say(word, values) { this.tell(this.text(word, values)); }

  tell(sentence) {
    this.status.textContent = "";
    this.status.classList.remove("is-old");
    clearTimeout(this.aging);
    this.aging = setTimeout(() => this.status.classList.add("is-old"), READ_MS);
    // The same words twice are read out twice only where they come anew.
    requestAnimationFrame(() => { this.status.textContent = sentence; });
  }

  open(name) { this.root.querySelector(`dialog[data-dialog=${name}]`).showModal(); }

  showTool(tool, hasSize) {
    for (const button of this.root.querySelectorAll("[data-tool]"))
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    this.slider.disabled = !hasSize;
    this.say(`hint_${tool}`);
  }

  showState({ canUndo, canRedo, canClear, unsent }) {
    const able = { undo: canUndo, redo: canRedo, over: canClear };
    for (const [name, isAble] of Object.entries(able))
      for (const button of this.root.querySelectorAll(`[data-do=${name}]`))
        button.setAttribute("aria-disabled", String(!isAble));
    this.root.querySelector("[data-do=send]").hidden = !unsent;
    this.root.querySelector("[data-done]").hidden = unsent > 0;
    this.root.querySelector("[data-unsent]").textContent = unsent
      ? this.text("unsent", { n: unsent }) : "";
  }

  // Offers to do everywhere what was done once; nothing for "".
  offer(tool, n) {
    const box = this.root.querySelector("[data-offer]");
    box.hidden = !tool;
    if (tool) box.querySelector("[data-do=accept]").textContent = this.text(`all_${tool}`, { n });
  }

  offerDoubts(isThere) {
    for (const one of this.root.querySelectorAll("[data-doubts-only]")) one.hidden = !isThere;
    if (isThere) this.showDoubts(true);
  }

  showDoubts(isShown) {
    this.root.querySelector("[data-do=doubts]").setAttribute("aria-pressed", String(isShown));
    this.root.querySelector("[data-legend]").hidden = !isShown;
  }

  // A question or a problem that stays until it is answered, with the actions that belong to it.
  ask(word, values, sentence = "") {
    const box = this.question;
    box.querySelector("[data-sentence]").textContent = sentence || this.text(word, values);
    for (const action of box.querySelectorAll("[data-for]"))
      action.hidden = !action.dataset.for.split(" ").includes(word);
    for (const action of box.querySelectorAll("[data-but]"))
      action.hidden = action.dataset.but.split(" ").includes(word);
    box.hidden = false;
    box.querySelector("button:not([hidden]), a:not([hidden])").focus();
  }

  close() { this.question.hidden = true; }

  // The steps so far, the last one under way; null: the server couldn't be reached just now.
  showWork(steps) {
    this.work.hidden = false;
    this.close();
    this.work.querySelector("[data-lost]").hidden = steps !== null;
    if (steps === null) return;
    const list = this.work.querySelector("ol");
    const known = steps.length ? steps : [this.text("sending")];
    list.replaceChildren(...known.map((label, n) => {
      const item = document.createElement("li");
      item.textContent = label;
      if (n === known.length - 1) item.setAttribute("aria-current", "step");
      else item.className = "is-done";
      return item;
    }));
  }

  endWork() { this.work.hidden = true; }
}
