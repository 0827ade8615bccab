// The keyboard: a letter presses the button that names it, arrows move the cursor on the canvas.

const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const TYPED = "input:not([type=range]), textarea, select, dialog";

// Tells `table` what is pressed while the focus is in the editor: { hand, pointers, undo, redo }.
export const listen = (root, canvas, table) => {
  const isTyping = (event) => event.target instanceof Element && event.target.closest(TYPED);

  const command = (event) => {
    const name = event.key.toLowerCase();
    if (name === "z") (event.shiftKey ? table.redo : table.undo)();
    else if (name === "y") table.redo();
    else return;
    event.preventDefault();
  };

  const onCanvas = (event) => {
    const arrow = ARROWS[event.key];
    if (arrow) table.hand.step(...arrow, event.shiftKey);
    else if (event.key === "Enter") table.hand.press(event.shiftKey);
    else if (event.key === " ") {
      if (table.hand.keys) table.hand.press(event.shiftKey);
      else table.pointers.isSpaceHeld = true;
    } else if (event.key === "Escape") table.hand.cancel();
    else return false;
    event.preventDefault();
    return true;
  };

  root.addEventListener("keydown", (event) => {
    if (isTyping(event) || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      command(event);
      return;
    }
    if (event.target === canvas && onCanvas(event)) return;
    const wanted = event.key === "=" ? "+" : event.key.toLowerCase();
    const button = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted);
    if (!button || button.hidden || (event.repeat && !button.hasAttribute("data-repeats"))) return;
    event.preventDefault();
    if (button.hasAttribute("data-hold")) table.hold(button, true);
    else button.click();
  });

  root.addEventListener("keyup", (event) => {
    if (event.key === " ") table.pointers.isSpaceHeld = false;
    const button = root.querySelector("[data-hold]");
    if (event.key.toLowerCase() === button.dataset.key) table.hold(button, false);
  });
};
