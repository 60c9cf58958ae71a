/** What a reader's browser remembers of where they were; nothing where it may keep nothing. */
const PREFIX = "judging-reading:";

export function remembered(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // a full or forbidden store: the place is not remembered, and nothing else is lost
  }
}
