import { html, view } from "./dom.js";
import { Level } from "./fields.js";

function Table({ state }) {
  const { words } = state;
  return html`<table aria-label=${words.title}>
    <thead>
      <tr>
        <th scope="col">${words.client}</th>
        <th scope="col">${words.level}</th>
        <th scope="col">${words.reason}</th>
      </tr>
    </thead>
    <tbody>
      ${state.rows.map(
        (row) => html`<tr key=${row.id}>
          <th scope="row">${row.alias}</th>
          <td><${Level} level=${row.level} words=${state.levels} signs=${state.signs} /></td>
          <td>${row.reason}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function Next({ state }) {
  return html`<h3>${state.words.next}</h3>
    <dl class="ct-next">
      ${state.next.map(
        ([level, step]) => html`<div key=${level}>
          <dt><${Level} level=${level} words=${state.levels} signs=${state.signs} /></dt>
          <dd>${step}</dd>
        </div>`,
      )}
    </dl>`;
}

function Across({ state }) {
  const { words } = state;
  return html`<section class="ct-across" aria-label=${words.title}>
    <h2>${words.title}</h2>
    ${state.rows.length > 0 ? html`<${Table} state=${state} />` : html`<p class="ct-empty">${words.nothing}</p>`}
    ${state.more && html`<p>${state.more}</p>`}
    ${state.unknown && html`<p class="ct-hint">${state.unknown}</p>`}
    ${state.next.length > 0 && html`<${Next} state=${state} />`}
  </section>`;
}

export default view(Across);
