// The dock page. All addresses are relative to the page's own, which holds the token.

import { draw } from "./graph.js";
import { watch } from "./seen.js";

const PAUSE = 500;  // milliseconds between looks at the state
const OFTEN = 3000;  // and at what sources and avatars there are
const OWN_FILE = "file";  // the id of the picture that is chosen in the properties
const LEAST_FPS = 30, LEAST_DELAY = 50;  // of the graphs' scales

const $ = (id) => document.getElementById(id);
let texts = {};
let source = null;  // id of the source that is shown
let state = null;
let sourcesSeen = "", sourcesAt = 0, galleryAt = 0;
let avatars = [];
const asked = {};  // settings that were asked for and have not come back yet: key -> [value, until]

const text = (key, values = {}) =>
  Object.entries(values).reduce((sentence, [name, value]) => sentence.replace(`{${name}}`, value), texts[key] ?? key);

// ---- talking to the worker ------------------------------------------------------------------------------------------

class Refused extends Error {}
class NoFace extends Refused {}

async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: "no-store", ...options });
  if (answer.status === 409) throw new NoFace(await answer.text());
  if (!answer.ok) throw new Refused(await answer.text());
  return answer;
}

const askJSON = async (path) => (await ask(path)).json();

const tell = (path, value) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

const ofSource = (what) => `sources/${encodeURIComponent(source)}/${what}`;

async function set(key, value) {
  asked[key] = [value, Date.now() + 2000];
  render();
  await tell(ofSource("set"), { [key]: value }).catch(complain);
}

// ---- what is shown --------------------------------------------------------------------------------------------------

function values() {
  const shown = { ...state.values };
  for (const [key, [value, until]] of Object.entries(asked)) {
    if (shown[key] === value || Date.now() > until) delete asked[key];
    else shown[key] = value;
  }
  return shown;
}

function render() {
  if (!state || !state.status.state) return;
  const { status } = state, now = values();
  $("state").dataset.state = status.state;
  $("state").firstChild.textContent = text("Dock.State." + status.state);
  $("state").lastChild.textContent = status.message || (status.face ? text("Dock.Face.Found") : "");
  for (const key of ["mirror", "hidden"]) $(key).setAttribute("aria-pressed", String(now[key]));
  $("badge").querySelector("input").checked = now.badge;
  $("badge").querySelector("small").textContent = text(now.badge ? "Dock.Badge.On" : "Dock.Badge.Off");
  $("badge").classList.toggle("off", !now.badge);
  $("own-file").hidden = !state.own_file;
  for (const button of $("gallery").querySelectorAll("button[data-id]")) {
    button.setAttribute("aria-pressed", String(button.dataset.id === now.avatar));
  }
  const live = status.fps > 0;
  $("fps").textContent = live ? Math.round(status.fps) : "–";
  $("delay").textContent = live ? text("Dock.Milliseconds", { number: Math.round(status.delay_ms) }) : "–";
  draw($("fps-graph"), state.minute.map(([when, fps]) => [when, fps]), LEAST_FPS, "#718cdc");
  draw($("delay-graph"), state.minute.map(([when, , delay]) => [when, delay]), LEAST_DELAY, "#d9a55b");
}

function say(sentence, bad = false) {
  $("said").textContent = sentence;
  $("said").classList.toggle("bad", bad);
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { $("said").textContent = ""; }, 3000 + 60 * sentence.length);
}

const complain = (error) => { if (error instanceof Refused) say(error.message, true); };

// ---- gallery --------------------------------------------------------------------------------------------------------

async function loadGallery() {
  galleryAt = Date.now();
  const found = await askJSON("avatars");
  if (JSON.stringify(found) === JSON.stringify(avatars)) return;
  avatars = found;
  const own = tile({ id: OWN_FILE, title: text("Dock.OwnFile") }, ofSource("file"));
  own.id = "own-file";
  $("avatars").replaceChildren(...avatars.map((avatar) => tile(avatar, "thumbnails/" + encodeURIComponent(avatar.id))), own);
  render();
}

function tile(avatar, src) {
  const image = Object.assign(new Image(), { loading: "lazy", src, alt: "" });
  const button = Object.assign(document.createElement("button"), { title: avatar.title });
  button.dataset.id = avatar.id;
  button.append(image, Object.assign(document.createElement("span"), { textContent: avatar.title }));
  button.addEventListener("click", () => set("avatar", avatar.id));
  const item = document.createElement("li");
  item.append(button);
  if (avatar.id.startsWith("user:")) item.append(editLink(avatar));
  return item;
}


