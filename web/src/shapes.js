// The marks at the ends of curves and of points, for the words that explain them.
import { html } from "./html.js";

const SHAPES = {
  dot: html`<circle cx="8" cy="8" r="4" class="full" />`,
  ring: html`<circle cx="8" cy="8" r="4" />`,
  cross: html`<path d="M4 4l8 8M12 4l-8 8" />`,
  diamond: html`<path d="M8 3l5 5-5 5-5-5z" />`,
};
export const Shape = ({ end }) => html`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[end]}</svg>`;
