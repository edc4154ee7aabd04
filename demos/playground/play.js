// The page. What is typed goes to Python in a worker; what Python tells comes back as text, or as a
// document for a closed frame: nothing that a link or a label holds can act in this page.
const $ = id => document.getElementById(id);
const state = { view: "page", history: [], at: 0, entries: [], expression: null, place: null, papers: {}, acting: 0, isReady: false, shown: "",
  html: "", stage: Promise.resolve() };
const PATIENCE = 3000; // milliseconds until a document that is written must be there
const STARTING = "Python is on its way …";
let worker, count = 0, waiting = new Map();

// Python --------------------------------------------------------------------------------------------

// A worker that is made from a blob lives under this page's policy: it has no network but our folder.
function start() {
  status(STARTING);
  const address = JSON.stringify(new URL("worker.js", location.href).href);
  const entry = new Blob([`import ${address};`], { type: "text/javascript" });
  worker = new Worker(URL.createObjectURL(entry), { type: "module" });
  worker.onmessage = ({ data }) => data.id ? settle(data) : told[data.kind]?.(data.text);
  worker.onerror = () => status("Python cannot start here: this browser is too old, or a file is missing");
  return ask("hello").then(welcome, error => status(`Python cannot start: ${error.message}`));
}

function ask(call, ...args) {
  return new Promise((resolve, reject) => {
    waiting.set(++count, { resolve, reject });
    worker.postMessage({ id: count, call, args });
  });
}

function settle({ id, reply, error, isBroken }) {
  const { resolve, reject } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (isBroken && state.isReady) {
    reject?.(new Error(""));
    restart("Python broke off: a chain of thousands of operations is too deep for it in a browser.");
  } else if (error) reject?.(new Error(error));
  else resolve?.(reply);
}

function welcome(lessons) {
  $("lessons").replaceChildren(...JSON.parse(lessons).map(({ number, question, needs }) => {
    const option = new Option(`${number}  ${question}${needs ? ` (needs a computer: ${needs})` : ""}`, `:lesson ${number}`);
    option.disabled = Boolean(needs);
    return option;
  }));
  $("activity").disabled = false;
  state.isReady = true;
  document.body.dataset.ready ??= Math.round(performance.now());
  status("ready");
}

async function restart(why) {
  worker.terminate();
  for (const { reject } of waiting.values()) reject(new Error(""));
  Object.assign(state, { entries: [], isReady: false });
  waiting = new Map();
  const place = state.place;
  print("error", `${why} It starts afresh: the names you made are gone; the up arrow brings your lines back.\n`);
  told.prompt(">>> ");
  await start();
  if (place) await act("begin", place.number, place.at);
}

// Call Python, if there is a call, and show afterwards what there is to see.
async function act(call, ...args) {
  state.shown = "";
  document.body.dataset.acting = ++state.acting; // for the tests
  const busy = setTimeout(() => status("running …"), 300);
  try {
    if (call) {
      $("alive")?.remove();
      await ask("fit", columns());
    }
    const reply = call && await ask(call, ...args);
    if (!state.shown) await look();
    await state.stage;
    return reply;
  } catch (error) {
    if (error.message) print("error", `${error.message}\n`);
  } finally {
    clearTimeout(busy);
    status(state.isReady ? "ready" : STARTING);
    document.body.dataset.acting = --state.acting;
  }
}

