import { html, sorted, useState, view } from "./dom.js";
import { DayField } from "./days.js";
import { CountField, LinesField, Notice, RadioField, SelectField, Step, TextField } from "./fields.js";

// "Not said" and the most used come first, as they stand; the rest as the language sorts them.
function currencies({ currencies, common, language }) {
  const first = currencies.slice(0, common + 1);
  return [...first, ...sorted(currencies.slice(common + 1), language, ([, name]) => name)];
}

function Fact({ fact, state, send }) {
  const { id, ...rest } = fact;
  const onSend = (value) => send("set", { field: id, value: value || null });
  if (id === "currency") {
    return html`<${SelectField} ...${rest} options=${currencies(state)} onSend=${onSend} />`;
  }
  if (id === "as_of") return html`<${DayField} ...${rest} onSend=${onSend} />`;
  if (id === "period_months") return html`<${CountField} ...${rest} onSend=${onSend} />`;
  return html`<${TextField} ...${rest} inputmode="decimal" class="ct-short" onSend=${onSend} />`;
}

function LimitField({ item, onSend }) {
  const { label, hint, error, value, options } = item;
  const shared = { label, hint, error, value, onSend };
  if (item.type === "share") return html`<${SelectField} ...${shared} options=${options} />`;
  if (item.type === "lines") return html`<${LinesField} ...${shared} rows=${5} />`;
  if (item.type === "count") return html`<${CountField} ...${shared} />`;
  if (item.type === "rate") {
    return html`<${TextField} ...${shared} inputmode="decimal" class="ct-short" />`;
  }
  return html`<${RadioField} ...${shared} legend=${label} inline options=${options} />`;
}

function Limit({ item, scenario, state, send }) {
  const name = { scenario: scenario.id, item: item.id };
  // The button goes with what it takes back: the focus moves to the field.
  const back = (event) => {
    const around = event.target.closest(".ct-limit");
    (around.querySelector("input:checked") || around.querySelector("input, select, textarea")).focus();
    send("default", name);
  };
  return html`<div class="ct-limit">
    <${LimitField} item=${item} onSend=${(value) => send("limit", { ...name, value })} />
    ${item.is_own &&
    html`<button type="button" class="ct-link" onClick=${back}>
      ${item.type === "lines" ? state.words.clear_lines : state.words.back_to_default}
      <span class="ct-unseen"> ${item.label}</span>
    </button>`}
  </div>`;
}

function Scenario({ scenario, state, send }) {
  const [open, setOpen] = useState(scenario.is_open);
  return html`<details open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary>${scenario.title}</summary>
    <div class="ct-limits">
      ${scenario.items.map(
        (item) =>
          html`<${Limit} key=${item.id} item=${item} scenario=${scenario} state=${state} send=${send} />`,
      )}
    </div>
  </details>`;
}

function Presets({ state, send }) {
  const [chosen, setChosen] = useState("");
  const { words } = state;
  const preset = state.presets.find((one) => one.id === chosen);
  const options = [["", words.choose], ...state.presets.map((one) => [one.id, one.name])];
  return html`<div>
    <h3>${words.presets}</h3>
    <${SelectField}
      label=${words.trade}
      hint=${words.trade_hint}
      options=${options}
      value=${chosen}
      onSend=${(value) => setChosen(value ?? "")}
    />
    ${preset &&
    html`<ul>${preset.items.map((line) => html`<li key=${line}>${line}</li>`)}</ul>
      <p><button type="button" onClick=${() => send("copy", { preset: chosen })}>${words.copy}</button></p>`}
    ${state.changed.length > 0 &&
    html`<div class="ct-inset">
      <p><strong>${state.notice}</strong></p>
      <ul>${state.changed.map((line) => html`<li key=${line}>${line}</li>`)}</ul>
    </div>`}
  </div>`;
}

function Bar({ state, send }) {
  const { words } = state;
  return html`<section class="ct-screen">
    <h2>${words.title}</h2>
    <p>${words.intro}</p>
    ${state.is_sample && html`<p class="ct-inset">${words.sample}</p>`}
    <${Notice} state=${state} />
    <div class="ct-bar-facts">
      ${state.facts.map((fact) => html`<${Fact} key=${fact.id} fact=${fact} state=${state} send=${send} />`)}
    </div>
    <${Presets} state=${state} send=${send} />
    <h3>${words.limits}</h3>
    <p>${words.limits_hint}</p>
    ${state.scenarios.map(
      (scenario) =>
        html`<${Scenario} key=${scenario.id} scenario=${scenario} state=${state} send=${send} />`,
    )}
    <div class="ct-row ct-bar-steps">
      <${Step} can=${state.can_undo} text=${words.undo} onStep=${() => send("undo")} />
      <${Step} can=${state.can_redo} text=${words.redo} onStep=${() => send("redo")} />
    </div>
  </section>`;
}

export default view(Bar);
