// A place in a picture: tapped, or chosen with the keyboard; kept in two hidden fields, in thousandths.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 20; // thousandths that an arrow key moves the mark
const RADIUS = 0.045; // of the longer side, as the server draws it
const ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

const within = (value) => Math.min(1000, Math.max(0, Math.round(value)));

const makeMarkable = (button) => {
  const image = button.querySelector("img");
  const [x, y, picked] = ["x", "y", "picks"].map((name) =>
    document.getElementById(button.dataset[name]),
  );
  const [width, height] = ["width", "height"].map((name) => Number(image.getAttribute(name)));
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("aria-hidden", "true");
  const ring = document.createElementNS(SVG, "circle");
  ring.setAttribute("r", RADIUS * Math.max(width, height));
  drawing.append(ring);
  button.append(drawing);

  const status = document.createElement("p");
  status.className = "hint";
  status.setAttribute("role", "status");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button--quiet button--small";
  remove.textContent = button.dataset.removes;
  button.after(status, remove);

  const show = () => {
    const isMarked = x.value !== "" && y.value !== "";
    drawing.toggleAttribute("hidden", !isMarked);
    remove.hidden = !isMarked;
    if (!isMarked) {
      status.textContent = "";
      return;
    }
    ring.setAttribute("cx", (x.value / 1000) * width);
    ring.setAttribute("cy", (y.value / 1000) * height);
    status.textContent = button.dataset.says
      .replace("{x}", Math.round(x.value / 10))
      .replace("{y}", Math.round(y.value / 10));
  };
  const put = (left, top) => {
    x.value = within(left);
    y.value = within(top);
    picked.checked = true;
    show();
  };

  button.addEventListener("click", (event) => {
    const box = image.getBoundingClientRect();
    if (event.detail === 0) put(500, 500); // by the keyboard: from the middle on
    else
      put(
        ((event.clientX - box.left) / box.width) * 1000,
        ((event.clientY - box.top) / box.height) * 1000,
      );
  });
  button.addEventListener("keydown", (event) => {
    const move = ARROWS[event.key];
    if (!move || x.value === "") return;
    event.preventDefault();
    put(Number(x.value) + move[0], Number(y.value) + move[1]);
  });
  remove.addEventListener("click", () => {
    x.value = y.value = "";
    show();
    button.focus();
  });
  show();
};

for (const button of document.querySelectorAll("[data-mark]")) makeMarkable(button);
