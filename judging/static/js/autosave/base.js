/** What a page is filled from, as the server writes it: title=3f…;stages~key:3f…,key:3f… A part of it is exchanged as a whole. */
const codeOf = (part) => /^[^=~]*/.exec(part)[0];

export function withBase(base, parts) {
  const known = new Map(base.split(";").filter(Boolean).map((part) => [codeOf(part), part]));
  for (const part of parts) known.set(codeOf(part), part);
  return [...known.values()].join(";");
}
