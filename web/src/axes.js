// The axes of a picture as uPlot takes them: where their ticks are, and how they are written.
import { colour } from "./theme.js";
import { ticks, tickText } from "./ticks.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

function axis(side, scale, described, about) {
  const letter = parseFloat(getComputedStyle(document.documentElement).fontSize); // px
  return {
    side,
    scale,
    label: described.label,
    labelSize: 1.5 * letter,
    labelGap: 2,
    labelFont: `600 ${0.84 * letter}px ${FONT}`,
    font: `${0.8 * letter}px ${FONT}`,
    stroke: colour("soft"),
    size: (side === 2 ? 1.75 : 3.6) * letter,
    gap: 5,
    grid: { stroke: colour("rule"), width: 1 },
    ticks: { show: false },
    splits: (_, __, low, high) => ticks(described, low, high, about),
    filter: (_, splits) => splits,
    values: (_, splits) => splits.map((value) => described.format?.(value, splits) ?? tickText(value, splits)),
  };
}

// Below and to the left; `narrow`: there is room for few ticks.
export const axesBelowAndLeft = (x, y, narrow) => [axis(2, "x", x, narrow ? 4 : 8), axis(3, "y", y, 6)];
