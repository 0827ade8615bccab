// Handles on a photo of an own model, a guide of what will sit there, and a brush for what is in
// front. The number fields are the form; a handle only moves them.

const form = document.querySelector("[data-set-up]");
const marks = form.querySelector("[data-marks]");
const photo = marks.querySelector("img");
const status = form.querySelector("[data-status]");
const handles = [...form.querySelectorAll("[data-handle]")];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.002;

const field = (name, axis) => form.elements[`${name}_${axis}`];
const clamp = (value) => Math.min(1, Math.max(0, value));
const place = (name) => ["x", "y"].map((axis) => Number(field(name, axis).value) || 0);
const say = (text) => { status.textContent = text; };

function move(name, x, y) {
  field(name, "x").value = clamp(x).toFixed(4);
  field(name, "y").value = clamp(y).toFixed(4);
  draw();
}

function draw() {
  for (const handle of handles) {
    const [x, y] = place(handle.dataset.handle);
    handle.style.left = `${100 * x}%`;
    handle.style.top = `${100 * y}%`;
  }
  const path = guide();
  for (const line of form.querySelectorAll("[data-guide] path")) line.setAttribute("d", path);
}

function guide() {
  const svg = form.querySelector("[data-guide]").viewBox.baseVal;
  const at = (name) => { const [x, y] = place(name); return [x * svg.width, y * svg.height]; };
  if (form.dataset.part === "neck") {
    const [left, right, lowest] = ["left", "right", "lowest"].map(at);
    const side = (end) => {
      const dots = [];
      for (let n = 0; n <= 12; n += 1) {
        const far = 1 - n / 12;
        dots.push([lowest[0] + (end[0] - lowest[0]) * far, lowest[1] + (end[1] - lowest[1]) * far ** 1.5]);
      }
      return dots;
    };
    const dots = [...side(left), ...side(right).reverse()];
    return `M${dots.map((one) => one.join(" ")).join(" L")}`;
  }
  if (form.dataset.part === "ear") {
    const [lobe, tip] = [at("lobe"), at("tip")];
    const radius = Math.hypot(tip[0] - lobe[0], tip[1] - lobe[1]) * 1.4;
    const top = at("top");
    return `M${lobe} L${lobe[0]} ${lobe[1] + 2 * radius} M${tip} L${top}`
      + ` M${lobe[0] - radius / 4} ${lobe[1]} a${radius / 4} ${radius / 4} 0 1 0 ${radius / 2} 0`
      + ` a${radius / 4} ${radius / 4} 0 1 0 ${-radius / 2} 0`;
  }
  const [left, right, towards] = ["left", "right", "towards"].map(at);
  const half = [(right[0] - left[0]) / 2, (right[1] - left[1]) / 2];
  const across = Math.hypot(...half);
  const tilt = Number(form.elements.tilt_deg?.value || 35) * Math.PI / 180;
  const turn = Math.atan2(half[1], half[0]) * 180 / Math.PI;
  const seat = [left[0] + half[0], left[1] + half[1]];
  const square = [-half[1], half[0]];
  const ahead = square[0] * (towards[0] - seat[0]) + square[1] * (towards[1] - seat[1]) < 0 ? -1 : 1;
  const tip = [seat[0] + ahead * square[0] * 3, seat[1] + ahead * square[1] * 3];
  return `M${left} A${across} ${across * Math.sin(tilt)} ${turn} 0 0 ${right}`
    + ` A${across} ${across * Math.sin(tilt)} ${turn} 0 0 ${left} M${seat} L${tip}`;
}

for (const handle of handles) {
  const name = handle.dataset.handle;
  handle.hidden = false;
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = photo.getBoundingClientRect();
    move(name, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  handle.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    const [x, y] = place(name);
    const step = event.shiftKey ? 10 * STEP : STEP;
    move(name, x + by[0] * step, y + by[1] * step);
  });
}
form.addEventListener("input", draw);
for (const one of form.querySelectorAll("[data-scripted]")) one.hidden = false;
draw();

