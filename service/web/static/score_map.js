// The score map: draws the comments of the table below it as points. A click opens a comment, a drag selects a range.
"use strict";

(() => {
  const figure = document.getElementById("score-map");
  if (!figure) return;
  const canvas = document.getElementById("score-map-canvas");
  const rangeOutput = document.getElementById("score-map-range");
  const low = document.getElementById("low");
  const high = document.getElementById("high");
  const AXIS_HEIGHT = 22; // in CSS pixels
  const MAX_POINT_SIZE = 8;
  const MIN_POINT_SIZE = 0.5;
  const CLICK_TOLERANCE = 6;
  const DRAG_TOLERANCE = 4;
  // Initials of approved, held, rejected: approved comments are at the bottom of a column, rejected ones at the top.
  const STATES = "ahr";
  const points = []; // { id, score from 0 to 1, initial of the state }
  let columns = []; // points by horizontal position, each from bottom to top
  let steps = []; // vertical distance between the points of each column
  let size = 4;
  let range = figure.dataset.low === "" ? null : [Number(figure.dataset.low), Number(figure.dataset.high)];

  const toScore = (x) => Math.min(1, Math.max(0, x / canvas.clientWidth));
  const toPercent = (score) => String(Math.round(score * 1000) / 10);

  // Columns are as wide as a point. Points are as large as possible while 95 % of the columns fit; in the taller ones
  // the points overlap.
  function arrange() {
    const width = canvas.clientWidth;
    const height = canvas.clientHeight - AXIS_HEIGHT;
    const columnCount = () => Math.max(1, Math.floor(width / size));
    const columnOf = (point, count) => Math.min(count - 1, Math.floor(point.score * count));
    for (size = MAX_POINT_SIZE; size > MIN_POINT_SIZE; size /= 1.25) {
      const count = columnCount();
      const heights = new Uint32Array(count);
      for (const point of points) heights[columnOf(point, count)] += 1;
      if (heights.filter((number) => number * size > height).length <= count * 0.05) break;
    }
    const count = columnCount();
    columns = Array.from({ length: count }, () => []);
    for (const point of points) columns[columnOf(point, count)].push(point);
    steps = columns.map((column) => Math.min(size, height / Math.max(1, column.length)));
  }

  // A canvas cannot use CSS variables, but the computed colour of an element has them resolved.
  function resolveColour(name) {
    figure.style.color = `var(${name})`;
    const { color } = getComputedStyle(figure);
    figure.style.color = "";
    return color;
  }

  function draw() {
    const pixelRatio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    canvas.width = width * pixelRatio;
    canvas.height = height * pixelRatio;
    const context = canvas.getContext("2d");
    context.scale(pixelRatio, pixelRatio);
    if (range) {
      context.fillStyle = resolveColour("--selection");
      context.fillRect(range[0] * width, 0, Math.max(1, (range[1] - range[0]) * width), height - AXIS_HEIGHT);
    }
    drawPoints(context, width, height);
    drawAxis(context, width, height);
  }

  function drawPoints(context, width, height) {
    const columnWidth = width / columns.length;
    const side = Math.max(0.5, Math.min(columnWidth, size) * (size > 3 ? 0.8 : 1));
    // State by state, because changing the colour for each point is slow.
    for (const state of STATES) {
      context.fillStyle = resolveColour(`--${state}`);
      columns.forEach((column, index) => {
        column.forEach((point, rank) => {
          const bottom = height - AXIS_HEIGHT - rank * steps[index];
          if (point.state === state) context.fillRect(index * columnWidth, bottom - side, side, side);
        });
      });
    }
  }

  function drawAxis(context, width, height) {
    context.fillStyle = resolveColour("--muted");
    context.fillRect(0, height - AXIS_HEIGHT, width, 1);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    for (let tick = 0; tick <= 10; tick += 2) {
      context.textAlign = tick === 0 ? "left" : tick === 10 ? "right" : "center";
      context.fillText(`${tick * 10} %`, (tick / 10) * width, height - 5);
    }
    if (figure.dataset.threshold !== "") {
      context.fillStyle = resolveColour("--text");
      context.fillRect(Number(figure.dataset.threshold) * width - 1, 0, 2, height - AXIS_HEIGHT);
    }
  }

  // The point nearest to the pointer within a few pixels, since fingers are wide and points may be small.
  function pointAt(event) {
    const box = canvas.getBoundingClientRect();
    const index = Math.floor(toScore(event.clientX - box.left) * columns.length);
    const up = canvas.clientHeight - AXIS_HEIGHT - (event.clientY - box.top);
    const reach = Math.ceil(CLICK_TOLERANCE / size);
    let nearest = null;
    let minDistance = CLICK_TOLERANCE + size;
    for (let x = Math.max(0, index - reach); x <= Math.min(columns.length - 1, index + reach); x += 1) {
      const rank = Math.min(Math.floor(up / steps[x]), columns[x].length - 1);
      const distance = Math.hypot((x - index) * size, up - (rank + 0.5) * steps[x]);
      if (rank >= 0 && distance < minDistance) [nearest, minDistance] = [columns[x][rank], distance];
    }
    return nearest;
  }

  function selectRange(from, to) {
    range = [Math.min(from, to), Math.max(from, to)];
    low.value = toPercent(range[0]);
    high.value = toPercent(range[1]);
    const count = points.filter((point) => point.score >= range[0] && point.score <= range[1]).length;
    rangeOutput.textContent = `${low.value} – ${high.value} %: ${count}`;
    draw();
  }

  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.offsetX, hasMoved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) {
      canvas.style.cursor = pointAt(event) ? "pointer" : "crosshair";
      return;
    }
    drag.hasMoved = drag.hasMoved || Math.abs(event.offsetX - drag.x) > DRAG_TOLERANCE;
    if (drag.hasMoved) selectRange(toScore(drag.x), toScore(event.offsetX));
  });
  canvas.addEventListener("pointerup", (event) => {
    const ended = drag;
    drag = null;
    if (!ended) return;
    if (ended.hasMoved) {
      document.getElementById("range").requestSubmit();
      return;
    }
    const point = pointAt(event);
    if (point) window.location.assign(`/comments/${encodeURIComponent(point.id)}`);
  });
  canvas.addEventListener("pointercancel", () => { drag = null; });
  for (const field of [low, high]) {
    field.addEventListener("input", () => {
      const ends = [low.value || "0", high.value || "100"].map((text) => Number(text.replace(",", ".")) / 100);
      if (ends.every((end) => end >= 0 && end <= 1)) range = [Math.min(...ends), Math.max(...ends)];
      draw();
    });
  }

  // The figure is shown before the points are fetched, so that nothing on the page moves later.
  function toggleFigure(isShown) {
    figure.hidden = !isShown;
    document.getElementById("bins").open = !isShown;
  }

  async function start() {
    toggleFigure(true);
    const response = await fetch(figure.dataset.points, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`No points: status ${response.status}`);
    const { ids, scores, states } = await response.json();
    ids.forEach((id, index) => {
      if (scores[index] !== null) points.push({ id, score: scores[index] / 1000, state: states[index] });
    });
    points.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
    const redraw = () => { arrange(); draw(); };
    redraw();
    figure.dataset.drawn = String(points.length);
    window.addEventListener("resize", redraw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  }
  start().catch(() => toggleFigure(false));
})();
