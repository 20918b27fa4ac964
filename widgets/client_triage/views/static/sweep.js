import { html, useLayoutEffect, useRef, useState, view } from "./dom.js";
import { Empty, Field, Level, RadioField, Said, SelectField, Step } from "./fields.js";
import { Signals } from "./signals.js";

// Where an update takes away what had the focus, `home` gets it.
function useFocusKept(box, home) {
  const held = box.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (held && !box.current.contains(document.activeElement)) home.current.focus();
  });
}

// The trade's lines join those that are there; its counts take the place of those that are there.
function withPreset(draft, preset) {
  const kept = draft.lines.split("\n").filter((line) => line.trim());
  const fresh = preset.lines.filter((line) => !kept.includes(line));
  return { lines: [...kept, ...fresh].join("\n"), counts: { ...draft.counts, ...preset.counts } };
}

function Presets({ presets, words, onCopy }) {
  const [chosen, setChosen] = useState(null);
  const [copied, setCopied] = useState("");
  const preset = presets.find((one) => one.id === chosen);
  const options = [["", words.preset_choose], ...presets.map((one) => [one.id, one.name])];
  const copy = () => {
    if (!preset) return;
    onCopy(preset);
    setCopied(preset.lines.join(". "));
  };
  return html`<div class="ct-row">
    <${SelectField} label=${words.preset} options=${options} value=${chosen} onSend=${setChosen} />
    <button type="button" aria-disabled=${String(!preset)} onClick=${copy}>${words.preset_copy}</button>
    <p class="ct-unseen" role="status">${copied}</p>
  </div>`;
}

