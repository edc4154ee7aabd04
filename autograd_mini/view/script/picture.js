// Picture: the boxes and arrows, each as far as the steps have come.

const TONES = ["positive", "negative", "zero", "alarm"];
const GAP = "\u00a0\u00a0";
const RIM = 8; // around the text in a box
const rooms = new Map(); // how wide each text may be
const rewritten = new Set();

function inscribe(text, content) {
  setText(text, content);
  if (text) rewritten.add(text);
}

// What is wider than the room that it has is squeezed.
function squeeze() {
  for (const text of rewritten) text.removeAttribute("textLength");
  const wide = [...rewritten].filter(text => text.getComputedTextLength() > rooms.get(text));
  for (const text of wide)
    dress(text, { textLength: rooms.get(text), lengthAdjust: "spacingAndGlyphs" });
  rewritten.clear();
}

function setRoom(parts, width) {
  for (const text of parts) {
    rooms.set(text, width > 0 ? width : Infinity); // a page not seen has none
    rewritten.add(text);
  }
}

// One box, which fills when its gradient is complete.
class Box {
  constructor(group) {
    this.group = group;
    this.texts = $$("text", group);
    [, this.data, this.grad] = this.texts;
    this.shapes = $$("path, polygon", group);
    setRoom(this.texts, this.shapes[0]?.getBBox().width - RIM);
    this.isSingle = group.id.startsWith("n");
    this.place = Number(group.id.slice(1));
    this.given = group.classList.contains("leaf") ? this.data.textContent : "data ?";
    this.steps = [];
    this.hidden = this.isSingle ? [] : this.texts.slice(1);
    this.lines = this.hidden.map(line => line.textContent);
    group.setAttribute("role", "button");
    group.addEventListener("click", () => this.goOn());
  }
  get name() {
    return this.texts[0].textContent;
  }
  goOn() {
    jump(this.steps.find(step => step > at) ?? this.steps[0] ?? at);
  }
  latest(phase, k) {
    return frames[this.steps.findLast(step => step <= k && frames[step - 1].phase === phase) - 1];
  }
  isFull(k) {
    const grad = this.latest("backward", k);
    return Boolean(grad) && grad === this.latest("backward", last);
  }
  show(k) {
    const isFull = this.isFull(k);
    this.group.classList.toggle("todo", !isFull);
    if (this.isSingle) {
      inscribe(this.data, this.latest("forward", k)?.text ?? this.given);
      inscribe(this.grad, this.latest("backward", k)?.text ?? (k > firstBack ? "grad 0" : "grad"));
    } // what several values have in common is told when all of it is known
    else this.hidden.forEach((line, i) => inscribe(line, isFull ? this.lines[i] : ""));
    this.group.setAttribute("aria-label", this.said());
  }
  said() {
    const numbers = this.isSingle ? [this.data, this.grad].map(text => text?.textContent ?? "") : [];
    return [this.name, ...numbers].join(", ");
  }
  // Give it the look of new numbers.
  redraw({ data, grads }, depth) {
    const { group, place } = this, x = data[place], grad = grads.get(place);
    const isBad = !isFiniteNumber(x), look = tone(isBad ? NaN : grad);
    if (group.classList.contains("leaf")) this.given = writeData(place, data);
    group.classList.toggle("bad-data", isBad);
    group.classList.toggle("bad-grad", isAlarming(grad));
    if (group.classList.contains("dim")) return;
    setTone(group, look);
    dress(this.shapes[0], { fill: look.fill || tint(look.colour, depth(grad)) });
    const width = group.classList.contains("output") ? "2.5" : look.width;
    for (const shape of this.shapes) dress(shape, { stroke: look.frame, "stroke-width": width });
    for (const text of this.texts) dress(text, { fill: look.text });
  }
}