async function add(files) {
  for (const file of files) {
    const named = { name: file.name };
    if (file.size > texts.largest) {
      say(text("Dock.Add.Large", { ...named, megabytes: texts.largest >> 20 }), true);
      continue;
    }
    say(text("Dock.Add.Busy", named));
    try {
      const added = await send(file, "");
      say([text("Dock.Add.Done", named), ...added.remarks].join(" "));
      await loadGallery();
    } catch (error) {
      if (error instanceof NoFace && confirm(text("Dock.Add.ByHand", named))) await addByHand(file);
      else say(error instanceof Refused ? error.message : text("Dock.Lost"), true);
    }
  }
}

const send = async (file, how) => (await ask("avatars?name=" + encodeURIComponent(file.name) + how,
  { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file })).json();

const editorOf = (avatar) => "editor.html?avatar=" + encodeURIComponent(avatar);

/** Leads to the editor of an avatar's landmarks: those that were found may be put right, too. */
function editLink(avatar) {
  const named = text("Dock.Editor.Open", { name: avatar.title });
  const link = Object.assign(document.createElement("a"), { href: editorOf(avatar.id), title: named, textContent: "✎" });
  link.setAttribute("aria-label", named);
  return link;
}

/** Takes a picture in which no face was found; its landmarks are placed on the editor's page. */
async function addByHand(file) {
  const added = await send(file, "&by_hand=1");
  location.href = editorOf(added.id);
}

// ---- sources --------------------------------------------------------------------------------------------------------

async function loadSources() {
  sourcesAt = Date.now();
  const sources = await askJSON("sources");
  const wanted = sources.find((one) => one.id === source) ?? sources.find((one) => one.name === localStorage.source) ?? sources[0];
  if (JSON.stringify(sources) !== sourcesSeen) {
    sourcesSeen = JSON.stringify(sources);
    $("source").replaceChildren(...sources.map(({ id, name }, index) => new Option(distinct(sources, name, index), id)));
    $("choice").hidden = sources.length < 2;
  }
  choose(wanted.id);
}

/** Two OBSes may have sources of one name. */
function distinct(sources, name, index) {
  const before = sources.slice(0, index).filter((one) => one.name === name).length;
  return before ? `${name} (${before + 1})` : name || text("Dock.Title");
}

function choose(id) {
  if (source !== id) {
    for (const key of Object.keys(asked)) delete asked[key];
    avatars = [];  // the gallery is made anew: the picture file is the source's own
    galleryAt = 0;
  }
  source = $("source").value = id;
}

// ---- life -----------------------------------------------------------------------------------------------------------

async function look() {
  try {
    if (source === null || Date.now() - sourcesAt > OFTEN) await loadSources();
    state = await askJSON(ofSource("state"));
    if (Date.now() - galleryAt > OFTEN) await loadGallery();
    $("lost").hidden = true;
    render();
  } catch (error) {
    if (error instanceof Refused) source = null;  // it has just gone; the next look finds another
    else $("lost").hidden = false;
  }
}

async function go() {
  for (;;) {
    if (!document.hidden) await look();
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

function connect() {
  $("calibrate").addEventListener("click", () =>
    tell(ofSource("calibrate"), {}).then(() => say(text("Dock.Calibrated")), complain));
  for (const key of ["mirror", "hidden"]) $(key).addEventListener("click", () => set(key, !values()[key]));
  $("badge").querySelector("input").addEventListener("change", (event) => set("badge", event.target.checked));
  $("source").addEventListener("change", () => {
    choose($("source").value);
    localStorage.source = $("source").selectedOptions[0].textContent;
    look();
  });
  $("add").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => add([...$("file").files]).finally(() => { $("file").value = ""; }));
  window.addEventListener("resize", render);

  const drop = (shown) => (event) => { event.preventDefault(); $("drop").hidden = !shown; };
  window.addEventListener("dragenter", drop(true));
  window.addEventListener("dragover", drop(true));
  window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("drop").hidden = true; });
  window.addEventListener("drop", (event) => { drop(false)(event); add([...event.dataTransfer.files]); });

  watch($("look"), $("picture"), $("nothing"), async () => {
    const answer = await ask(ofSource("seen"));
    return answer.status === 200 ? answer.blob() : null;
  });
}

async function begin() {
  texts = await askJSON("texts");
  document.documentElement.lang = texts.language;
  document.title = text("Dock.Title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-help]")) element.title = text(element.dataset.help);
  document.body.hidden = false;
  connect();
  await go();
}

begin();
