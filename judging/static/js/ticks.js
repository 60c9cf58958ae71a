/**
 * The ticks of a draft plan, form[data-ticks], kept by autosave.js. A box says what it changes: data-expert, and data-step 1 (adds a
 * task) or -1 (takes one off). Ticking moves the loads shown, [data-load=EXPERT] with data-text "{load} of 8", at once; what the
 * server answers to a save ("was", the ticks it knows, and "texts") goes into the form and into [data-answer=KEY].
 */
function move(root, box) {
  const step = Number(box.dataset.step) * (box.checked ? 1 : -1);
  for (const place of root.querySelectorAll(`[data-load="${box.dataset.expert}"]`)) {
    place.dataset.value = String(Number(place.dataset.value) + step);
    place.textContent = place.dataset.text.replace("{load}", place.dataset.value);
    place.classList.toggle("places--over", Number(place.dataset.value) > Number(place.dataset.limit));
  }
}

function watch(root, form) {
  const boxes = [...form.querySelectorAll("[data-step]")];
  const states = new Map(boxes.map((box) => [box, box.defaultChecked]));
  const update = () => {
    for (const box of boxes) {
      if (states.get(box) === box.checked) continue;
      states.set(box, box.checked);
      move(root, box);
    }
  };
  form.addEventListener("change", () => queueMicrotask(update));
  form.addEventListener("restored", update);
  form.addEventListener("kept", ({ detail }) => {
    form.elements.was.value = detail.was;
    for (const [key, text] of Object.entries(detail.texts)) {
      for (const place of root.querySelectorAll(`[data-answer="${key}"]`)) place.textContent = text;
    }
  });
  update();
  const status = form.querySelector("[data-text-ready]");
  if (status) status.textContent = status.dataset.textReady;
}

export function start(root) {
  for (const form of root.querySelectorAll("form[data-ticks]")) watch(root, form);
}