// The preview: the seller's own piece, drawn by the renderer.

const token = form.elements.csrfmiddlewaretoken.value;

async function send(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.sentence || form.dataset.failed);
  }
  return answer;
}

form.querySelector("[data-draw]").addEventListener("click", async () => {
  const picture = form.querySelector("[data-picture]");
  say(form.dataset.drawing);
  try {
    await savePaint();
    const answer = await send(form.dataset.preview, new FormData(form));
    const reader = new FileReader();
    reader.onload = () => { picture.src = reader.result; picture.hidden = false; };
    reader.readAsDataURL(await answer.blob());
    say(form.dataset.drawn);
  } catch (problem) {
    say(problem.message);
  }
});

// The brush: light where something lies in front.

const canvas = form.querySelector("[data-canvas]");
const scale = Math.min(1, 1024 / Math.max(photo.getAttribute("width"), photo.getAttribute("height")));
canvas.width = Math.round(photo.getAttribute("width") * scale);
canvas.height = Math.round(photo.getAttribute("height") * scale);
canvas.hidden = false;
const pen = canvas.getContext("2d");
let tool = "";
let last = null;
let isPainted = false;

if (form.dataset.front) {
  const former = new Image();
  former.onload = () => {
    pen.drawImage(former, 0, 0, canvas.width, canvas.height);
    const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
    for (let n = 0; n < pixels.data.length; n += 4) pixels.data[n + 3] = pixels.data[n] > 127 ? 255 : 0;
    pen.putImageData(pixels, 0, 0);
  };
  former.src = form.dataset.front;
}

for (const button of form.querySelectorAll("[data-tool]")) {
  button.addEventListener("click", () => {
    tool = tool === button.dataset.tool ? "" : button.dataset.tool;
    for (const one of form.querySelectorAll("[data-tool]")) {
      one.setAttribute("aria-pressed", String(one.dataset.tool === tool));
    }
    marks.classList.toggle("marks--painting", tool !== "");
  });
}
form.querySelector("[data-clear]").addEventListener("click", () => {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  isPainted = true;
});

function spot(event) {
  const box = canvas.getBoundingClientRect();
  return [
    (event.clientX - box.left) / box.width * canvas.width,
    (event.clientY - box.top) / box.height * canvas.height,
  ];
}

canvas.addEventListener("pointerdown", (event) => {
  if (!tool) return;
  canvas.setPointerCapture(event.pointerId);
  last = spot(event);
  stroke(last);
});
canvas.addEventListener("pointermove", (event) => { if (last) stroke(spot(event)); });
canvas.addEventListener("pointerup", () => { last = null; });
canvas.addEventListener("pointercancel", () => { last = null; });

function stroke(to) {
  pen.globalCompositeOperation = tool === "wipe" ? "destination-out" : "source-over";
  pen.strokeStyle = "#fff";
  pen.lineCap = "round";
  pen.lineWidth = Number(form.querySelector("[data-brush]").value);
  pen.beginPath();
  pen.moveTo(...last);
  pen.lineTo(to[0] + 0.01, to[1]);
  pen.stroke();
  last = to;
  isPainted = true;
}

async function savePaint() {
  if (!isPainted) return;
  const whole = document.createElement("canvas");
  whole.width = canvas.width;
  whole.height = canvas.height;
  const below = whole.getContext("2d");
  below.fillStyle = "#000";
  below.fillRect(0, 0, whole.width, whole.height);
  below.drawImage(canvas, 0, 0);
  const content = await new Promise((done) => { whole.toBlob(done, "image/png"); });
  const body = new FormData();
  body.append("front", content, "front.png");
  await send(form.dataset.paint, body);
  isPainted = false;
  say(form.dataset.painted);
}

form.addEventListener("submit", async (event) => {
  if (!isPainted) return;
  event.preventDefault();
  try {
    await savePaint();
    form.submit();
  } catch (problem) {
    say(problem.message);
  }
});
