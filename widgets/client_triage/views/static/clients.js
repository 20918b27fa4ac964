import { html, useEffect, useId, useRef, useState, view } from "./dom.js";
import { LinesField, Notice, SelectField, Step, TextField } from "./fields.js";

// A longer list is folded, so that what stands under it can be found. Its rows are drawn when it
// is opened: a thousand of them would hold up the page.
const MANY = 20;

function Add({ state, send }) {
  const [alias, setAlias] = useState("");
  const [list, setList] = useState("");
  const field = useRef(null);
  const id = useId();
  // A list that is refused stays in its field. One alias can't be refused, and the field is free
  // at once for whoever types the next one faster than the kernel answers.
  useEffect(() => setList(""), [state.added]);
  const { words } = state;
  return html`<form
      class="ct-row ct-add"
      onSubmit=${(event) => {
        event.preventDefault();
        send("add", { alias: alias.trim() || state.suggested });
        setAlias("");
        field.current?.querySelector("input").focus();
      }}
    >
      <div class="ct-field" ref=${field}>
        <label for=${id}>${words.alias}</label>
        <p id="${id}-hint" class="ct-hint">${words.alias_hint}</p>
        <input
          id=${id}
          type="text"
          autocomplete="off"
          maxlength=${state.longest}
          aria-describedby="${id}-hint"
          placeholder=${state.suggested}
          value=${alias}
          onInput=${(event) => setAlias(event.target.value)}
        />
      </div>
      <button class="ct-main">${words.add}</button>
    </form>
    <details>
      <summary>${words.paste}</summary>
      <${LinesField} label=${words.paste_label} hint=${words.paste_hint} value=${list} onSend=${setList} />
      <button type="button" onClick=${() => list.trim() && send("paste", { text: list })}>${words.paste_add}</button>
    </details>`;
}

function Client({ client, state, send }) {
  const { words, fields } = state;
  const [isOpen, setIsOpen] = useState(false); // a thousand closed ones would hold up the page
  const set = (field) => (value) => send("set", { client: client.id, field, value });
  // The row goes with its button: the focus moves to the next client, or to where one is added.
  const remove = (event) => {
    const row = event.currentTarget.closest("li");
    const near = row.nextElementSibling ?? row.previousElementSibling;
    (near?.querySelector("summary") ?? row.closest("section").querySelector("form input")).focus();
    send("delete", { client: client.id });
  };
  return html`<li class="ct-client">
    <div class="ct-row">
      <${TextField}
        label=${fields.alias}
        quiet
        error=${client.errors.alias}
        value=${client.alias}
        onSend=${(alias) => send("rename", { client: client.id, alias })}
      />
      <button type="button" class="ct-link" onClick=${remove}>
        ${words.delete}<span class="ct-unseen"> ${client.alias}</span>
      </button>
    </div>
    <details onToggle=${(event) => setIsOpen(event.currentTarget.open)}>
      <summary>${words.more}<span class="ct-unseen"> ${client.alias}</span></summary>
      <p class="ct-hint">${words.more_hint}</p>
      ${isOpen && html`<div class="ct-facts">
        <${SelectField} label=${fields.billing} options=${state.billings} value=${client.billing} onSend=${set("billing")} />
        <${SelectField} label=${fields.band} options=${state.bands} value=${client.band} onSend=${set("band")} />
        ${["revenue", "hours", "direct_costs"].map(
          (name) => html`<${TextField}
            key=${name}
            label=${fields[name]}
            inputmode="decimal"
            class="ct-short"
            error=${client.errors[name]}
            value=${client[name]}
            onSend=${set(name)}
          />`,
        )}
      </div>`}
    </details>
  </li>`;
}

function List({ state, send }) {
  const [isOpen, setIsOpen] = useState(state.clients.length <= MANY);
  return html`<details class="ct-list" open=${isOpen} onToggle=${(event) => setIsOpen(event.currentTarget.open)}>
    <summary>${state.count}</summary>
    ${isOpen &&
    html`<ol class="ct-clients">
      ${state.clients.map(
        (client) => html`<${Client} key=${client.id} client=${client} state=${state} send=${send} />`,
      )}
    </ol>`}
  </details>`;
}

function Clients({ state, send }) {
  const { words } = state;
  return html`<section class="ct-screen">
    <h2>${words.title}</h2>
    <p>${words.intro}</p>
    <${Notice} state=${state} />
    <${Add} state=${state} send=${send} />
    ${state.clients.length > 0 && html`<${List} state=${state} send=${send} />`}
    ${(state.clients.length > 0 || state.can_undo || state.can_redo) &&
    html`<div class="ct-row">
      <${Step} can=${state.can_undo} text=${words.undo} onStep=${() => send("undo")} />
      <${Step} can=${state.can_redo} text=${words.redo} onStep=${() => send("redo")} />
    </div>`}
  </section>`;
}

export default view(Clients);
