// Stepping: from step to step, and what is shown at each.

let timer = 0; // while it plays
let reached = 0; // the step whose row was brought into view

function go(step) {
  const goal = Math.max(0, Math.min(last, step));
  if (goal !== at) [stage, isFirstTry] = [0, true];
  at = goal;
  if (predicting) seen = Math.max(seen, at - 1);
  if (at === last) setPlaying(false);
  show();
}

function show() {
  const told = frames[at - 1] ?? start, frame = isVeiled() ? veil(told) : told;
  showPicture(isVeiled() ? at - 1 : at);
  rows.forEach(showRow);
  put("line", classed(frame.line));
  put("figures", figuresOf(frame));
  setText($("why"), frame.why + frame.here);
  setText($("sum"), frame.sum ?? "");
  setText($("place"), `${at ? `${frame.phase}, ` : ""}step ${at} of ${last}`);
  showControls();
  showSlopes();
  light(told);
  if (at && at !== reached) reach($("list"), rows[at - 1]);
  reached = at;
}

function figuresOf({ figures = [], answer = "", signs: [first, second] = ["=", "="] }) {
  if (answer === "") return classed(figures);
  const worked = figures.length ? [[`${first} `, ""], ...classed(figures)] : [];
  return [...worked, [` ${second} `, ""], [answer, "answer"]];
}

function showRow(row, k) {
  const isHidden = predicting && k >= seen && frames[k].answer !== "";
  const text = isHidden ? `${headOf(frames[k])} ?` : texts[k];
  if (row.firstChild.nodeValue !== text) row.firstChild.nodeValue = text;
  showWas(row, isHidden ? "" : wasText(k));
  row.parentElement.classList.toggle("coming", k >= at);
  if (k === at - 1) row.setAttribute("aria-current", "step");
  else row.removeAttribute("aria-current");
}

function showWas(row, text) {
  if (!text && !row.children.length) return;
  const note = row.querySelector(".was") ?? row.appendChild(document.createElement("span"));
  note.className = "was";
  setText(note, text);
}

function showControls() {
  $("slider").value = at;
  $("slider").setAttribute("aria-valuetext", $("place").textContent);
  $("predict").setAttribute("aria-pressed", predicting);
  $("prediction").hidden = !predicting || at === 0;
  if (isVeiled()) setText($("asked"), PROMPTS[question()](frames[at - 1]));
  const isOff = { first: at === 0, back: at === 0, next: at === last, play: predicting };
  for (const id of ["check", "reveal", "guess"]) isOff[id] = !isVeiled();
  for (const [id, disabled] of Object.entries(isOff)) $(id).disabled = disabled;
  $("guess").value = "";
  judge("", "");
}

// Beside a leaf its derivative, once it is complete; the steepest is where a nudge does most.
function showSlopes() {
  if (!living) return;
  const shown = isVeiled() ? at - 1 : at, isDone = !predicting && shown === last;
  const sizes = living.leaves.map(([place]) => Math.abs(found.grads.get(place)));
  const steepest = Math.max(...sizes);
  for (const [place] of living.leaves) {
    const isFull = isComplete(place, shown), [, , slope] = inputs.get(place), item = slope.parentElement;
    const isSteepest = steepest > 0 && Math.abs(found.grads.get(place)) === steepest;
    setText(slope, isFull ? slopeOf(place, item.dataset.slope) : "");
    item.classList.toggle("steepest", isDone && sizes.length > 1 && isSteepest);
    showTip(boxes.get(`n${place}`), before && wasOf(place, isFull));
  }
}

function slopeOf(place, name) {
  const grad = found.grads.get(place);
  return `${name} ${isHeld(grad) ? "=" : "≈"} ${number(grad)}`;
}

const isComplete = (place, shown) => shown > firstBack
  && living.steps.every((step, k) => step.operand !== place || k < shown);

function showTip(box, text) {
  if (!box) return;
  const title = box.group.querySelector("title") ?? box.group.appendChild(make("title", {}));
  setText(title, text || "");
}

// Scroll a pane, and nothing around it, until it shows a part of it.
function reach(list, part) {
  const inner = part.getBoundingClientRect(), outer = list.getBoundingClientRect();
  const isSeen = inner.top >= outer.top + 8 && inner.bottom <= outer.bottom - 8;
  const top = (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
  if (!isSeen) list.scrollBy({ top, behavior: calm.matches ? "auto" : "smooth" });
}

function next() {
  jump(at + 1);
  if (isVeiled()) $("guess").focus();
}

function jump(step) {
  slide(step);
  remember();
}

// While the slider is dragged, the link stays: a browser takes no more than some links a second.
function slide(step) {
  setPlaying(false);
  go(step);
}

function setPlaying(isPlaying) {
  clearInterval(timer);
  timer = isPlaying && setInterval(tick, 1200);
  setText($("play"), isPlaying ? "pause" : "play");
  $("play").setAttribute("aria-pressed", isPlaying);
}

function tick() {
  go(at + 1);
  remember(false);
}

function play() {
  const wasPlaying = timer;
  if (!wasPlaying) go(at === last ? 0 : at + 1);
  setPlaying(!wasPlaying && at < last);
  remember(false);
}

// One tab stop for a list of parts; up and down go on in it.
function rove(parts, act) {
  parts.forEach((part, i) => {
    part.setAttribute("tabindex", i ? -1 : 0);
    part.addEventListener("focus", () => parts.forEach(x => x.setAttribute("tabindex", x === part ? 0 : -1)));
    part.addEventListener("keydown", event => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) parts[(i + by + parts.length) % parts.length].focus();
      else if (act && ["Enter", " "].includes(event.key)) act(part);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  });
}
