// Sends corrections, and watches until the server has worked them in.

const PAUSE_MS = 400;
const PATIENCE_MS = 4_000; // between two tries where nobody answers

// Why nothing was changed: a code, and the server's sentence where it wrote one.
export class Problem extends Error {
  constructor(code, sentence = "") {
    super(code);
    Object.assign(this, { code, sentence });
  }
}

const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

const answerOf = async (address, options) => {
  let response;
  try {
    response = await fetch(address, { ...options, redirect: "manual" });
  } catch {
    throw new Problem("unreachable");
  }
  if (response.type === "opaqueredirect") throw new Problem("signed_out");
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Problem("unexpected");
  }
  if (!response.ok) throw new Problem(answer.code, answer.sentence);
  return answer;
};

export const send = (address, token, corrections, fence) =>
  answerOf(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ corrections, fence }),
  });

// Asks until the cutout is made, telling each answer. Without an answer it goes on asking: what was
// sent is being worked in whether we hear of it or not.
export const watch = async (address, tell) => {
  for (;;) {
    let pause = PAUSE_MS;
    try {
      const state = await answerOf(address, { method: "GET" });
      tell(state);
      if (!state.open) return state;
    } catch (problem) {
      if (problem.code !== "unreachable" && problem.code !== "unexpected") throw problem;
      tell(null);
      pause = PATIENCE_MS;
    }
    await wait(pause);
  }
};
