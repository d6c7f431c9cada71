// Places the twelve landmarks of an avatar by hand: editor.html?avatar=ID. Asks its own server only.
const avatar = new URLSearchParams(location.search).get("avatar") ?? "";
const NAMES = ["left_eye_left", "left_eye_top", "left_eye_right", "right_eye_left", "right_eye_top", "right_eye_right",
  "nose_tip", "mouth_left", "lips_middle", "mouth_right", "chin", "hairline"];
const LINES = [["left_eye_left", "left_eye_top", "left_eye_right", "left_eye_left"],
  ["right_eye_left", "right_eye_top", "right_eye_right", "right_eye_left"],
  ["mouth_left", "lips_middle", "mouth_right"], ["hairline", "nose_tip", "lips_middle", "chin"]];
const STEP = 0.002, LARGE_STEP = 0.02, REACH = [-0.5, 1.5], PREVIEW_AFTER = 500; // the last in milliseconds

const find = (id) => document.getElementById(id);
const address = (what) => `${what}/${encodeURIComponent(avatar)}`;
let texts = {}, points = {}, suggested = {}, handles = {}, waiting = 0, asked = 0;

async function ask(path, value) {
  const body = value && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
  const answer = await fetch(path, { cache: "no-store", ...body });
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

function say(sentence, bad = false) {
  find("answer").textContent = sentence;
  find("answer").classList.toggle("bad", bad);
}

function draw() {
  for (const name of NAMES) {
    handles[name].style.left = `${points[name][0] * 100}%`;
    handles[name].style.top = `${points[name][1] * 100}%`;
  }
  find("points").replaceChildren(...LINES.map((line) => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    drawn.setAttribute("class", "line");
    drawn.setAttribute("points", line.map((name) => points[name].join(",")).join(" "));
    return drawn;
  }));
}

function choose(chosen) {
  for (const name of NAMES) {
    handles[name].classList.toggle("current", name === chosen);
    find("name-" + name).classList.toggle("current", name === chosen);
  }
}

function move(name, x, y) {
  const within = (value) => Math.min(Math.max(value, REACH[0]), REACH[1]);
  points[name] = [within(x), within(y)];
  draw();
  find("preview").classList.add("old");
  clearTimeout(waiting);
  waiting = setTimeout(preview, PREVIEW_AFTER);
}

async function preview() {
  const number = ++asked;
  try {
    const picture = await (await ask(address("landmarks") + "/preview", points)).blob();
    if (number !== asked) return;
    URL.revokeObjectURL(find("preview").src);
    find("preview").src = URL.createObjectURL(picture);
    find("preview").classList.remove("old");
    find("preview").hidden = false;
    if (find("answer").classList.contains("bad")) say("");
  } catch (error) {
    if (number === asked) say(error.message, true);
  }
}

function handle(name) {
  const made = document.createElement("button");
  made.className = "point";
  made.title = texts[`Dock.Editor.${name}`];
  made.setAttribute("aria-label", made.title);
  made.addEventListener("focus", () => choose(name));
  made.addEventListener("pointerdown", (event) => {
    made.setPointerCapture(event.pointerId);
    choose(name);
  });
  made.addEventListener("pointermove", (event) => {
    if (!made.hasPointerCapture(event.pointerId)) return;
    const board = find("board").getBoundingClientRect();
    move(name, (event.clientX - board.left) / board.width, (event.clientY - board.top) / board.height);
  });
  made.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    move(name, points[name][0] + way[0] * step, points[name][1] + way[1] * step);
  });
  find("board").append(made);
  const listed = document.createElement("li");
  listed.id = "name-" + name;
  listed.textContent = made.title;
  find("names").append(listed);
  return made;
}

async function save() {
  find("save").disabled = true;
  try {
    const { remarks } = await (await ask(address("landmarks"), points)).json();
    say([texts["Dock.Editor.Saved"], ...remarks].join(" "));
  } catch (error) {
    say(error.message, true);
  }
  find("save").disabled = false;
}

async function begin() {
  const told = await (await ask("texts")).json();
  texts = told;
  document.documentElement.lang = told.language;
  document.title = texts["Dock.Editor.Title"];
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  const found = await (await ask(address("landmarks"))).json();
  suggested = found.points;
  points = structuredClone(suggested);
  find("source").textContent = texts[`Dock.Editor.Source.${found.source}`];
  find("picture").src = address("pictures");
  for (const name of NAMES) handles[name] = handle(name);
  find("save").addEventListener("click", save);
  find("again").addEventListener("click", () => {
    points = structuredClone(suggested);
    draw();
    preview();
  });
  draw();
  preview();
}

begin().catch((error) => say(error.message, true));