function BarForm({ bar, words, onSave }) {
  const [draft, setDraft] = useState({
    lines: bar.lines.join("\n"),
    counts: Object.fromEntries(bar.counts.map((count) => [count.id, count.value])),
  });
  const count = (id) => (event) =>
    setDraft({ ...draft, counts: { ...draft.counts, [id]: event.target.value } });
  return html`<form
    onSubmit=${(event) => {
      event.preventDefault();
      onSave(draft);
    }}
  >
    <${Presets} presets=${bar.presets} words=${words} onCopy=${(preset) => setDraft(withPreset(draft, preset))} />
    <${Field} label=${bar.label} hint=${bar.hint}>
      ${(tie) => html`<textarea
        rows="5"
        ...${tie}
        value=${draft.lines}
        onInput=${(event) => setDraft({ ...draft, lines: event.target.value })}
      ></textarea>`}
    <//>
    ${bar.counts.map(
      ({ id, label, hint }) => html`<${Field} key=${id} label=${label} hint=${hint}>
        ${(tie) => html`<input
          type="text"
          inputmode="numeric"
          autocomplete="off"
          class="ct-short"
          ...${tie}
          value=${draft.counts[id]}
          onInput=${count(id)}
        />`}
      <//>`,
    )}
    <button class="ct-main">${words.lines_save}</button>
  </form>`;
}

function Bar({ bar, words, send }) {
  const folded = useRef(null);
  const save = (draft) => {
    send("set_bar", draft);
    if (folded.current) {
      folded.current.open = false;
      folded.current.querySelector("summary").focus();
    }
  };
  // A form starts anew from what is saved, so that an undo shows in it; not in another language.
  const saved = JSON.stringify([bar.lines, bar.counts.map(({ value }) => value)]);
  const form = html`<${BarForm} key=${saved} bar=${bar} words=${words} onSave=${save} />`;
  if (bar.lines.length === 0) return form;
  return html`<div class="ct-inset">
    <h3>${bar.label}</h3>
    <ul>
      ${bar.lines.map((line) => html`<li>${line}</li>`)}
    </ul>
    <details ref=${folded}>
      <summary>${words.lines_change}</summary>
      ${form}
    </details>
  </div>`;
}

function Judged({ row, state }) {
  return html`<p class="ct-judged">
    <${Level} level=${row.level} words=${state.levels} signs=${state.signs} /> ${row.reason}
    ${row.from_ledger && html` <span class="ct-hint">${state.words.from_ledger}</span>`}
  </p>`;
}

function Answer({ row, words, send }) {
  const options = [
    ["yes", words.yes],
    ["unsure", words.unsure],
  ];
  // Nobody is asked to say no one by one; once a row has an answer it can be made a no.
  if (row.kind !== "open") options.push(["no", words.no]);
  return html`<${RadioField}
    legend=${row.alias}
    inline
    options=${options}
    value=${row.kind}
    onSend=${(answer) => send("answer", { client: row.id, answer })}
  />`;
}

function Details({ row, state, send, panel }) {
  const client = row.id;
  return html`<div class="ct-inset" ref=${panel} tabindex="-1" role="group" aria-label=${row.alias}>
    ${row.kind === "yes" && html`<p class="ct-hint">${state.words.details}</p>`}
    <${Signals}
      fields=${row.fields}
      words=${state.signal_words}
      onAnswer=${(signal, value) => send("signal", { client, signal, value })}
      onClear=${(signal) => send("clear_signal", { client, signal })}
    />
  </div>`;
}

function Row({ row, state, send }) {
  const { words } = state;
  const box = useRef(null);
  const panel = useRef(null);
  const opening = useRef(false);
  useFocusKept(box, box);
  useLayoutEffect(() => {
    if (opening.current && row.fields) {
      opening.current = false;
      panel.current.focus();
    }
  });
  const isOpen = Boolean(row.fields);
  const isKnown = row.level && row.kind !== "yes";
  const toggle = () => {
    opening.current = !isOpen;
    send(isOpen ? "close" : "change", { client: row.id });
  };
  const whose = html`<span class="ct-unseen"> ${row.alias}</span>`;
  return html`<li ref=${box} tabindex="-1" data-client=${row.id} data-answer=${row.kind}>
    <div class="ct-answer">
      ${row.kind === "exact"
        ? html`<p key="alias" class="ct-alias">${row.alias}</p>`
        : html`<${Answer} key="answer" row=${row} words=${words} send=${send} />`}
      ${row.level && html`<${Judged} key="judged" row=${row} state=${state} />`}
      <div key="buttons" class="ct-buttons">
        ${isKnown &&
        html`<button key="change" type="button" class="ct-link" aria-expanded=${isOpen} onClick=${toggle}>
          ${isOpen ? words.close : words.change}${whose}
        </button>`}
        ${(row.kind !== "open" || isKnown) &&
        html`<button key="clear" type="button" class="ct-link" onClick=${() => send("clear", { client: row.id })}>
          ${words.clear}${whose}
        </button>`}
      </div>
    </div>
    ${row.fields?.length > 0 &&
    html`<${Details} key="details" row=${row} state=${state} send=${send} panel=${panel} />`}
  </li>`;
}

function Sweep({ state, send }) {
  const { words } = state;
  const box = useRef(null);
  const told = useRef(null);
  useFocusKept(box, told);
  return html`<section ref=${box} aria-label=${state.question}>
    <h2 class=${state.safety ? "ct-discreet" : ""}>${state.question}</h2>
    ${state.hint && html`<p class="ct-hint">${state.hint}</p>`}
    ${state.safety && html`<p class="ct-hint">${words.skip}</p>`}
    ${state.is_sample && html`<p class="ct-inset">${words.sample}</p>`}
    <p class="ct-error" role="alert" hidden=${!state.fault}>${state.fault}</p>
    ${state.bar && html`<${Bar} bar=${state.bar} words=${words} send=${send} />`}
    ${state.is_empty && html`<${Empty} text=${words.no_clients} words=${words} />`}
    <ul class="ct-sweep">
      ${state.rows.map((row) => html`<${Row} key=${row.id} row=${row} state=${state} send=${send} />`)}
    </ul>
    ${state.none &&
    html`<div key="none" class="ct-row">
      <button type="button" class="ct-main" onClick=${() => send("none")}>${state.none}</button>
      <button type="button" onClick=${() => send("later")}>${words.later}</button>
    </div>`}
    ${!state.is_empty &&
    html`<div key="steps" class="ct-row">
      <${Step} can=${state.can_undo} text=${state.undo} onStep=${() => send("undo")} />
      <${Step} can=${state.can_redo} text=${words.redo} onStep=${() => send("redo")} />
    </div>`}
    <p class="ct-told" role="status" tabindex="-1" ref=${told}><${Said} state=${state} /></p>
  </section>`;
}

export default view(Sweep);
