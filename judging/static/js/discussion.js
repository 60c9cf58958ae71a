/**
 * A discussion: [data-mention="name"] puts a mention into the text field that data-mention-into names, and a form with
 * [data-read-mark] is sent by itself once the page is looked at, so that what was shown counts as read.
 */
const mention = (button) => {
  const field = document.getElementById(button.dataset.mentionInto);
  if (!field || field.disabled) return;
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/u.test(before) ? " " : "";
  field.setRangeText(`${gap}@${button.dataset.mention} `, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
};

const note = async (form) => {
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin",
  }).catch(() => null);
  if (answer?.ok) form.hidden = true;
};

const whenSeen = (form) => {
  if (!document.hidden) {
    note(form);
    return;
  }
  const seen = () => {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", seen);
    note(form);
  };
  document.addEventListener("visibilitychange", seen);
};

export const start = (root) => {
  for (const button of root.querySelectorAll("[data-mention]")) {
    button.hidden = false;
    button.addEventListener("click", () => mention(button));
  }
  for (const form of root.querySelectorAll("[data-read-mark]")) whenSeen(form);
};
