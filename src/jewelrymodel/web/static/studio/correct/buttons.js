// Which button does what.

export const wire = (root, editor) => {
  const acts = {
    undo: editor.undo,
    redo: editor.redo,
    mode: () => editor.nextMode(),
    doubts: () => editor.toggleDoubts(),
    in: () => editor.zoom(1.4),
    out: () => editor.zoom(1 / 1.4),
    fit: () => editor.fit(),
    smaller: () => editor.resize(1 / 1.25),
    larger: () => editor.resize(1.25),
    help: () => editor.panels.open("help"),
    over: () => editor.panels.open("over"),
    clear: () => editor.clear(),
    send: () => editor.send(),
    reload: () => editor.leave(),
    accept: () => editor.accept(),
    decline: () => editor.withdraw(),
    use: () => editor.useLeftover(),
    discard: () => editor.discardLeftover(),
    close: () => editor.closeQuestion(),
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-tool]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.tool) editor.take(button.dataset.tool);
    else acts[button.dataset.do]?.();
  });

  const hold = root.querySelector("[data-hold]");
  hold.addEventListener("pointerdown", () => editor.hold(hold, true));
  for (const type of ["pointerup", "pointercancel", "pointerleave", "blur"])
    hold.addEventListener(type, () => editor.hold(hold, false));
  for (const [type, isHeld] of [["keydown", true], ["keyup", false]])
    hold.addEventListener(type, (event) => {
      if (event.key === " " || event.key === "Enter") editor.hold(hold, isHeld);
    });

  const { slider } = editor.panels;
  slider.addEventListener("input", () => editor.setSize(Number(slider.value)));
  slider.addEventListener("change", () => editor.hand.aim(editor.hand.keys));
};
