// Saving: the whole picture with the present numbers, as a file, and the link to this state.

function wholePicture() {
  const here = at;
  at = last;
  showPicture(last);
  const copy = svg.cloneNode(true);
  at = here;
  showPicture(isVeiled() ? at - 1 : at);
  copy.removeAttribute("style");
  for (const part of $$(".forward", copy)) part.remove();
  for (const group of $$(".node, .edge", copy))
    group.classList.remove("todo", "plain", "coming", "now", "from");
  return new XMLSerializer().serializeToString(copy);
}

function download(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const svgBlob = () => new Blob([wholePicture()], { type: "image/svg+xml" });

async function savePng() {
  const { width, height } = svg.viewBox.baseVal, image = new Image(), sharp = 2;
  const canvas = Object.assign(document.createElement("canvas"), { width: width * sharp, height: height * sharp });
  image.src = URL.createObjectURL(svgBlob());
  try {
    await image.decode();
  } catch {
    setText($("copied"), "a PNG cannot be made here; SVG can");
    return;
  }
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  canvas.toBlob(blob => download(blob, "graph.png"));
}

async function copyLink() {
  remember(false);
  try {
    await navigator.clipboard.writeText(location.href);
    setText($("copied"), "copied");
  } catch {
    setText($("copied"), location.href);
  }
}
