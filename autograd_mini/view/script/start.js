// Start: what the buttons and keys do, and the state that the address asks for.

const acts = {
  first: () => jump(0), back: () => jump(at - 1), play, next, check, reveal,
  predict: togglePredicting,
  closer: () => zoom(1.25), farther: () => zoom(0.8), fit,
  copy: copyLink, svg: () => download(svgBlob(), "graph.svg"), png: savePng,
  undo, learn,
};
for (const [id, act] of Object.entries(acts)) $(id)?.addEventListener("click", act);
$("slider").addEventListener("input", event => slide(Number(event.target.value)));
$("slider").addEventListener("change", () => remember());
rows.forEach((row, k) => row.addEventListener("click", () => jump(k + 1)));
rove(rows);
rove([...boxes.values()].map(box => box.group), group => boxes.get(group.id).goOn());
addEventListener("popstate", obey);
addEventListener("hashchange", obey);

const KEYS = {
  ArrowRight: next, ArrowLeft: acts.back, Home: acts.first, End: () => jump(last),
  "+": acts.closer, "-": acts.farther, 0: fit,
};

function actFor({ key, target: { id, tagName, value } }) {
  if (id === "guess") return key === "Enter" ? check : value ? null : KEYS[key.length > 1 ? key : ""];
  if (tagName === "INPUT" && id !== "slider") return null; // the keys of a field are its own
  if (key === " " && !predicting && tagName !== "BUTTON") return play;
  return KEYS[key];
}

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actFor(event);
  if (act) {
    act();
    event.preventDefault();
  }
});

if (living) {
  living.computed = [];
  for (const node of living.nodes) living.computed[node.place] = node;
  data = initialData();
  found = run(data);
  for (const [place] of living.leaves) showLeaf(place);
  $("rate").addEventListener("change", () => remember());
}
// A notebook's frame has no address, and may not save files.
if (location.protocol === "about:")
  for (const id of ["copy", "svg", "png"]) $(id)?.setAttribute("hidden", "");
obey();
