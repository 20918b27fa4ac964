// Form fields after the GOV.UK patterns: a real label, the hint and the error tied to the field.
// A field sends its value when it is left or Enter is pressed, never at each key.
import { html, useId, useState } from "./dom.js";

function described(...ids) {
  return ids.filter(Boolean).join(" ") || undefined;
}

// What stands around a field: label, hint, error. `quiet` hides the label from sight, not from
// a screen reader: for fields in tables, where a heading says it.
function Field({ label, hint, error, quiet, children }) {
  const id = useId();
  const hintId = hint && `${id}-hint`;
  const errorId = error && `${id}-error`;
  return html`<div class=${`ct-field ${error ? "ct-field-faulty" : ""}`}>
    <label for=${id} class=${quiet ? "ct-unseen" : ""}>${label}</label>
    ${hint && html`<p id=${hintId} class="ct-hint">${hint}</p>`}
    ${error && html`<p id=${errorId} class="ct-error">${error}</p>`}
    ${children({ id, "aria-describedby": described(hintId, errorId), "aria-invalid": error ? "true" : undefined })}
  </div>`;
}

// A draft lives here until it is sent, so that an update from the kernel never eats what is
// being typed.
function useDraft(value, send) {
  const [draft, setDraft] = useState(null);
  return {
    value: draft ?? value ?? "",
    onInput: (event) => setDraft(event.target.value),
    onChange: (event) => {
      const typed = event.target.value;
      setDraft(null);
      if (typed !== (value ?? "")) send(typed);
    },
  };
}

function TextField({ label, hint, error, quiet, value, onSend, ...rest }) {
  const draft = useDraft(value, onSend);
  return html`<${Field} label=${label} hint=${hint} error=${error} quiet=${quiet}>
    ${(tie) => html`<input type="text" autocomplete="off" ...${tie} ...${draft} ...${rest} />`}
  <//>`;
}

// A whole number. Not type=number: its arrows change values by accident, and what is no number
// vanishes without a word. `value` is as Python writes it.
function CountField({ value, onSend, ...rest }) {
  return html`<${TextField}
    ...${rest}
    inputmode="numeric"
    class="ct-short"
    value=${value ?? ""}
    onSend=${(typed) => onSend(typed.trim() === "" ? null : typed.trim())}
  />`;
}

function LinesField({ label, hint, error, value, onSend, rows = 4 }) {
  const draft = useDraft(value, onSend);
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(tie) => html`<textarea rows=${rows} ...${tie} ...${draft}></textarea>`}
  <//>`;
}

// options: [[value, text], …]; "" stands for no answer.
function SelectField({ label, hint, error, quiet, value, options, onSend }) {
  return html`<${Field} label=${label} hint=${hint} error=${error} quiet=${quiet}>
    ${(tie) => html`<select
      ...${tie}
      value=${value ?? ""}
      onChange=${(event) => onSend(event.target.value === "" ? null : event.target.value)}
    >
      ${options.map(
        ([option, text]) =>
          html`<option key=${option} value=${option} selected=${option === (value ?? "")}>${text}</option>`,
      )}
    </select>`}
  <//>`;
}

// A question with a few answers. `legend` may be rich; options: [[value, text, hint], …].
function RadioField({ legend, hint, error, value, options, onSend, inline, quiet }) {
  const name = useId();
  const hintId = hint && `${name}-hint`;
  const errorId = error && `${name}-error`;
  return html`<fieldset
    class=${`ct-field ct-radios ${inline ? "ct-inline" : ""} ${error ? "ct-field-faulty" : ""}`}
    aria-describedby=${described(hintId, errorId)}
  >
    <legend class=${quiet ? "ct-unseen" : ""}>${legend}</legend>
    ${hint && html`<p id=${hintId} class="ct-hint">${hint}</p>`}
    ${error && html`<p id=${errorId} class="ct-error">${error}</p>`}
    ${options.map(
      ([option, text, more]) => html`<label key=${String(option)} class="ct-radio">
        <input
          type="radio"
          name=${name}
          checked=${value === option}
          onChange=${() => onSend(option)}
        />
        <span>${text}${more && html`<span class="ct-hint">${more}</span>`}</span>
      </label>`,
    )}
  </fieldset>`;
}

// The same words said again are a new element: a live region is silent about what did not change.
const Said = ({ state }) => html`<span key=${state.said}>${state.notice}</span>`;

// What Python says after an action: a fault stands out, a notice is only spoken.
function Notice({ state }) {
  return html`<div>
    <p class="ct-error" role="alert" hidden=${!state.fault}>${state.fault}</p>
    <p class="ct-unseen" role="status"><${Said} state=${state} /></p>
  </div>`;
}

// Where there is nothing yet; on the page, whose header opens any step, with the way to begin.
function Empty({ text, words }) {
  const begin = () => document.dispatchEvent(new Event("client-triage:begin"));
  return html`<p class="ct-empty">${text}</p>
    ${document.querySelector(".ct-head") &&
    html`<p><button type="button" onClick=${begin}>${words.to_start}</button></p>`}`;
}

// Undo and redo stay where the focus is, even when there is nothing more to take back.
function Step({ can, text, onStep }) {
  return html`<button type="button" aria-disabled=${String(!can)} onClick=${() => can && onStep()}>${text}</button>`;
}

// A level by colour and sign and word.
function Level({ level, words, signs }) {
  return html`<span class="ct-level" data-level=${level}
    ><span class="ct-sign" aria-hidden="true">${signs[level]}</span> ${words[level]}</span
  >`;
}

export { CountField, Empty, Field, Level, LinesField, Notice, RadioField, Said, SelectField, Step, TextField };
