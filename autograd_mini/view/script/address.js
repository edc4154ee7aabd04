// Address: the link holds the step, the leaves that were changed, the rate and the mode.

const RESERVED = new Set(["step", "rate", "predict"]);
const keyOf = place => RESERVED.has(nameOf(place)) ? `.${nameOf(place)}` : nameOf(place);

function address() {
  const parts = [`step=${at}`];
  const first = living ? initialData() : [];
  for (const [place] of living?.leaves ?? [])
    if (!Object.is(data[place], first[place])) parts.push(`${encodeURIComponent(keyOf(place))}=${data[place]}`);
  if (living && $("rate").value !== $("rate").defaultValue) parts.push(`rate=${$("rate").value}`);
  if (predicting) parts.push("predict");
  return `#${parts.join("&")}`;
}

// A frame in a notebook has no address of its own.
function remember(isNew = true) {
  const wanted = address();
  if (wanted === location.hash) return;
  try {
    if (isNew) history.pushState(null, "", wanted);
    else history.replaceState(null, "", wanted);
  } catch { /* then the state is in the page alone */ }
}

// Go where the address says; what it says wrong is told, and left aside.
function obey() {
  const given = new Map(location.hash.slice(1).split("&").map(part => part.split("=").map(decode)));
  const troubles = living ? [...setLeaves(given), ...setRate(given)] : [];
  const step = given.get("step");
  if (step !== undefined && !/^-?\d+$/.test(step)) troubles.push(`step = ${step}: the steps are 0 to ${last}`);
  const goal = Math.trunc(Number(step)) || 0;
  predicting = given.has("predict");
  if (predicting) [seen, stage] = [goal - 1, 0];
  go(goal);
  if (troubles.length) setText($("trouble"), `The link says ${troubles.join("; ")}.`);
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function setLeaves(given) {
  const troubles = [], wanted = initialData();
  const places = new Map(living.leaves.map(([place]) => [keyOf(place), place]));
  for (const [key, text] of given) {
    const place = places.get(key), x = Number(text);
    if (key === "" || RESERVED.has(key)) continue;
    if (place === undefined) troubles.push(`${key} = ${text}: no leaf is called so`);
    else if (text === "" || !isFiniteNumber(x)) troubles.push(`${key} = ${text}: a leaf is a finite number`);
    else wanted[place] = x;
  }
  if (wanted.some((x, place) => !Object.is(x, data[place])) && !change([...wanted.entries()], null))
    troubles.push($("trouble").textContent);
  return troubles;
}

function setRate(given) {
  const text = given.get("rate") ?? $("rate").defaultValue, x = Number(text);
  const isGood = text !== "" && isFiniteNumber(x);
  if (isGood) $("rate").value = text;
  return isGood ? [] : [`rate = ${text}: the rate is a finite number`];
}
