import { html, useEffect, useRef, view } from "./dom.js";
import { Notice } from "./fields.js";
import { Question } from "./question.js";

function Row({ row, words }) {
  return html`<li>
    <details>
      <summary>${row.said}</summary>
      <${Question} question=${row.question} given=${row.given} words=${words} />
    </details>
  </li>`;
}

function Result({ result, words, onAgain }) {
  return html`<p><strong>${result.score}</strong></p>
    <p>${words.noise}</p>
    <ul class="ct-rows">
      ${result.rows.map((row) => html`<${Row} key=${row.ref} row=${row} words=${words} />`)}
    </ul>
    <div class="ct-row"><button type="button" onClick=${onAgain}>${words.again}</button></div>`;
}

function Sitting({ state, send }) {
  const { words, stage, question } = state;
  const heading = useRef(null);
  const moved = useRef(false);
  const turn = `${stage} ${question?.ref}`;
  // What comes next takes the place of the button that was pressed.
  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = false;
  }, [turn]);
  const act = (action, details) => {
    moved.current = true;
    send(action, details);
  };
  const title = html`<h3 class="ct-heading" tabindex="-1" ref=${heading}>${stage === "question" ? state.place : state.title}</h3>`;
  const inside = html`
    ${stage === "offer" && !state.has_items && html`<p class="ct-empty">${words.nothing}</p>`}
    ${stage === "offer" &&
    state.has_items &&
    html`<p>${state.offer}</p>
      <div class="ct-row">
        <button type="button" class="ct-main" onClick=${() => act("begin")}>${words.begin}</button>
        ${state.can_be_short && html`<button type="button" onClick=${() => act("begin", { short: true })}>${words.begin_short}</button>`}
      </div>`}
    ${stage === "question" &&
    html`<${Question}
      key=${question.ref}
      question=${question}
      given=${null}
      words=${words}
      silent
      onAnswer=${(details) => act("answer", { ref: question.ref, ...details })}
    />`}
    ${stage === "result" && html`<${Result} result=${state.result} words=${words} onAgain=${() => act("again")} />`}
    <${Notice} state=${state} />`;
  if (!state.is_folded && !state.has_items) return null;
  const unfold = (event) => event.currentTarget.open && stage === "folded" && send("unfold");
  return html`<section class="ct-practice" aria-label=${state.title}>
    ${state.is_folded
      ? html`<details onToggle=${unfold}><summary>${title}</summary>${inside}</details>`
      : [title, inside]}
  </section>`;
}

export default view(Sitting);
