import { html, useEffect, useRef, useState, view } from "./dom.js";
import { save } from "./download.js";
import { Level, Notice } from "./fields.js";
import { Question } from "./question.js";

// The record that one would make of the story. What is open is filled in and compared.
function Half({ facts, words, level }) {
  return html`<section class="ct-box">
    <${level} class="ct-heading">${words.half}<//>
    <p>${words.half_means}</p>
    ${facts.map((fact) =>
      fact.is_open
        ? html`<${OpenFact} key=${fact.id} fact=${fact} words=${words} />`
        : html`<p key=${fact.id}>${fact.label} <strong>${fact.said}</strong></p>`,
    )}
  </section>`;
}

function OpenFact({ fact, words }) {
  const [typed, setTyped] = useState("");
  const fits = typed.trim() !== "" && String(fact.value) === typed.trim();
  const said = typed.trim() === "" ? "" : fits ? words.fact_fits : words.fact_differs;
  const change = (event) => setTyped(event.target.value);
  return html`<div class="ct-field">
    <label>
      <span>${fact.label} </span>
      ${fact.options.length
        ? html`<select onChange=${change}>
            <option value=""></option>
            ${fact.options.map(([value, text]) => html`<option key=${String(value)} value=${String(value)}>${text}</option>`)}
          </select>`
        : html`<input type="text" class="ct-short" inputmode="numeric" autocomplete="off" onChange=${change} />`}
    </label>
    <p role="status" class="ct-hint">${said}</p>
  </div>`;
}

function Worked({ worked, state, level }) {
  const { words } = state;
  return html`<section class="ct-box">
    <${level} class="ct-heading">${words.worked}<//>
    <dl class="ct-facts">
      ${worked.facts.map((fact) => html`<div key=${fact.id}><dt>${fact.label}</dt><dd>${fact.said}</dd></div>`)}
    </dl>
    <p>${worked.reason}</p>
    <p>${worked.next}</p>
    <p>${words.so} <${Level} level=${worked.level} words=${state.levels} signs=${state.signs} /></p>
  </section>`;
}

// The sweep is a view of its own, under this one: on the page, or in the notebook.
function sweepUnder(element) {
  const around = element?.closest(".widget-box, .jp-Notebook");
  const follows = (one) => element.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...(around?.querySelectorAll(".ct-sweep") ?? [])].find(follows);
}

function toOwn(event) {
  const heading = sweepUnder(event.currentTarget)?.closest("section").querySelector("h2");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

function Practice({ state, send, model }) {
  const { words, question, given } = state;
  const [place, heading] = [useRef(null), useRef(null)];
  const moved = useRef(false);
  useEffect(() => {
    model.on("msg:custom", save);
    return () => model.off("msg:custom", save);
  }, [model]);
  const turn = `${question?.ref} ${state.asked}`;
  // The next question takes the place of the button that was pressed.
  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = false;
  }, [turn]);
  if (!state.has_items) return null;
  const next = () => {
    moved.current = true;
    send("next");
  };
  const again = () => {
    moved.current = true;
    send("again");
  };
  // Over the page's text this is a part of its own; a notebook or a lesson has the heading above.
  const level = state.is_folded && state.is_scenario ? 2 : 3;
  const below = `h${level + 1}`;
  const hasOwn = state.is_scenario && sweepUnder(place.current);
  const own = hasOwn && html`<button type="button" class="ct-link" onClick=${toOwn}>${words.own}</button>`;
  const title = html`<${`h${level}`} class="ct-heading" tabindex="-1" ref=${heading}>
    ${question ? words.title : words.all_done}
  <//>`;
  const inside = html`<p class="ct-hint ct-how-far">${state.progress}</p>
    ${state.changed && html`<p class="ct-hint">${state.changed}</p>`}
    ${question &&
    html`<${Question}
      key=${turn}
      question=${question}
      given=${given}
      refused=${state.fault}
      words=${words}
      level=${level + 1}
      onAnswer=${(details) => send("answer", { ref: question.ref, ...details })}
      onWhy=${(text) => send("why", { ref: question.ref, text })}
    >
      ${state.half && html`<${Half} facts=${state.half} words=${words} level=${below} />`}
    <//>`}
    ${state.worked && html`<${Worked} worked=${state.worked} state=${state} level=${below} />`}
    ${given &&
    html`<div class="ct-row">
      <button type="button" class="ct-main" onClick=${next}>${state.is_last ? words.finish : words.next_case}</button>
      ${own}
    </div>`}
    ${!question &&
    html`<div>
      <p>${state.is_scenario ? words.done_means : words.done_lesson}</p>
      <div class="ct-row">
        ${state.is_scenario && html`<button type="button" onClick=${() => send("remind")}>${words.remind}</button>`}
        <button type="button" onClick=${again}>${words.again}</button>
        ${own}
      </div>
      ${state.is_scenario && html`<p class="ct-hint">${words.remind_hint}</p>`}
    </div>`}
    <${Notice} state=${state} />`;
  return html`<section class="ct-practice" aria-label=${words.title} ref=${place}>
    ${state.is_folded ? html`<details><summary>${title}</summary>${inside}</details>` : [title, inside]}
  </section>`;
}

export default view(Practice);
