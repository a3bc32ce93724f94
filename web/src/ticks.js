// Where an axis has its ticks, and how they are written; as src/report/html/axis.cc.

const FAR_APART = 25; // times: a linear axis would push the small ones into its first pixels

function roundStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

export function linearTicks(low, high, about) {
  const step = roundStep((high - low) / Math.max(1, about));
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; ++i) ticks.push(i * step + 0); // not -0
  return ticks;
}

export function logTicks(low, high, about) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, about); // between two powers of ten there would be none
  const leads = 3 * decades <= about ? [1, 2, 5] : 2 * decades <= about ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, about)));
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); ++power) {
    if (power % every !== 0) continue;
    for (const lead of leads) {
      const tick = lead * 10 ** power;
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

export const ticks = (axis, low, high, about) => (axis.log ? logTicks : linearTicks)(low, high, about);

// An axis over values that may be far apart: logarithmic where all are above 0 and they are.
export function amountAxis(values, mayBeLog = true) {
  let least = Infinity;
  let most = -Infinity;
  let positive = Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    if (value > 0) positive = Math.min(positive, value);
  }
  if (least > most) return { low: 0, high: 1, log: false, empty: true };
  if (mayBeLog && least > 0 && most / positive > FAR_APART) return { low: least / 1.15, high: most * 1.1, log: true };
  return { low: Math.min(0, least), high: most > 0 ? most * 1.04 : 1, log: false };
}

// All values, unless a few outliers would squeeze the rest into a tenth of the picture.
export function metricAxis(values) {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return { low: 0, high: 1, log: false, empty: true, outside: 0 };
  let least = sorted[0];
  let most = sorted[sorted.length - 1];
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  const [low, high] = [at(0.05), at(0.95)];
  if (sorted.length >= 20 && high > low && most / 2 - least / 2 > 5 * (high - low)) {
    least = Math.max(least, low - (high - low));
    most = Math.min(most, high + (high - low));
  }
  const half = most / 2 - least / 2; // halved first: the span of two finite numbers may be infinite
  const room = half > 1e-12 * Math.abs(most) ? half * 0.12 : Math.max(Math.abs(most) * 0.1, 1e-6);
  const outside = sorted.filter((value) => value < least || value > most).length;
  return { low: Math.max(least - room, -1e300), high: Math.min(most + room, 1e300), log: false, outside };
}

// As few digits as tell the ticks apart.
export function tickText(value, all) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
  const step = all.length > 1 ? Math.abs(all[1] - all[0]) : size;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return String(Number(value.toFixed(Math.min(12, decimals + 1))));
}
