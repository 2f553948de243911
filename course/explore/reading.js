// One sentence that stays in the page and changes its words, so that a screen reader says it.
function render({ model, el }) {
  el.classList.add("course-reading");
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "status");
  sentence.setAttribute("aria-live", "polite");
  const draw = () => { sentence.textContent = model.get("sentence"); };
  el.append(sentence);
  draw();
  model.on("change:sentence", draw);
}
export default { render };
