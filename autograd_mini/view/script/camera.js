// Camera: the picture fills its pane, and the boxes of the step are always in sight.

const pane = $("pane"), svg = pane.querySelector("svg");
const MARGIN = 6, CLOSEST = 3, LETTERS = 10; // pixels; times; the height of text on an arrow
const READABLE = 0.0201; // of the height of the screen: a text that a class can read
const view = { x: 0, y: 0, scale: 1, height: 0, isByHand: false, isWhole: false };

// Where a part of the picture is, in its own measure.
function placeOf(part) {
  const { x, y, width, height } = part.getBBox();
  const { e, f } = svg.querySelector(".graph").transform.baseVal.consolidate().matrix;
  return { left: x + e, top: y + f, right: x + e + width, bottom: y + f + height };
}

function union(places) {
  const most = (pick, side) => pick(...places.map(place => place[side]));
  return {
    left: most(Math.min, "left"), top: most(Math.min, "top"),
    right: most(Math.max, "right"), bottom: most(Math.max, "bottom"),
  };
}

const whole = () => {
  const { width, height } = svg.viewBox.baseVal;
  return { left: 0, top: 0, right: width, bottom: height };
};
const room = () => ({ width: pane.clientWidth - 2 * MARGIN, height: pane.clientHeight - 2 * MARGIN });

// The scale at which a place fits into the pane.
function scaleFor({ left, top, right, bottom }) {
  const { width, height } = room();
  return Math.min(width / (right - left), height / (bottom - top), CLOSEST);
}

// As large as needed to be read, as small as needed to have both boxes in sight.
function chooseScale(place) {
  if (view.isByHand) return Math.min(view.scale, scaleFor(place));
  const fitting = scaleFor(whole()), readable = READABLE * innerHeight / LETTERS;
  return view.isWhole ? fitting : Math.max(fitting, Math.min(readable, scaleFor(place)));
}

// Move along one axis no more than needed; a picture smaller than the pane stands in its middle.
function shift(from, to, size, length, offset) {
  if (size * view.scale <= length && !view.isByHand) return (length - size * view.scale) / 2 + MARGIN;
  const low = MARGIN - from * view.scale, high = length + MARGIN - to * view.scale;
  const kept = Math.min(Math.max(offset, Math.min(low, high)), Math.max(low, high));
  if (view.isByHand) return kept;
  return Math.min(MARGIN, Math.max(kept, length + MARGIN - size * view.scale));
}

function keepInSight(parts) {
  if (!svg) return;
  const place = parts.length ? union(parts.map(placeOf)) : whole();
  const { width, height } = room(), { right, bottom } = whole();
  view.height = pane.clientHeight;
  view.scale = chooseScale(place);
  view.x = shift(place.left, place.right, right, width, view.x);
  view.y = shift(place.top, place.bottom, bottom, height, view.y);
  aim();
}

function aim() {
  svg.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  $("fit").setAttribute("aria-pressed", view.isWhole);
}

// The whole picture, however small; and, pressed again, what can be read.
function fit() {
  Object.assign(view, { isByHand: false, isWhole: !view.isWhole });
  keepInSight(all(".node.now, .node.from"));
}

// From here on what one looks at is chosen by hand.
function leave() {
  Object.assign(view, { isByHand: true, isWhole: false });
  aim();
}

// Zoom about a point of the pane, its middle by default.
function zoom(times, x = pane.clientWidth / 2, y = pane.clientHeight / 2) {
  const wanted = Math.min(Math.max(view.scale * times, 0.1), 8), by = wanted / view.scale;
  Object.assign(view, { scale: wanted, x: x - (x - view.x) * by, y: y - (y - view.y) * by });
  leave();
}

// Fingers and mouse: one drags, two pinch.
const touches = new Map();

function press(event) {
  touches.set(event.pointerId, event);
}

function drag(event) {
  const before = touches.get(event.pointerId);
  if (!before) return;
  const others = [...touches.values()].filter(touch => touch.pointerId !== event.pointerId);
  touches.set(event.pointerId, event);
  if (others.length) pinch(others[0], before, event);
  else move(event.clientX - before.clientX, event.clientY - before.clientY);
}

function pinch(other, before, after) {
  const { left, top } = pane.getBoundingClientRect();
  const far = touch => Math.hypot(touch.clientX - other.clientX, touch.clientY - other.clientY);
  if (far(before)) zoom(far(after) / far(before), other.clientX - left, other.clientY - top);
}

function move(x, y) {
  if (!x && !y) return;
  Object.assign(view, { x: view.x + x, y: view.y + y });
  leave();
}

function wheel(event) {
  const { left, top } = pane.getBoundingClientRect();
  zoom(1.0015 ** -event.deltaY, event.clientX - left, event.clientY - top);
  event.preventDefault();
}

if (svg) {
  pane.addEventListener("pointerdown", press);
  for (const name of ["pointerup", "pointercancel", "pointerleave"])
    pane.addEventListener(name, event => touches.delete(event.pointerId));
  pane.addEventListener("pointermove", drag);
  pane.addEventListener("wheel", wheel, { passive: false });
  new ResizeObserver(() => keepInSight(all(".node.now, .node.from"))).observe(pane);
}
