/**
 * Sends what was typed, as a form, and says what became of it. The server answers
 *   200 {"version": 7, "saved_at_text": "14:32"}   "kept". With "whole": false a part was left out; "faults": why, by the id of the control;
 *                                                  "fingerprint": what the page is filled from now; "theirs": fields that somebody else changed;
 *                                                  "merged": with whom, in words; "conflict": html of what two changed
 *   "found" is sent with a copy that was found when the page was opened, and nothing typed since: it may be older than what is stored, which
 *   then comes as "theirs", with "overtaken": true.
 *   409 {"html": "…"}                              "conflict": changed elsewhere, and nothing kept
 *   401 {"message": "…", "sign_in": "…"}           "signedOut"
 *   400 {"csrf_token": "…", "of": "…"}             "another": another session than the page's, and whose
 *   5xx, 429 {"message": "…"}, no answer           "failed": not now
 *   other 4xx {"message": "…"}                     "refused"
 */
const PATIENCE = 30_000;

export async function send(url, body, token) {
  const data = new FormData();
  for (const [name, value] of body.text) data.append(name, value);
  const said = [["csrf_token", token], ["version", body.version], ["fingerprint", body.fingerprint], ["found", body.found ? "1" : undefined]];
  for (const [name, value] of said) {
    if (value !== undefined) data.append(name, value);
  }
  try {
    const response = await fetch(url, {
      method: "POST", body: data, headers: { "X-Requested-With": "fetch", Accept: "application/json" }, credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = await answerOf(response);
    return [kindOf(response, answer), answer, response.status];
  } catch {
    return ["failed", {}, 0];
  }
}

/** What is said in JSON; another answer says nothing that could be shown. */
async function answerOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (response.ok) throw error; // it broke off: nobody knows whether it was kept
    return {};
  }
}

function kindOf({ ok, status }, answer) {
  if (ok) return "kept";
  if (status === 401) return "signedOut";
  if (status === 400 && answer.csrf_token) return "another";
  if (status === 409) return answer.html ? "conflict" : "failed"; // two at the same instant: sent again it is merged
  return status >= 500 || status === 429 ? "failed" : "refused";
}
