import { html, view } from "./dom.js";

// The text is our own, rendered without raw HTML.
function Glossary({ state }) {
  return html`<details class="ct-glossary">
    <summary>${state.title}</summary>
    <dl>
      ${state.sections.map(
        (word) => html`<dt>${word.heading}</dt>
          <dd dangerouslySetInnerHTML=${{ __html: word.html }}></dd>`,
      )}
    </dl>
  </details>`;
}

export default view(Glossary);
