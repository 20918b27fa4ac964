import { html, view } from "./dom.js";

// The text is our own, rendered without raw HTML.
function Lesson({ state }) {
  return html`<article class="ct-lesson">
    ${state.heading &&
    html`<h2>${state.heading}</h2>
      <p>${state.intro}</p>`}
    <details>
      <summary><h3>${state.title}</h3></summary>
      <div dangerouslySetInnerHTML=${{ __html: state.html }}></div>
    </details>
  </article>`;
}

export default view(Lesson);
