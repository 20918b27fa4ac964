import { html } from "./dom.js";

// A number to call: the link has the digits alone.
const Phone = ({ number }) => html`<a href=${`tel:${number.replace(/[^+\d]/g, "")}`}>${number}</a>`;

export { Phone };
