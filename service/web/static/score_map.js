// The map: draws the dots of the table below it. A dot opens its comment, a drag chooses a range of the score.
"use strict";

(() => {
  const figure = document.getElementById("dots");
  if (!figure) return;
  const canvas = document.getElementById("dots-canvas");
  const said = document.getElementById("dots-said");
  const low = document.getElementById("low");
  const high = document.getElementById("high");
  const AXIS = 22; // room for the scale, in CSS pixels
  const ORDER = "ahr"; // approved lie at the bottom, then held, then rejected
  const dots = [];
  let columns = [];
  let rises = [];
  let size = 4;
  let brush = figure.dataset.from === "" ? null : [Number(figure.dataset.from), Number(figure.dataset.to)];

  const share = (x) => Math.min(1, Math.max(0, x / canvas.clientWidth));
  const percent = (value) => String(Math.round(value * 1000) / 10);

  // Dots stand in columns as wide as a dot, and are as large as lets nearly all columns fit. In the few taller ones
  // they lie closer together.
  function arrange() {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight - AXIS;
    for (size = 8; size > 0.5; size /= 1.25) {
      const count = Math.max(1, Math.floor(width / size));
      const heights = new Uint32Array(count);
      for (const dot of dots) heights[Math.min(count - 1, Math.floor(dot.score * count))] += 1;
      if (heights.filter((tall) => tall * size > height).length <= count * 0.05) break;
    }
    const count = Math.max(1, Math.floor(width / size));
    columns = Array.from({ length: count }, () => []);
    for (const dot of dots) columns[Math.min(count - 1, Math.floor(dot.score * count))].push(dot);
    rises = columns.map((column) => Math.min(size, height / Math.max(1, column.length)));
  }

  // A canvas knows no variables of the stylesheet; an element's colour has them worked out.
  function colour(name) {
    figure.style.color = `var(${name})`;
    const found = getComputedStyle(figure).color;
    figure.style.color = "";
    return found;
  }

  function draw() {
    const scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    if (brush) {
      pen.fillStyle = colour("--brush");
      pen.fillRect(brush[0] * width, 0, Math.max(1, (brush[1] - brush[0]) * width), height - AXIS);
    }
    const step = width / columns.length;
    const side = Math.max(0.5, Math.min(step, size) * (size > 3 ? 0.8 : 1));
    for (const state of ORDER) {
      pen.fillStyle = colour(`--${state}`);
      columns.forEach((column, place) => {
        column.forEach((dot, rank) => {
          if (dot.state === state) pen.fillRect(place * step, height - AXIS - rank * rises[place] - side, side, side);
        });
      });
    }
    drawScale(pen, width, height);
  }

  function drawScale(pen, width, height) {
    pen.fillStyle = colour("--quiet");
    pen.fillRect(0, height - AXIS, width, 1);
    pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    for (let tick = 0; tick <= 10; tick += 2) {
      pen.textAlign = tick === 0 ? "left" : tick === 10 ? "right" : "center";
      pen.fillText(`${tick * 10} %`, (tick / 10) * width, height - 5);
    }
    if (figure.dataset.threshold !== "") {
      pen.fillStyle = colour("--ink");
      pen.fillRect(Number(figure.dataset.threshold) * width - 1, 0, 2, height - AXIS);
    }
  }

  function dotAt(event) {
    const box = canvas.getBoundingClientRect();
    const place = Math.floor(share(event.clientX - box.left) * columns.length);
    const up = canvas.clientHeight - AXIS - (event.clientY - box.top);
    // A finger or a small dot: the nearest within a few pixels will do.
    const reach = Math.ceil(6 / size);
    let best = null;
    let nearest = 6 + size;
    for (let x = Math.max(0, place - reach); x <= Math.min(columns.length - 1, place + reach); x += 1) {
      const rank = Math.min(Math.floor(up / rises[x]), columns[x].length - 1);
      const distance = Math.hypot((x - place) * size, up - (rank + 0.5) * rises[x]);
      if (rank >= 0 && distance < nearest) [best, nearest] = [columns[x][rank], distance];
    }
    return best;
  }

  function brushTo(from, to) {
    brush = [Math.min(from, to), Math.max(from, to)];
    low.value = percent(brush[0]);
    high.value = percent(brush[1]);
    const inside = dots.filter((dot) => dot.score >= brush[0] && dot.score <= brush[1]).length;
    said.textContent = `${low.value} – ${high.value} %: ${inside}`;
    draw();
  }

  let start = null;
  canvas.addEventListener("pointerdown", (event) => {
    start = { x: event.offsetX, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start) {
      canvas.style.cursor = dotAt(event) ? "pointer" : "crosshair";
      return;
    }
    start.moved = start.moved || Math.abs(event.offsetX - start.x) > 4;
    if (start.moved) brushTo(share(start.x), share(event.offsetX));
  });
  canvas.addEventListener("pointerup", (event) => {
    const pressed = start;
    start = null;
    if (!pressed) return;
    if (pressed.moved) {
      document.getElementById("range").requestSubmit();
      return;
    }
    const dot = dotAt(event);
    if (dot) window.location.assign(`/comments/${encodeURIComponent(dot.id)}`);
  });
  canvas.addEventListener("pointercancel", () => { start = null; });
  for (const field of [low, high]) {
    field.addEventListener("input", () => {
      const ends = [low.value || "0", high.value || "100"].map((text) => Number(text.replace(",", ".")) / 100);
      if (ends.every((end) => end >= 0 && end <= 1)) [brush] = [[Math.min(...ends), Math.max(...ends)]];
      draw();
    });
  }

  // The room for the drawing is taken before anything is fetched, so that nothing on the page moves later.
  function show(drawn) {
    figure.hidden = !drawn;
    document.getElementById("bands").open = !drawn;
  }

  async function begin() {
    show(true);
    const answer = await fetch(figure.dataset.dots, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The dots were refused: ${answer.status}`);
    const found = await answer.json();
    found.ids.forEach((id, place) => {
      const score = found.scores[place];
      if (score !== null) dots.push({ id, score: score / 1000, state: found.states[place] });
    });
    dots.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    const again = () => { arrange(); draw(); };
    again();
    figure.dataset.drawn = String(dots.length);
    window.addEventListener("resize", again);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  }
  begin().catch(() => show(false));
})();
