// A native range input or list with a real label: ipywidgets' own sliders reach assistive
// technology without a name. Works by keyboard as every native control does.
function render({ model, el }) {
  const id = `course-control-${crypto.randomUUID()}`;
  const list = model.get("kind") === "list";
  el.classList.add("course-control");
  // JupyterLab would take the arrow keys to move between cells, by its shortcuts and by a
  // listener of the notebook.
  el.dataset.lmSuppressShortcuts = "true";
  el.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) event.stopPropagation();
  });
  const label = document.createElement("label");
  label.htmlFor = id;
  const input = document.createElement(list ? "select" : "input");
  input.id = id;
  if (!list) input.type = "range";
  const hint = document.createElement("small");
  hint.id = `${id}-hint`;
  const output = document.createElement("output");
  output.htmlFor = id;

  const say = (position) => {
    const words = model.get("words")[position];
    if (list) return;
    output.textContent = words;
    input.setAttribute("aria-valuetext", words);
  };
  const draw = () => {
    const words = model.get("words");
    label.textContent = model.get("label");
    hint.textContent = model.get("hint");
    hint.hidden = !model.get("hint");
    if (model.get("hint")) input.setAttribute("aria-describedby", hint.id);
    if (list) {
      input.replaceChildren(...words.map((text, index) => new Option(text, index)));
    } else {
      input.min = 0;
      input.max = words.length - 1;
      input.step = 1;
    }
    input.value = model.get("position");
    say(model.get("position"));
  };
  input.addEventListener("input", () => {
    const position = Number(input.value);
    say(position);
    model.set("position", position);
    model.save_changes();
  });
  const top = document.createElement("div");
  top.append(label);
  if (!list) top.append(output);
  el.append(top, input, hint);
  draw();
  model.on("change:position", () => {
    input.value = model.get("position");
    say(model.get("position"));
  });
}
export default { render };
