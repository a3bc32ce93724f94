// Asking the server. What went wrong is an Error with the status (0: no answer) and what the server said.

export class Trouble extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const kept = new Map(); // by path: the entity tag and what came with it

// Of what is no longer shown nothing need be kept.
export const forget = () => kept.clear();

async function answer(path, tag) {
  try {
    return await fetch(path, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  } catch {
    throw new Trouble(0, "The server does not answer.");
  }
}

const early = new Map(); // by path: what was asked for before anybody waited for it

// Asks now for what will be wanted at once.
export function ahead(...paths) {
  for (const path of paths) {
    const asked = answer(path);
    asked.catch(() => {}); // who waits for it is told
    early.set(path, asked);
  }
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  return new Trouble(response.status, problem.detail ?? problem.title ?? `The server says ${response.status}.`);
}

// The object at the path; the same one as before where nothing has changed.
export async function get(path) {
  const before = kept.get(path);
  const asked = early.get(path) ?? answer(path, before?.tag);
  early.delete(path);
  const response = await asked;
  if (response.status === 304) return before.value;
  if (!response.ok) throw await refusal(response);
  const value = await response.json();
  const tag = response.headers.get("ETag");
  if (tag) kept.set(path, { tag, value });
  return value;
}

// Asks for something to be done.
export async function post(path) {
  let response;
  try {
    response = await fetch(path, { method: "POST", cache: "no-store" });
  } catch {
    throw new Trouble(0, "The server does not answer.");
  }
  if (!response.ok) throw await refusal(response);
  return response.json();
}

export async function getText(path) {
  const response = await answer(path);
  if (!response.ok) throw await refusal(response);
  return response.text();
}
