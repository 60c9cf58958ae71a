/**
 * Copies of what is typed, in the browser (localStorage), until the server has it: draft:OWNER:RECORD → {at, version, fingerprint, text, pending,
 * pressed}. OWNER is a mark of the person (form[data-copy-of]), so nobody else who signs in here gets it; RECORD is the form's id.
 * A copy is dropped when the server has acknowledged what it holds, and after thirty days; none is longer than LONGEST.
 */
const PREFIX = "draft:";
const DAYS = 30 * 24 * 3600 * 1000;
const LONGEST = 2_000_000;

/** Storage may be full or forbidden: then there is no copy, and the page says so. */
function withStorage(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}

const keys = (storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export class LocalCopy {
  constructor(form) {
    this.key = `${PREFIX}${form.dataset.copyOf ?? ""}:${form.id}`;
  }

  read() {
    const copy = withStorage((storage) => parsed(storage.getItem(this.key)));
    return Array.isArray(copy?.text) ? copy : null;
  }

  /** Says whether the copy is there. */
  write(copy) {
    const text = JSON.stringify({ at: Date.now(), ...copy });
    if (text.length > LONGEST) return false;
    return withStorage((storage) => {
      storage.setItem(this.key, text);
      return true;
    }) ?? false;
  }

  forget() {
    withStorage((storage) => storage.removeItem(this.key));
  }
}

/** Drops the copy that a button sent and the server has acknowledged. */
export function acknowledge(name) {
  withStorage((storage) => {
    for (const key of keys(storage)) if (parsed(storage.getItem(key))?.pressed === name) storage.removeItem(key);
  });
}

export function sweep() {
  withStorage((storage) => {
    for (const key of keys(storage)) if (!((parsed(storage.getItem(key))?.at ?? 0) > Date.now() - DAYS)) storage.removeItem(key);
  });
}

export const anyWaits = () => withStorage((storage) => keys(storage).length > 0) ?? false;
