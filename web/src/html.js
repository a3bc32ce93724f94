// Markup as tagged templates: text in it is always text, never HTML.
import { h } from "preact";
import htm from "htm";

export const html = htm.bind(h);
