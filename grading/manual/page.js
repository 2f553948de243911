// The marking page. What others wrote arrives as text and as names of harmless elements.

const TAGS = new Set(["p", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote",
  "h4", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"]);
const LEVELS = { f: "full", h: "half", n: "none" };
const SHARE = { full: 1, half: 0.5, none: 0 };

const at = (id) => document.getElementById(id);
let lesson, question, group, shown;      // shown: the answer on the page
let skipped = new Set();
let queue = Promise.resolve();           // one request after the other
let typing = null;                       // the timer of words that are not sent yet
let typed = false;                       // whether words of this visit to the comment were sent
let unsent = [];                         // changes that the server has not answered yet
let unsaved = false;                     // whether the last change did not reach the server

function build(part) {
  if (typeof part === "string") return document.createTextNode(part);
  const [tag, ...inside] = part;
  const element = document.createElement(TAGS.has(tag) ? tag : "span");
  element.append(...inside.map(build));
  return element;
}

function make(tag, given, ...inside) {
  const element = Object.assign(document.createElement(tag), given);
  element.append(...inside);
  return element;
}

function say(words) { at("notice").textContent = words; }

async function ask(place, sent) {
  const options = sent && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(sent),
    keepalive: true,
  };
  const answer = await fetch(place, options).catch(() => null);
  if (!answer) {
    throw new Error("Not saved: the server does not answer. Copy a comment that you were writing, "
      + "start python -m grading.manual again and open its new address.");
  }
  if (answer.ok) return answer.json();
  const words = sent?.free && sent.free !== shown?.free ? ` Your comment was: ${sent.free}` : "";
  throw Object.assign(new Error(await answer.text()), { status: answer.status, words });
}

// Everything that talks to the server waits its turn, and says so if it went wrong.
function inTurn(work) {
  queue = queue.then(work).catch(async (error) => {
    if (error.status !== 409) {
      unsaved = true;
      if (shown) refresh();
      return say(error.message);
    }
    await look();
    if (shown) await show(shown.id);
    say("This answer was marked elsewhere meanwhile, for instance in Formgrader. What stands there "
      + `is shown now; your last change was not written.${error.words}`);
  }).catch((error) => say(error.message));
  return queue;
}

const about = (name) => `${name}?question=${question.id}`;

async function look() {
  group = await ask(about("class"));
  const listed = group.answers.filter((one) => !one.blank);
  const marked = listed.filter((one) => !one.waits).length;
  const blank = group.answers.length - listed.length;
  at("bar").max = Math.max(listed.length, 1);
  at("bar").value = marked;
  at("progress").textContent = `${marked} of ${listed.length} marked`
    + (blank ? `, ${blank} blank (0 points)` : "")
    + (group.unread ? `; left out: ${group.unread} without a marked notebook, see the terminal` : "");
  at("phrases").replaceChildren(...group.phrases.slice(0, 30).map((words) => {
    const button = make("button", { type: "button", textContent: words });
    button.addEventListener("click", () => insert(words));
    return make("li", {}, button);
  }));
}

function visible() {
  return group.answers.filter((one) => !one.blank || at("blanks").checked || one.id === shown?.id);
}

function numbered(id) {
  return group.answers.findIndex((one) => one.id === id) + 1;
}

async function show(id) {
  shown = await ask(`${about("answer")}&answer=${id}`);
  typed = false;
  at("free").value = shown.free;
  at("which").textContent = `Answer ${numbered(id)} of ${group.answers.length}`;
  const same = group.same.find((ids) => ids.includes(id))?.filter((one) => one !== id) ?? [];
  at("about").textContent = [
    shown.blank ? "Blank." : shown.waits ? "Not marked." : "Marked.",
    same.length ? `The same words as answer ${same.map(numbered).join(", ")} (I).` : "",
    skipped.has(id) ? "Skipped before." : "",
  ].filter(Boolean).join(" ");
  at("text").replaceChildren(...shown.text.map(build));
  if (!at("text").textContent.trim()) at("text").append(build(["p", "(nothing is written here)"]));
  at("beside").querySelector("div").replaceChildren(...shown.beside.flatMap(([name, text]) =>
    [make("h4", { textContent: name }), ...text.map(build)]));
  refresh();
}

// Marks of the answer that is shown; elements stay, so that the focus does.
function refresh() {
  for (const [index, row] of question.rows.entries()) {
    for (const level of Object.values(LEVELS)) {
      at(`row-${index}-${level}`).checked = shown.levels[index] === level;
    }
  }
  const left = shown.levels.filter((level) => !level).length;
  let words = shown.score === null ? `No points yet of ${question.points}`
    : `${shown.score} of ${question.points} points`;
  if (shown.otherwise) words += ", not by these rows: choosing a row begins anew";
  else if (left && left < question.rows.length) words += `, ${left} more to choose`;
  if (shown.waits && shown.score !== null) words += "; submitted again since, so it waits for you";
  at("score").textContent = words;
  at("keep").parentElement.hidden = !(shown.waits && shown.score !== null);
  at("saved").textContent = "";
}

function rows() {
  at("rows").replaceChildren(...question.rows.map((row, index) => make("fieldset", {},
    make("legend", { textContent: `${index + 1}. ${row.criterion} (${row.points})` }),
    ...Object.values(LEVELS).map((level) => {
      const input = make("input", {
        type: "radio", name: `row-${index}`, id: `row-${index}-${level}`, value: level,
      });
      input.addEventListener("change", () => choose(index, level));
      const points = row.points * SHARE[level];
      const name = level[0].toUpperCase() + level.slice(1);
      return make("label", {}, input, ` ${name}, ${points}: ${row[level]}`);
    }))));
}

function write(place, change) {
  const one = { place, meant: shown?.id };
  unsent.push(one);
  return inTurn(async () => {
    if (!shown || shown.id !== one.meant) return;  // pressed before the next one could be seen
    const sent = { question: question.id, answer: shown.id, seen: shown.version, ...change() };
    shown = { ...shown, ...await ask(place, sent) };
    unsaved = false;
    say("");
    refresh();
    await look();
    at("about").textContent = at("about").textContent
      .replace(/^(Blank|Not marked|Marked)\./, shown.waits ? "Not marked." : "Marked.");
  }).finally(() => { unsent = unsent.filter((other) => other !== one); });
}

// A page that is closed has no time for turns: what is not written yet is sent as it stands.
function sendLast() {
  const places = unsent.filter((one) => one.meant === shown?.id).map((one) => one.place);
  if (typing !== null) places.push("comment");
  const place = ["levels", "comment"].find((one) => places.includes(one));
  if (!place) return;
  const levels = question.rows.map((_, row) =>
    at("rows").children[row].querySelector("input:checked")?.value ?? null);
  const sent = { question: question.id, answer: shown.id, seen: shown.version, levels };
  ask(place, { ...sent, free: at("free").value, goes_on: typed, closing: true }).catch(() => null);
}

function choose(index, level) {
  sendWords();
  return write("levels", () => ({
    levels: shown.levels.map((old, row) => (row === index ? level : old)),
    free: shown.free,
  }));
}

function focusRow(index) {
  const fieldset = at("rows").children[index];
  (fieldset?.querySelector("input:checked") ?? fieldset?.querySelector("input"))?.focus();
}

function emptyRow() {
  return [...at("rows").children].findIndex((one) => !one.querySelector("input:checked"));
}

function activeRow() {
  const inside = [...at("rows").children].findIndex((one) => one.contains(document.activeElement));
  return inside >= 0 ? inside : Math.max(emptyRow(), 0);
}

function press(level) {
  const index = activeRow();
  at(`row-${index}-${level}`).checked = true;
  choose(index, level);
  if (index + 1 < question.rows.length) focusRow(index + 1);
  else at("next").focus();
}

// Words are sent when the typing rests, and at the latest when they are left.
function sendWords() {
  if (typing === null) return queue;
  clearTimeout(typing);
  typing = null;
  const free = at("free").value;
  const goesOn = typed;
  typed = true;
  return write("comment", () => ({ free, goes_on: goesOn })).then(() => {
    if (typing === null && !at("notice").textContent) at("saved").textContent = "Comment saved.";
  });
}

function insert(words) {
  const lines = at("free").value.trim().split("\n").filter(Boolean);
  if (!lines.includes(words)) lines.push(words);
  at("free").value = lines.join("\n");
  typed = false;
  typing = setTimeout(() => {}, 0);
  sendWords();
  leave();
}

function leave() {
  if (emptyRow() >= 0) focusRow(emptyRow());
  else at("next").focus();
}

// Moves wait their turn as well, and look where they are when it comes.
function moving(where) {
  sendWords();
  return inTurn(async () => {
    await look();
    const there = where();
    if (typeof there === "string") return say(there);
    await show(there.id);
    say("");
    scrollTo(0, 0);
    at("which").focus();
  });
}

const isShown = (one) => one.id === shown?.id;

function move(step) {
  return moving(() => {
    const list = visible();
    return list[list.findIndex(isShown) + step]
      ?? (step > 0 ? "That was the last answer." : "That was the first answer.");
  });
}

function nextUnmarked() {
  return moving(() => {
    const here = group.answers.findIndex(isShown);
    const order = [...group.answers.slice(here + 1), ...group.answers.slice(0, here + 1)];
    const open = order.filter((one) => one.waits);
    const fresh = open.find((one) => !skipped.has(one.id));
    if (!fresh) skipped = new Set();
    if (fresh ?? open[0]) return fresh ?? open[0];
    return shown ? "All answers to this question are marked." : visible()[0] ?? group.answers[0];
  });
}

function skip() {
  inTurn(() => skipped.add(shown.id));
  return nextUnmarked();
}

function nextSame() {
  return moving(() => {
    const ids = group.same.find((one) => one.includes(shown.id));
    if (!ids) return "No other answer has the same words.";
    const next = ids[(ids.indexOf(shown.id) + 1) % ids.length];
    return group.answers.find((one) => one.id === next);
  });
}

function undo() {
  sendWords();
  return inTurn(async () => {
    const done = await ask("undo", {});
    if (!done) return say("Nothing is left to undo.");
    if (done.question !== question.id) pick(done.question);
    await look();
    at("free").blur();
    await show(done.answer);
    say("");
    at("about").textContent = `Undone. ${at("about").textContent}`;
    at("which").focus();
  });
}

function pick(id) {
  question = lesson.questions.find((one) => one.id === id);
  at("question").value = id;
  shown = undefined;
  skipped = new Set();
  rows();
  at("prompt").querySelector("div").replaceChildren(...question.prompt.map(build));
  at("models").querySelector("div").replaceChildren(...question.models.flatMap(([head, text]) =>
    [make("h4", { textContent: head }), make("p", {}, ...text.map(build))]));
}

async function open(id) {
  await sendWords();
  pick(id);
  await nextUnmarked();
}

function toggle(id) {
  at(id).open = !at(id).open;
  if (at(id).open) at(id).querySelector("summary").focus();
}

const DO = {
  u: nextUnmarked, s: skip, j: () => move(1), k: () => move(-1), i: nextSame, z: undo,
  c: () => at("free").focus(),
  r: () => {
    const first = at("phrases").querySelector("button");
    if (first) first.focus();
    else say("No comment was given to this question yet.");
  },
  m: () => toggle("models"), o: () => toggle("beside"), "?": () => toggle("keys"),
  b: () => at("blanks").click(),
  y: () => at("keep").parentElement.hidden || at("keep").click(),
  q: () => {
    const list = lesson.questions;
    open(list[(list.indexOf(question) + 1) % list.length].id);
  },
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("textarea, select");
  if (event.key === "Escape" && (field || event.target.closest?.("#phrases"))) return leave();
  if (event.ctrlKey || event.metaKey || event.altKey || field || !at("letters").checked) return;
  if (!shown && event.key !== "?") return;
  // On other alphabets' keyboards the key's place counts.
  const key = /^[a-z0-9?]$/i.test(event.key) ? event.key.toLowerCase()
    : event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  const phrases = [...at("phrases").querySelectorAll("button")];
  const here = phrases.indexOf(document.activeElement);
  if (here >= 0 && /^[1-9]$/.test(key) && phrases[key - 1]) insert(phrases[key - 1].textContent);
  else if (here >= 0 && event.key === "ArrowDown") phrases[here + 1]?.focus();
  else if (here >= 0 && event.key === "ArrowUp") phrases[here - 1]?.focus();
  else if (LEVELS[key]) press(LEVELS[key]);
  else if (/^[1-9]$/.test(key)) focusRow(key - 1);
  else if (DO[key]) DO[key]();
  else return;
  event.preventDefault();
});

