import { html, view } from "./dom.js";

// The text is our own, rendered without raw HTML.
const Text = ({ section }) => html`<div dangerouslySetInnerHTML=${{ __html: section.html }}></div>`;

function Page({ state }) {
  const { first, others } = state;
  return html`<section>
    ${first && html`<h2>${first.heading}</h2><${Text} section=${first} />`}
    ${others.map(
      (section, place) => html`<details key=${place}>
        <summary>${section.heading}</summary>
        <${Text} section=${section} />
      </details>`,
    )}
  </section>`;
}

export default view(Page);
