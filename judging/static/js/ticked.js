/** A button that says how many boxes of its form are ticked: data-ticked is their name, data-text what it says with {number} in it. */
function watch(button) {
  const boxes = () => button.form.querySelectorAll(`input[name="${button.dataset.ticked}"]:checked`);
  const say = () => {
    button.textContent = button.dataset.text.replace("{number}", String(boxes().length));
  };
  button.form.addEventListener("change", say);
  button.form.addEventListener("reset", () => queueMicrotask(say));
  say();
}

export function start(root) {
  for (const button of root.querySelectorAll("button[data-ticked]")) watch(button);
}
