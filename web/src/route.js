// Addresses: what the page shows is in them, so that it can be kept and passed on.

export function parse(path, search) {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const query = new URLSearchParams(search);
  if (parts[0] === "studies" && parts.length === 2) return { view: "study", study: parts[1], query };
  if (parts[0] === "studies" && parts[2] === "trials" && parts.length === 4)
    return { view: "trial", study: parts[1], trial: Number(parts[3]), query };
  if (parts[0] === "compare") {
    const studies = (query.get("studies") ?? "").split(",").filter(Boolean);
    return { view: "compare", studies: [...new Set(studies)].slice(0, MOST_COMPARED), query };
  }
  return { view: "studies", query };
}

export const MOST_COMPARED = 8;

// Letters, digits, "-", "_" and "." that do not begin with ".": names of studies that have a page.
export const isName = (name) => /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name);

export const studyPath = (study) => `/studies/${encodeURIComponent(study)}`;
export const trialPath = (study, trial) => `${studyPath(study)}/trials/${trial}`;
export const comparePath = (studies) => `/compare?studies=${studies.map(encodeURIComponent).join(",")}`;
export const apiPath = (study) => `/api/v1/studies/${encodeURIComponent(study)}`;
