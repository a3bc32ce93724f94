// Text from outside, fit for showing: control characters, and those that turn the direction of writing, are written out.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function escaped(character) {
  const code = character.codePointAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
}

export function plain(text) {
  return String(text).replace(HIDDEN, escaped);
}

// At most so many characters; what is left out at the end is said.
export function shortened(text, most) {
  const characters = Array.from(plain(text));
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}
