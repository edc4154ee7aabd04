// Python lives here, apart from the page: what never ends stops nothing but itself.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { instance } from "./viz.js";

const tell = (kind, text) => postMessage({ kind, text });

async function fetched(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name} is missing (${answer.status})`);
  return answer.arrayBuffer();
}

async function start() {
  const extractDir = "/packages", env = { HOME: "/home", NO_COLOR: "1" };
  const [python, viz, wheel, graphviz, play] = await Promise.all([
    loadPyodide({ env }), instance(), ...["autograd_mini.whl", "graphviz.zip", "play.py"].map(fetched),
  ]);
  for (const archive of [wheel, graphviz]) python.unpackArchive(archive, "zip", { extractDir });
  python.FS.writeFile(`${extractDir}/play.py`, new Uint8Array(play));
  python.pyimport("sys").path.append(extractDir);
  const render = (source, engine) => viz.renderString(source, { format: "svg", engine });
  python.registerJsModule("browser", { tell, render });
  return python.pyimport("play");
}

const ready = start();

onmessage = async ({ data: { id, call, args } }) => {
  try {
    postMessage({ id, reply: (await ready)[call](...args) });
  } catch (error) {
    postMessage({ id, error: String(error), isBroken: error.name !== "PythonError" });
  }
};
