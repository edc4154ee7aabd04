// Data: what Python wrote into the page, and the page's elements.

const $ = id => document.getElementById(id);
const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// What was written for the script is taken out of the page: nothing there tells an answer.
function take(id) {
  const { textContent } = $(id);
  $(id).textContent = "null";
  return JSON.parse(textContent);
}

// A table: the names of the parts, how they are by default, and each record's.
const unpack = ([keys, usual, ...records]) =>
  records.map(record => Object.fromEntries(keys.map((key, i) => [key, record[i] ?? usual[i]])));

const [missteps, table] = take("frames"), frames = unpack(table), last = frames.length;
const living = take("living"); // null where the page cannot follow its leaves
if (living) Object.assign(living, { nodes: unpack(living.nodes), steps: unpack(living.steps) });
const operations = living && makeOperations(library); // one for each kind of node
const words = living?.words;
const firstBack = frames.findIndex(frame => frame.phase === "backward");
const rows = $$("#list li button"), texts = rows.map(row => row.textContent);
const start = { line: [$("line").textContent], why: $("why").textContent, here: "" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

let at = 0; // the step
let found = null; // the run whose numbers are shown

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

const CLASSES = ["", "adjoint", "", "partial"]; // of the parts of a line
const classed = line => line.map((text, i) => [text, CLASSES[i]]);

function put(id, spans) {
  $(id).replaceChildren(...spans.map(([textContent, className]) =>
    Object.assign(document.createElement("span"), { className, textContent })));
}

// Only what is another now is written: the browser looks anew at all that is.
function dress(element, attributes) {
  for (const [key, value] of Object.entries(attributes))
    if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
  return element;
}

const make = (name, attributes) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", name), attributes);
