// The signals of one scenario at one client, as Python's `SignalForm` gives them:
// [{id, type, label, hint, value, known, options, error}, …].
import { html } from "./dom.js";
import { CountField, RadioField, SelectField } from "./fields.js";

// onAnswer(signal, value): null is "don't know". onClear(signal): back to "not asked".
function Signals({ fields, words, onAnswer, onClear }) {
  // The button goes with the answer, so that the focus moves to the field before.
  const clear = (event, field) => {
    event.currentTarget.closest(".ct-signal").querySelector("input, select").focus();
    onClear(field.id);
  };
  return fields.map((field) => {
    const answer = (value) => onAnswer(field.id, value);
    return html`<div key=${field.id} class="ct-signal">
      <${SignalField} field=${field} words=${words} onAnswer=${answer} />
      ${field.known &&
      html`<button type="button" class="ct-link" onClick=${(event) => clear(event, field)}>
        ${words.clear}<span class="ct-unseen"> ${field.label}</span>
      </button>`}
    </div>`;
  });
}

function SignalField({ field, words, onAnswer }) {
  const unsure = field.known && field.value === null;
  if (field.type === "count" && !field.options) {
    return html`<${CountField}
      label=${field.label}
      hint=${unsure ? words.unsure_noted : field.hint}
      error=${field.error}
      value=${field.value}
      onSend=${onAnswer}
    />`;
  }
  const options = [...field.options, [null, words.unsure]];
  return html`<${RadioField}
    legend=${field.label}
    hint=${field.hint}
    error=${field.error}
    inline=${options.length < 5}
    options=${options}
    value=${field.known ? field.value : undefined}
    onSend=${onAnswer}
  />`;
}

export { Signals };