// How many letters of Python's stand side by side.
function columns() {
  const { clientWidth } = $("log"), { paddingLeft, paddingRight } = getComputedStyle($("log"));
  const ink = document.createElement("canvas").getContext("2d");
  ink.font = getComputedStyle($("prompt")).font;
  return Math.floor((clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / ink.measureText("0").width);
}

// What Python tells ---------------------------------------------------------------------------------

const told = {
  out: text => print("out", text),
  error: text => print("error", text),
  prompt: text => { $("prompt").textContent = text.trim(); },
  ran: text => { state.entries.push(text); state.expression = null; },
  expression: text => { state.expression = JSON.parse(text); },
  html: text => { state.shown = "html"; exhibit(text); },
  svg: text => { state.shown = "svg"; exhibit(framed(text)); },

  // A statement of a lesson: its narration, then the statement, lit as long as it is the next.
  said(text) {
    const start = text.search(/^>>> /m);
    const [narration, statement] = start < 0 ? [text, ""] : [text.slice(0, start), text.slice(start)];
    const block = Object.assign(document.createElement("pre"), { className: "said", textContent: narration });
    for (const old of $("log").querySelectorAll(".now")) old.classList.remove("now");
    if (statement) block.append(Object.assign(document.createElement("code"), { className: "statement now", textContent: statement }));
    put(block);
  },

  place(text) {
    const before = state.place?.number;
    state.place = JSON.parse(text);
    $("steps").hidden = !state.place;
    $("activity").value = state.place ? `:lesson ${state.place.number}` : "";
    if (state.place?.number === before) return;
    $("desk").hidden = true;
    if (state.place) choose("picture");
  },

  desk(text) {
    const { file, content, keep, tools } = JSON.parse(text);
    $("desk").hidden = false;
    $("file").textContent = file;
    $("paper").value = keep && state.papers[file] || content;
    $("tools").replaceChildren(...tools.map(([name, command]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.onclick = async () => { await ask("save", file, $("paper").value); await enter(command, ">>>"); };
      return button;
    }));
  },
};

const status = text => { $("state").textContent = text; };

function print(kind, text) {
  const last = $("log").lastElementChild;
  if (last?.className === kind) last.append(text);
  else put(Object.assign(document.createElement("pre"), { className: kind, textContent: text }));
  $("log").scrollTop = $("log").scrollHeight;
}

function put(block) {
  $("log").append(block);
  $("log").scrollTop = $("log").scrollHeight;
}

// What there is to see ------------------------------------------------------------------------------

function choose(view) {
  state.view = view;
  light(view);
}

function light(view) {
  for (const button of $("views").children) button.setAttribute("aria-pressed", button.value === view);
}

async function look() {
  const { html, svg, text, view } = JSON.parse(await ask("look", state.view));
  light(view);
  if (text) explain(text);
  else if (html || svg) exhibit(html || framed(svg));
}

function explain(text) {
  $("explanation").textContent = text;
  $("explanation").hidden = false;
  $("stage").hidden = true;
}

const LOOK = ":root { color-scheme: light dark; } body { margin: 1rem; text-align: center; } svg { max-width: 100%; height: auto; }";
const framed = svg => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>picture</title><style>${LOOK}</style></head><body><main>${svg}</main></body></html>`;

// Show a document in a frame of its own, which has no access to this page and no network; documents
// come one after the other.
const exhibit = html => state.stage = state.stage.then(() => stage(html));

async function stage(html) {
  $("explanation").hidden = true;
  $("stage").hidden = false;
  if (html === state.html) return; // and what was done to it stays
  state.html = html;
  const policy = await policyOf(html), frame = document.createElement("iframe"), old = [...$("stage").children];
  Object.assign(frame, { sandbox: "allow-scripts", title: "the value, drawn", src: "frame.html" });
  $("stage").prepend(frame);
  await loaded(frame);
  frame.contentWindow.postMessage({ policy, html }, "*");
  await Promise.race([loaded(frame), new Promise(done => setTimeout(done, PATIENCE))]);
  for (const other of old) other.remove();
}

const loaded = frame => new Promise(done => frame.addEventListener("load", done, { once: true }));

// Allow the styles and the scripts that a document holds, and nothing else.
async function policyOf(html) {
  const [styles, scripts] = await Promise.all(["style", "script"].map(async kind => {
    const found = [...html.matchAll(new RegExp(`<${kind}>(.*?)</${kind}>`, "gs"))];
    return (await Promise.all(found.map(([, text]) => fingerprint(text)))).join(" ") || "'none'";
  }));
  return `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${styles}; script-src ${scripts}`;
}

async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

// Typing --------------------------------------------------------------------------------------------

async function enter(text, prompt = $("prompt").textContent) {
  const typed = Object.assign(document.createElement("pre"), { className: "typed" });
  typed.textContent = `${prompt} ${text}\n`;
  if (text.trim()) {
    put(typed);
    state.history.push(text);
  }
  state.at = state.history.length;
  if (await act("enter", text) !== "more") return;
  typed.remove();
  state.history.pop();
  write(`${text}\n${/^\s*/.exec(text.split("\n").at(-1))[0]}${text.trimEnd().endsWith(":") ? "    " : ""}`);
}

function write(text) {
  Object.assign($("line"), { value: text, rows: Math.min(text.split("\n").length, 12) });
  $("line").setSelectionRange(text.length, text.length);
}

function submit(event) {
  event?.preventDefault();
  const text = $("line").value;
  $("choices").textContent = "";
  if (/\n[ \t]+\S.*$/.test(text)) return write(`${text}\n${/\n([ \t]+)\S.*$/.exec(text)[1]}`); // a block ends with an empty line
  write("");
  return enter(text.replace(/\n[ \t]*$/, "\n"));
}

async function complete() {
  const { value, selectionStart } = $("line");
  const before = value.slice(0, selectionStart), matches = JSON.parse(await ask("complete", before));
  const word = /[\w.]*$/.exec(before)[0], common = matches.reduce(shared, matches[0] ?? word);
  $("line").setRangeText(common, selectionStart - word.length, selectionStart, "end");
  $("choices").textContent = matches.length > 1 ? matches.join("  ") : "";
}

const shared = (a, b) => { let n = 0; while (n < a.length && a[n] === b[n]) n++; return a.slice(0, n); };

function recall(step) {
  state.at = Math.max(0, Math.min(state.history.length, state.at + step));
  write(state.history[state.at] ?? "");
}

function key(event) {
  const { value, selectionStart: at } = $("line"), isCode = /[\w.]$/.test(value.slice(0, at));
  const acts = {
    Enter: () => event.shiftKey || submit(event),
    Tab: () => !event.shiftKey && isCode && (event.preventDefault(), complete()),
    ArrowUp: () => value.slice(0, at).includes("\n") || (event.preventDefault(), recall(-1)),
    ArrowDown: () => value.slice(at).includes("\n") || (event.preventDefault(), recall(1)),
  };
  acts[event.key]?.();
}

// Links ---------------------------------------------------------------------------------------------

const through = async (bytes, stream) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

async function pack(text) {
  const bytes = await through(text, new CompressionStream("deflate-raw"));
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
  return new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
}

async function address() {
  const { place, expression, entries } = state;
  if (place) return `#lesson=${place.number}&at=${place.at}`;
  const pairs = expression && entries.length === 1 && Object.entries({ expr: expression[0], ...expression[1] });
  if (pairs) return `#${pairs.map(pair => pair.map(encodeURIComponent).join("=")).join("&")}`;
  return entries.length ? `#code=${await pack(entries.join("\f"))}` : "";
}