// One arrow: grey and forward, as the values flow, until the gradient comes back along it.
class Arrow {
  constructor(group) {
    this.group = group;
    [this.path, this.head] = $$("path, polygon", group);
    this.texts = $$("text", group);
    setRoom(this.texts, Math.max(...this.texts.map(text => text.getComputedTextLength())));
    this.lines = this.texts.map(text => text.textContent);
    this.frame = frames.find(frame => frame.phase === "backward" && frame.arrows.includes(group.id));
    this.marks = this.lines[0]?.split(this.chain()[0])[0];
    this.path.after(make("path", { class: "forward", fill: "none", d: this.way() }));
  }
  chain() {
    const { figures, signs, answer } = this.frame;
    return [figures.join(""), `${signs[1]} ${answer}`];
  }
  // The path was cut to make room for the head that points back: begin at the tip of that.
  way() {
    const path = this.path.getAttribute("d");
    if (!this.head) return path;
    const [x, y] = path.match(/-?[\d.]+/g).map(Number);
    const corners = this.head.getAttribute("points").trim().split(/\s+/).map(p => p.split(",").map(Number));
    const far = ([a, b]) => Math.hypot(a - x, b - y);
    const tip = corners.reduce((p, q) => far(p) >= far(q) ? p : q);
    const edge = tip.map((z, i) => z + 0.4 * (z - [x, y][i])); // as far as the width of its line
    return `M${edge}L${path.slice(1)}`;
  }
  show(isPlain, isComing, isNow) {
    const { classList } = this.group;
    classList.toggle("plain", isPlain);
    classList.toggle("coming", isComing);
    classList.toggle("now", isNow);
    this.texts.forEach((text, i) => inscribe(text, isPlain ? "" : this.lines[i]));
  }
  redraw(term, size) {
    const { group } = this, look = tone(term), [first, second] = this.chain();
    if (this.lines.length) this.lines = [`${this.marks}${first}${GAP}`, `${GAP}${second}${GAP}`];
    if (group.classList.contains("dim")) return;
    setTone(group, look);
    const line = { stroke: look.colour, "stroke-width": general(0.8 + 3 * size(term), 2) };
    dress(this.path, /\bway/.test(group.classList) ? line : { ...line, "stroke-dasharray": look.dash });
    dress(this.head, { ...line, fill: look.colour });
    for (const text of this.texts) dress(text, { fill: look.onArrow });
  }
}

function setTone({ classList }, { name }) {
  for (const other of TONES) classList.toggle(other, other === name);
}

const graph = $("graph");
const TIP = { id: "tip", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8,
  markerUnits: "userSpaceOnUse", orient: "auto" };

function addTip() {
  const marker = make("marker", TIP);
  marker.append(make("path", { d: "M0,1L8,4L0,7z" }));
  graph.querySelector("svg")?.append(marker);
}

addTip();
const all = selector => $$(selector, graph);
const boxes = new Map(all(".node:not(.constant, .more)").map(group => [group.id, new Box(group)]));
const arrows = new Map(all(".edge:not(.constant, .more)").map(group => [group.id, new Arrow(group)]));
frames.forEach((frame, k) => boxes.get(frame.box)?.steps.push(k + 1));

// The look of everything follows new numbers.
function redraw() {
  const depth = scale([...found.grads.values()]), shares = new Map();
  found.receipts.forEach((receipt, k) => receipt && shares.set(frames[k].arrows[0], receipt.term));
  const size = scale([...shares.values()]);
  for (const box of boxes.values()) box.redraw(found, depth);
  for (const [id, arrow] of arrows) arrow.redraw(shares.get(id), size);
}

// Show the picture as it is after some steps; the last of them may still be veiled.
function showPicture(shown) {
  for (const box of boxes.values()) box.show(shown);
  const reached = new Map();
  frames.slice(0, at).forEach((frame, k) => frame.arrows.forEach(id => reached.set(id, k)));
  for (const [id, arrow] of arrows) {
    const k = reached.get(id);
    arrow.show(k === undefined || frames[k].phase === "forward" || k >= shown, k === undefined, k === at - 1);
  }
  squeeze();
}

function light(frame) {
  const lit = { now: $(frame.box), from: $(frame.source) };
  const isOld = ([name, group]) => group === graph.querySelector(`.node.${name}`);
  const isLit = Object.entries(lit).every(isOld);
  for (const group of all(".node.now, .node.from")) group.classList.remove("now", "from");
  for (const [name, group] of Object.entries(lit)) group?.classList.add(name);
  for (const item of $$("#legend li[data-shows]")) item.hidden = !graph.querySelector(item.dataset.shows);
  const isRoomNew = pane.clientHeight !== view.height; // what is told has taken its own
  if (!isLit || isRoomNew) keepInSight(Object.values(lit).filter(Boolean));
}
