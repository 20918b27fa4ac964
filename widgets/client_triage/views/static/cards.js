import { html, sorted, useLayoutEffect, useRef, useState, view } from "./dom.js";
import { Phone } from "./contacts.js";
import { DayField } from "./days.js";
import { Level, LinesField, Notice, RadioField, SelectField, TextField } from "./fields.js";

function Said({ finding, state, withLevel }) {
  return html`<li>
    ${withLevel && html`<${Level} level=${finding.level} words=${state.levels} signs=${state.signs} />${" "}`}
    ${finding.scenario && html`<span class="ct-scenario">${finding.scenario}</span>${" "}`}
    ${finding.text}
  </li>`;
}

// A button that clears the answers around it goes with them: the focus moves to the first of them.
function Clear({ text, alias, onClear }) {
  const clear = (event) => {
    event.target.closest(".ct-answers").querySelector("input").focus();
    onClear();
  };
  return html`<button type="button" class="ct-link" onClick=${clear}>
    ${text}<span class="ct-unseen"> ${alias}</span>
  </button>`;
}

// Where to get help, at once: the browser asks nobody where somebody looks for it.
function Contacts({ contacts, alias, language }) {
  return html`<details>
    <summary>${contacts.title}<span class="ct-unseen"> ${alias}</span></summary>
    ${sorted(contacts.countries, language, ({ name }) => name).map(
      (country) => html`<div key=${country.name}>
        <h4>${country.name}</h4>
        <ul>
          ${country.contacts.map(
            (contact) => html`<li key=${contact.phone}>
              <strong>${contact.name}</strong>${" "}
              <${Phone} number=${contact.phone} />
              <p>${contact.what_for} <span class="ct-hint">${contact.source}</span></p>
            </li>`,
          )}
        </ul>
      </div>`,
    )}
    <p>${contacts.elsewhere}</p>
  </details>`;
}

function Money({ money, words }) {
  if (!money.sums) return null;
  return html`<div class="ct-money">
    <dl>
      ${money.sums.map(([label, sum]) => html`<div key=${label}><dt>${label}</dt><dd>${sum}</dd></div>`)}
    </dl>
    ${money.left_out && html`<p class="ct-hint">${money.left_out}</p>`}
  </div>`;
}

function Decision({ card, state, send }) {
  const { words } = state;
  const { decision } = card;
  const client = card.id;
  return html`<div class="ct-answers">
    ${decision.reopened &&
    html`<div class="ct-inset">
      <p><strong>${words.reopened}</strong> ${decision.reopened.earlier}</p>
      <ul>
        ${decision.reopened.since.map(
          (finding) => html`<${Said} key=${finding.scenario} finding=${finding} state=${state} />`,
        )}
      </ul>
    </div>`}
    ${decision.overdue && html`<p class="ct-inset"><strong>${decision.overdue}</strong></p>`}
    <${RadioField}
      legend=${html`${words.worth}<span class="ct-unseen"> ${card.alias}</span>`}
      hint=${words.worth_hint}
      inline
      options=${state.choices.worth}
      value=${decision.answer}
      onSend=${(answer) => send("decide", { client, answer })}
    />
    ${decision.is_known &&
    (decision.answer !== "no" || decision.conditions) &&
    html`<${LinesField}
        label=${html`${words.conditions}<span class="ct-unseen"> ${card.alias}</span>`}
        hint=${words.conditions_hint}
        rows=${2}
        error=${decision.faults.conditions}
        value=${decision.conditions}
        onSend=${(text) => send("conditions", { client, text })}
      />`}
    ${decision.is_known &&
    html`<${DayField}
        label=${html`${words.look_again}<span class="ct-unseen"> ${card.alias}</span>`}
        error=${decision.faults.look_again}
        value=${decision.look_again}
        onSend=${(day) => send("look_again", { client, day })}
      />
      <${Clear}
        text=${words.clear_decision}
        alias=${card.alias}
        onClear=${() => send("clear_decision", { client })}
      />`}
  </div>`;
}

