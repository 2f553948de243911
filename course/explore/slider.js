// A native range input with a real label: ipywidgets' own sliders reach assistive technology
// without a name. Works by keyboard as every range input does.
function render({ model, el }) {
  const id = `course-slider-${crypto.randomUUID()}`;
  el.classList.add("course-slider");
  const label = document.createElement("label");
  label.htmlFor = id;
  const input = document.createElement("input");
  input.type = "range";
  input.id = id;
  const hint = document.createElement("small");
  hint.id = `${id}-hint`;
  const output = document.createElement("output");
  output.htmlFor = id;

  const stops = () => model.get("stops");
  const words = (index) => model.get("words")[index];
  const draw = () => {
    label.textContent = model.get("label");
    hint.textContent = model.get("hint");
    hint.hidden = !model.get("hint");
    input.min = 0;
    input.max = stops().length - 1;
    input.step = 1;
    input.value = model.get("position");
    output.textContent = words(model.get("position"));
    input.setAttribute("aria-valuetext", words(model.get("position")));
    if (model.get("hint")) input.setAttribute("aria-describedby", hint.id);
  };
  input.addEventListener("input", () => {
    const position = Number(input.value);
    output.textContent = words(position);
    input.setAttribute("aria-valuetext", words(position));
    model.set("position", position);
    model.save_changes();
  });
  const top = document.createElement("div");
  top.append(label, output);
  el.append(top, input, hint);
  draw();
  for (const name of ["label", "hint", "stops", "words", "position"]) {
    model.on(`change:${name}`, draw);
  }
}
export default { render };
