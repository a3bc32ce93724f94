// How figures are written for people, as src/report/figures.h has it: three or four digits with their unit; what is unknown says so.
import { plain } from "./text.js";

const ENERGY = [[1e9, "GJ"], [1e6, "MJ"], [1e3, "kJ"], [1, "J"], [1e-3, "mJ"]];
const POWER = [[1e6, "MW"], [1e3, "kW"], [1, "W"], [1e-3, "mW"]];
const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

// Without an exponent, trailing zeros kept: 3 digits of 1200 are "1200", of 1.2 "1.20".
function digits(value, count) {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(count))))); // 9.999 has one more when it is rounded
  return value.toFixed(Math.min(20, Math.max(0, count - 1 - size)));
}

// The unit in which a figure is written; of an axis that of its largest.
function unitOf(value, units) {
  // 999.6 J would be written "1000 J".
  return units.find(([size]) => Math.abs(value) >= size * 0.9995) ?? units[units.length - 1];
}
export const energyUnit = (joules) => unitOf(joules, ENERGY);

function inUnit(value, units) {
  if (!known(value)) return "unknown";
  if (value === 0) return `0 ${units.find(([size]) => size === 1)[1]}`;
  const [size, name] = unitOf(value, units);
  return `${digits(value / size, 3)} ${name}`;
}

export const joules = (value) => inUnit(value, ENERGY);
export const watts = (value) => inUnit(value, POWER);

// "5.33 kJ ± 0.27": the error in the unit of the figure, two digits of it.
export function joulesWithError(value, error) {
  if (!known(value)) return "unknown";
  if (!known(error) || (value === 0 && error === 0)) return joules(value);
  const [size] = value === 0 ? [1] : unitOf(value, ENERGY);
  return `${joules(value)} ± ${digits(error / size, 2)}`;
}

// Four significant digits, locale plays no part.
export function number(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return value.toFixed(0);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(value.toPrecision(4)));
}

export const metric = (value) => (known(value) ? number(value) : "none");
export const quantity = (value) => (known(value) ? number(value) : "–");

// A value of a parameter.
export function setting(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : number(value);
  return plain(value);
}

export function share(value) {
  if (!known(value)) return "unknown";
  if (value > 0 && value < 0.005) return "under 1 %";
  return `${(100 * value).toFixed(0)} %`;
}

export function duration(seconds) {
  if (!known(seconds)) return "–";
  if (seconds < 60) return `${digits(seconds, seconds < 0.1 ? 2 : 3)} s`;
  const whole = Math.round(seconds);
  const two = (value) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function resource(amount, unit) {
  if (!known(amount)) return "–";
  return `${number(amount)} ${plain(unit)}${amount === 1 || unit.endsWith("s") ? "" : "s"}`;
}

export function date(unix) {
  if (!known(unix) || unix < 1) return "unknown";
  return `${new Date(unix * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export const count = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
export const plural = (amount, word) => `${count(amount)} ${word}${amount === 1 ? "" : "s"}`;

// The grade of a figure of energy: every one that is shown says it.
export const QUALITIES = {
  measured: "read from a meter of the device",
  modelled: "computed from use, and wrong by the stated error for all trials alike",
  replayed: "from a recording",
};
