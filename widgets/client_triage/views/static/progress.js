import { html, view } from "./dom.js";
import { Notice, Step } from "./fields.js";
import { Plot, usePictures } from "./plot.js";

// What was not answered is a dash for the eye, and said for the ear.
function Cell({ text, words }) {
  if (text) return html`<td>${text}</td>`;
  return html`<td><span aria-hidden="true">–</span><span class="ct-unseen">${words.no_answer}</span></td>`;
}

function Topics({ state, send }) {
  const { words } = state;
  return html`<div class="ct-scroll" role="region" tabindex="0" aria-label=${words.caption}>
    <table>
      <caption>${words.caption}</caption>
      <thead>
        <tr>
          <th scope="col">${words.topic}</th>
          <th scope="col">${words.practice}</th>
          <th scope="col">${words.before}</th>
          <th scope="col">${words.after}</th>
        </tr>
      </thead>
      <tbody>
        ${state.rows.map(
          (row) => html`<tr key=${row.topic}>
            <th scope="row">
              ${row.step
                ? html`<button type="button" class="ct-link" onClick=${() => send("go", { step: row.step })}>${row.name}</button>`
                : row.name}
            </th>
            <td>${row.practice}</td>
            <${Cell} text=${row.before} words=${words} />
            <${Cell} text=${row.after} words=${words} />
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function Kept({ state, send }) {
  const { words } = state;
  return html`<h3>${words.kept}</h3>
    <p>${words.what} ${state.kept}</p>
    <p class="ct-hint">${words.forget_hint}</p>
    <div class="ct-row">
      <${Step} can=${state.can_forget} text=${words.forget} onStep=${() => send("forget")} />
      <${Step} can=${state.can_undo} text=${words.undo} onStep=${() => send("undo")} />
    </div>`;
}

function Progress({ state, send, model }) {
  const pictures = usePictures(model);
  const { words, plot } = state;
  if (state.is_empty) return null;
  return html`<section class="ct-progress" aria-label=${words.title}>
    <h2>${words.title}</h2>
    <p><strong>${state.next}</strong></p>
    ${state.dropped && html`<p class="ct-inset">${state.dropped}</p>`}
    <${Topics} state=${state} send=${send} />
    <h3>${words.tests}</h3>
    ${state.tests.map((sentence) => html`<p key=${sentence}>${sentence}</p>`)}
    <h3>${words.sureness}</h3>
    ${plot
      ? html`<${Plot} plot=${plot} picture=${pictures[plot.name]} words=${state} send=${send} />`
      : html`<p>${state.no_plot}</p>`}
    <${Kept} state=${state} send=${send} />
    <${Notice} state=${state} />
  </section>`;
}

export default view(Progress);
