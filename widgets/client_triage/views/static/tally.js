import { html, view } from "./dom.js";
import { Level } from "./fields.js";

function Tally({ state }) {
  const { words } = state;
  if (state.is_empty) return html`<section><h2>${words.title}</h2><p class="ct-empty">${words.no_clients}</p></section>`;
  return html`<section>
    <h2>${words.title}</h2>
    ${state.is_sample && html`<p class="ct-inset">${words.sample}</p>`}
    <div class="ct-scroll" role="region" tabindex="0" aria-label=${words.caption}>
      <table>
        <caption>${words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">${words.verdict}</th>
            <th scope="col" class="ct-number">${words.clients}</th>
            <th scope="col" class="ct-number">${words.revenue_heading}</th>
            <th scope="col" class="ct-number">${words.hours}</th>
          </tr>
        </thead>
        <tbody>
          ${state.rows.map(
            (row) => html`<tr key=${row.level}>
              <th scope="row"><${Level} level=${row.level} words=${state.levels} signs=${state.signs} /></th>
              <td class="ct-number">${row.clients}</td>
              <td class="ct-number">${row.revenue}</td>
              <td class="ct-number">${row.hours}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p>${state.answered}</p>
    ${state.first.length > 0 &&
    html`<h3>${words.first_heading}</h3>
      <ol>
        ${state.first.map((one) => html`<li>${one.alias} <span class="ct-hint">${one.scenario}</span></li>`)}
      </ol>
      ${state.more_first && html`<p>${state.more_first}</p>`}`}
    ${state.concentration.length > 0 &&
    html`<h3>${words.concentration_heading}</h3>
      ${state.concentration.map((sentence) => html`<p>${sentence}</p>`)}`}
  </section>`;
}

export default view(Tally);
