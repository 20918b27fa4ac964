import { html, view } from "./dom.js";

// The text is our own, rendered without raw HTML.
function Lesson({ state }) {
  return html`<article class="ct-lesson">
    <details>
      <summary><h2>${state.title}</h2></summary>
      <div dangerouslySetInnerHTML=${{ __html: state.html }}></div>
    </details>
  </article>`;
}

export default view(Lesson);