async function copy() {
  history.replaceState(null, "", await address() || location.pathname);
  try {
    await navigator.clipboard.writeText(location.href);
    status("link copied");
  } catch {
    status("the link is in the address bar");
  }
}

async function follow() {
  try {
    const { code, lesson, at, expr, ...numbers } = Object.fromEntries(location.hash.slice(1).split("&").map(pair => {
      const [name, ...value] = pair.split("=").map(decodeURIComponent);
      return [name, value.join("=")];
    }));
    if (lesson) await act("begin", Number(lesson), Number(at ?? 0));
    else if (expr) await act("express", expr, JSON.stringify(numbers));
    else if (code) for (const entry of (await unpack(code)).split("\f")) await enter(entry);
  } catch {
    print("error", "This link cannot be read.\n");
  } finally {
    document.body.dataset.followed = location.hash; // for the tests
  }
}

$("entry").onsubmit = submit;
$("line").onkeydown = key;
$("link").onclick = copy;
$("stop").onclick = () => restart("Python was stopped.");
$("back").onclick = () => enter(":back");
$("next").onclick = () => enter("");
$("activity").onchange = () => { enter($("activity").value || ":leave", ">>>"); $("line").focus(); };
$("views").onclick = ({ target }) => { if (target.value) { choose(target.value); act(); } };
$("paper").oninput = () => { state.papers[$("file").textContent] = $("paper").value; };
addEventListener("hashchange", follow);
$("line").focus();
await start();
await follow();
