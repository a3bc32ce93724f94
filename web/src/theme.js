// Colours of the style sheet, as they are now: light, dark, or on paper.
import { useLayoutEffect, useState } from "preact/hooks";
import { onPaper } from "./paper.js";

const palette = new Map();

export function colour(name) {
  if (!palette.has(name)) palette.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return palette.get(name);
}

// Calls again when the colours are others.
export function useTheme() {
  const [theme, turn] = useState(0);
  useLayoutEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const turned = () => {
      palette.clear();
      turn((count) => count + 1);
    };
    dark.addEventListener("change", turned);
    const forget = onPaper(turned);
    return () => {
      dark.removeEventListener("change", turned);
      forget();
    };
  }, []);
  return theme;
}