function Keep({ card, state, send }) {
  const { words } = state;
  const { keep } = card;
  const client = card.id;
  const [open, setOpen] = useState(keep.is_known);
  return html`<details open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary>${keep.title}<span class="ct-unseen"> ${card.alias}</span></summary>
    <div class="ct-answers">
      <${RadioField}
        legend=${html`${keep.question}<span class="ct-unseen"> ${card.alias}</span>`}
        hint=${keep.hint}
        inline
        options=${state.choices.chips}
        value=${keep.chip}
        onSend=${(chip) => send("keep", { client, chip })}
      />
      <${TextField}
        label=${html`${words.keep_note}<span class="ct-unseen"> ${card.alias}</span>`}
        error=${keep.fault}
        value=${keep.note}
        onSend=${(text) => send("keep_note", { client, text })}
      />
      ${keep.is_known &&
      html`<${Clear}
        text=${words.clear_keep}
        alias=${card.alias}
        onClear=${() => send("clear_keep", { client })}
      />`}
    </div>
  </details>`;
}

function Card({ card, state, send }) {
  const { words } = state;
  return html`<li class="ct-card" data-level=${card.level}>
    <h3 tabindex="-1">${card.alias}</h3>
    <ul class="ct-reasons">
      ${card.reasons.map(
        (finding) => html`<${Said} key=${finding.scenario} finding=${finding} state=${state} />`,
      )}
    </ul>
    ${card.next && html`<p><strong>${words.next_step}</strong> ${card.next}</p>`}
    ${card.is_unsafe && html`<${Contacts} contacts=${state.contacts} alias=${card.alias} language=${state.language} />`}
    <p class="ct-verdict">
      <${Level} level=${card.level} words=${state.levels} signs=${state.signs} />
      ${card.when && html`<span>${card.when}</span>`}
      ${card.leaving && html`<span class="ct-hint">${card.leaving}</span>`}
      ${card.kept && html`<strong class="ct-kept">${card.kept}</strong>`}
    </p>
    ${card.further.length > 0 &&
    html`<p class="ct-also">${words.further}</p>
      <ul class="ct-reasons">
        ${card.further.map(
          (finding) =>
            html`<${Said} key=${finding.scenario} finding=${finding} state=${state} withLevel />`,
        )}
      </ul>`}
    <${Money} money=${card.money} words=${words} />
    ${card.band !== null &&
    html`<${SelectField}
      label=${html`${words.band}<span class="ct-unseen"> ${card.alias}</span>`}
      hint=${words.band_hint}
      options=${state.bands}
      value=${card.band}
      onSend=${(value) => send("band", { client: card.id, value })}
    />`}
    ${card.decision && html`<${Decision} card=${card} state=${state} send=${send} />`}
    ${card.keep && html`<${Keep} card=${card} state=${state} send=${send} />`}
  </li>`;
}

function Cards({ state, send }) {
  const { words, cards } = state;
  const list = useRef(null);
  const before = useRef(null);
  // After "show more" the focus goes to the first card that is new.
  useLayoutEffect(() => {
    if (before.current !== null && cards.length > before.current) {
      list.current.children[before.current].querySelector("h3").focus();
      before.current = null;
    }
  }, [cards.length]);
  const more = () => {
    before.current = cards.length;
    send("more");
  };
  if (state.is_over) return null;
  return html`<section>
    <h2>${state.is_example ? words.title_sample : words.title}</h2>
    ${state.is_sample && html`<p class="ct-inset">${words.sample}</p>`}
    ${!state.is_example &&
    html`<p class=${cards.length > 0 ? "" : "ct-empty"}>${cards.length > 0 ? words.intro : words.empty}</p>`}
    <${Notice} state=${state} />
    <ol class="ct-cards" ref=${list}>
      ${cards.map((card) => html`<${Card} key=${card.id} card=${card} state=${state} send=${send} />`)}
    </ol>
    ${state.more &&
    html`<p>${state.left}</p>
      <button type="button" onClick=${more}>${state.more}</button>`}
  </section>`;
}

export default view(Cards);
