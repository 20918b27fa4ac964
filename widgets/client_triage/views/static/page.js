import { html, view } from "./dom.js";

// The text is our own, rendered without raw HTML.
const Page = ({ state }) => html`<div dangerouslySetInnerHTML=${{ __html: state.html }}></div>`;

export default view(Page);
