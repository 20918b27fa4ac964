// A day. Browsers report a change at every digit of the year, so it is sent when the field is left.
import { html, useState } from "./dom.js";
import { Field } from "./fields.js";

function DayField({ label, hint, error, value, onSend }) {
  const [draft, setDraft] = useState(null);
  const send = (event) => {
    const typed = event.target.value;
    setDraft(null);
    if (draft !== null && typed !== (value ?? "")) onSend(typed || null);
  };
  return html`<${Field} label=${label} hint=${hint} error=${error}>
    ${(tie) => html`<input
      type="date"
      class="ct-day"
      ...${tie}
      value=${draft ?? value ?? ""}
      onInput=${(event) => setDraft(event.target.value)}
      onBlur=${send}
      onKeyDown=${(event) => event.key === "Enter" && send(event)}
    />`}
  <//>`;
}

export { DayField };
