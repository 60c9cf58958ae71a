/** Digits choose a mark while a mark has the focus (1 then 0 within a second = 10); a button clears it. */
const PAUSE = 900;

function choose(radio) {
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function keys(scale) {
  let typed = "";
  let timer = 0;
  scale.addEventListener("keydown", (event) => {
    if (!event.target.matches("input[type=radio]") || !/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const radios = [...scale.querySelectorAll("input[type=radio]:enabled")];
    const find = (text) => radios.find((radio) => radio.value === text);
    const radio = find(typed + event.key) ?? find(event.key);
    if (!radio) return;
    event.preventDefault();
    typed = radio.value;
    clearTimeout(timer);
    timer = setTimeout(() => { typed = ""; }, PAUSE);
    choose(radio);
  });
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
  for (const scale of root.querySelectorAll("[data-mark-scale]")) {
    keys(scale);
    clearing(scale);
  }
}