at("free").addEventListener("focus", () => { typed = false; });
at("free").addEventListener("input", () => {
  at("saved").textContent = "";
  clearTimeout(typing);
  typing = setTimeout(sendWords, 400);
});
at("free").addEventListener("blur", sendWords);
addEventListener("pagehide", sendLast);
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
document.addEventListener("visibilitychange", sendWords);
addEventListener("focus", () => shown && typing === null && inTurn(async () => {
  await look();
  if (document.activeElement !== at("free")) await show(shown.id);
}));
at("question").addEventListener("change", () => open(at("question").value));
at("blanks").addEventListener("change", () => inTurn(look));
at("keep").addEventListener("click", () => { sendWords(); write("keep", () => ({})); });
at("next").addEventListener("click", nextUnmarked);
at("skip").addEventListener("click", skip);
at("back").addEventListener("click", () => move(-1));
at("on").addEventListener("click", () => move(1));
at("undo").addEventListener("click", undo);

inTurn(async () => {
  lesson = await ask("lesson");
  document.title = `Marking ${lesson.lesson}`;
  at("lesson").textContent = lesson.lesson;
  at("question").replaceChildren(...lesson.questions.map((one) =>
    make("option", { value: one.id, textContent: `${one.id}: ${one.asks} (${one.points})` })));
  pick(lesson.questions[0].id);
}).then(() => lesson && nextUnmarked());
