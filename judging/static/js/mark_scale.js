/**
 * Marks by keys, while a mark has the focus. Digits choose (1 then 0 is 10, however long the pause; another 0 is 0).
 * Left and right move along the scale, up and down to the criterion before and after; no arrow ever changes a mark:
 * the space bar chooses where the focus stands. A button clears the mark.
 */
const DIGIT = /^[0-9]$/;
const ALONG = { ArrowLeft: -1, ArrowRight: 1 };
const ACROSS = { ArrowUp: -1, ArrowDown: 1 };

const radiosOf = (scale) => [...scale.querySelectorAll("input[type=radio]:enabled")];

function choose(radio) {
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function along(scale, radio, step) {
  const radios = radiosOf(scale);
  radios[(radios.indexOf(radio) + step + radios.length) % radios.length].focus();
}

function across(scales, scale, step) {
  const radios = radiosOf(scales[scales.indexOf(scale) + step] ?? scale);
  (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
}

function keys(scale, scales) {
  let typed = "";
  const digit = (key) => {
    const find = (text) => radiosOf(scale).find((radio) => radio.value === text);
    const radio = find(typed + key) ?? find(key);
    if (!radio) return false;
    typed = radio.value;
    choose(radio);
    return true;
  };
  const act = (event) => {
    if (event.key in ALONG) return along(scale, event.target, ALONG[event.key]) ?? true;
    if (event.key in ACROSS) return across(scales, scale, ACROSS[event.key]) ?? true;
    return DIGIT.test(event.key) && digit(event.key);
  };
  scale.addEventListener("keydown", (event) => {
    if (!event.target.matches("input[type=radio]") || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (act(event)) event.preventDefault();
  });
  scale.addEventListener("focusout", (event) => { if (!scale.contains(event.relatedTarget)) typed = ""; });
}

function clearing(scale) {
  const button = scale.querySelector("[data-mark-clear]");
  if (!button) return;
  const update = () => { button.hidden = !scale.querySelector("input[type=radio]:checked"); };
  button.addEventListener("click", () => {
    const radio = scale.querySelector("input[type=radio]:checked");
    if (radio) radio.checked = false;
    scale.querySelector("input[type=radio]").focus();
    scale.dispatchEvent(new Event("input", { bubbles: true }));
    scale.dispatchEvent(new Event("change", { bubbles: true }));
    update();
  });
  scale.addEventListener("change", update);
  update();
}

export function start(root) {
  const scales = [...root.querySelectorAll("[data-mark-scale]")];
  for (const scale of scales) {
    keys(scale, scales);
    clearing(scale);
  }
}
