// Clients × scenarios as a grid after the ARIA Authoring Practices: one stop for Tab, arrow keys
// between cells, Enter opens. A row is [id, alias, verdict, note, levels]; verdict and levels are
// places in `state.order`.
import { fill, html, sorted, useId, useLayoutEffect, useRef, useState, view } from "./dom.js";
import { Empty, Level, Notice, SelectField, Step } from "./fields.js";
import { Signals } from "./signals.js";

const PAGE = 10;
const MOST = 200; // rows that are drawn at first, and with each press of the button
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};
const FIRST_SCENARIO = 2; // after the alias and the verdict

const within = (value, low, high) => Math.min(Math.max(value, low), high);

// What in a cell takes the focus: its button, or the cell where it has none.
const target = (cell) => cell?.querySelector("button") ?? cell;

function neighbour(cell, { key, ctrlKey }) {
  const [down, right] = STEPS[key];
  const rows = cell.closest("tbody").rows;
  const [top, far] = [cell.parentNode.sectionRowIndex, cell.parentNode.cells.length - 1];
  const row = within(top + (ctrlKey && !down ? right : down), 0, rows.length - 1);
  return rows[row].cells[within(cell.cellIndex + right, 1, far)];
}

function arranged(state, { text, grave, sort, kept }) {
  const needle = text.trim().toLocaleLowerCase(state.language);
  const least = state.order.indexOf("warn");
  const matches = ([id, alias, , , levels]) =>
    alias.toLocaleLowerCase(state.language).includes(needle) &&
    (!grave || id === kept || levels.some((level) => level >= least));
  const rows = sort === "urgency" ? state.urgent.map((row) => state.rows[row]) : state.rows;
  const chosen = sort === "alias" ? sorted(rows, state.language, ([, alias]) => alias) : rows;
  return chosen.filter(matches);
}

// A row is drawn again only when something in it changed: with 200 clients that is what counts.
function Row(props) {
  this.shouldComponentUpdate = (next) => next.mark !== this.props.mark;
  const { row, state, stop, open } = props;
  const [, alias, verdict, note, levels] = row;
  const { order, levels: names, signs, words } = state;
  return html`<tr>
    <th scope="row">${alias}</th>
    <td tabindex=${stop === 1 ? 0 : -1}>
      <${Level} level=${order[verdict]} words=${names} signs=${signs} />
      ${note && html`<span class="ct-matrix-note">${note}</span>`}
    </td>
    ${levels.map((place, index) => {
      const [scenario, short] = state.scenarios[index];
      const level = order[place];
      return html`<td key=${scenario}>
        <button
          type="button"
          tabindex=${stop === index + FIRST_SCENARIO ? 0 : -1}
          data-level=${level}
          aria-label=${fill(words.cell, { alias, scenario: short, level: names[level] })}
          aria-current=${open === scenario ? "true" : undefined}
        >
          ${signs[level]} ${names[level]}
        </button>
      </td>`;
    })}
  </tr>`;
}

function Grid({ state, rows, stop, setStop, onOpen, table }) {
  const id = useId();
  const { words, open } = state;
  const at = rows.some(([client]) => client === stop.client)
    ? stop
    : { client: rows[0]?.[0], column: FIRST_SCENARIO };
  const cellOf = (event) => event.target.closest("td");
  const clientOf = (cell) => rows[cell.parentNode.sectionRowIndex][0];
  const hold = (cell) => setStop({ client: clientOf(cell), column: cell.cellIndex });
  const move = (event) => {
    const cell = cellOf(event);
    if (!cell || !STEPS[event.key] || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    target(neighbour(cell, event)).focus();
  };
  const click = (event) => {
    const cell = event.target.closest("button")?.closest("td");
    if (!cell) return;
    hold(cell);
    onOpen(clientOf(cell), state.scenarios[cell.cellIndex - FIRST_SCENARIO][0]);
  };
  return html`<div class="ct-matrix-region" role="region" aria-labelledby=${id} tabindex="0">
    <table
      ref=${table}
      role="grid"
      aria-labelledby=${id}
      aria-describedby="${id}-keys"
      style=${{ "--scenarios": state.scenarios.length }}
      onKeyDown=${move}
      onClick=${click}
      onFocusIn=${(event) => cellOf(event) && hold(cellOf(event))}
    >
      <caption id=${id}>${words.caption}</caption>
      <thead>
        <tr>
          <th scope="col">${words.client}</th>
          <th scope="col">${words.verdict}</th>
          ${state.scenarios.map(
            ([scenario, short, title, named]) => html`<th
              key=${scenario}
              scope="col"
              abbr=${short}
              title=${title}
              aria-label=${named}
            >
              ${short}
            </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => {
          const column = at.client === row[0] ? at.column : 0;
          const opened = open?.client === row[0] ? open.scenario : "";
          return html`<${Row}
            key=${row[0]}
            row=${row}
            state=${state}
            stop=${column}
            open=${opened}
            mark=${JSON.stringify([row, column, opened, state.language])}
          />`;
        })}
      </tbody>
    </table>
    <p id="${id}-keys" class="ct-unseen">${words.keys}</p>
  </div>`;
}

function Panel({ state, send, heading, onClose }) {
  const id = useId();
  const { words, open } = state;
  const cell = { client: open.client, scenario: open.scenario };
  const clear = (signal) => {
    // The button goes with the answer; the focus stays at the question.
    document.activeElement?.closest(".ct-signal")?.querySelector("input")?.focus();
    send("clear", { ...cell, signal });
  };
  return html`<section class="ct-matrix-panel ct-box" aria-labelledby=${id}>
    <div class="ct-matrix-head">
      <h3 id=${id} ref=${heading} tabindex="-1">${open.title}</h3>
      <button type="button" onClick=${onClose}>${words.close}</button>
    </div>
    <div role="status" class="ct-inset">
      <p>
        <${Level} level=${open.level} words=${state.levels} signs=${state.signs} />
        ${" "}${open.reason}
      </p>
      <p>${open.verdict}</p>
      <p class="ct-unseen">${open.fields.find((field) => field.error)?.error}</p>
    </div>
    ${open.no_bar && html`<p>${words.no_bar}</p>`}
    ${open.events && html`<p>${open.events}</p>`}
    <div key=${`${cell.client} ${cell.scenario}`}>
      <${Signals}
        fields=${open.fields}
        words=${state.signal_words}
        onAnswer=${(signal, value) => send("answer", { ...cell, signal, value })}
        onClear=${clear}
      />
    </div>
    <div class="ct-row">
      <button type="button" onClick=${() => send("clear", cell)}>${words.clear_all}</button>
      <${Step} can=${state.can_undo} text=${words.undo} onStep=${() => send("undo")} />
      <${Step} can=${state.can_redo} text=${words.redo} onStep=${() => send("redo")} />
    </div>
  </section>`;
}

function Filters({ state, filter, set, shown }) {
  const id = useId();
  const { words } = state;
  const number = (count) => count.toLocaleString(state.language);
  return html`<div class="ct-row ct-matrix-filters">
      <div class="ct-field">
        <label for=${id}>${words.filter}</label>
        <input
          id=${id}
          type="text"
          autocomplete="off"
          value=${filter.text}
          onInput=${(event) => set({ text: event.target.value })}
        />
      </div>
      <${SelectField}
        label=${words.sort}
        options=${state.sorts}
        value=${filter.sort}
        onSend=${(sort) => set({ sort })}
      />
      <label class="ct-radio">
        <input
          type="checkbox"
          checked=${filter.grave}
          onChange=${(event) => set({ grave: event.target.checked, kept: null })}
        />
        <span>${words.grave}</span>
      </label>
    </div>
    <p role="status">${fill(words.showing, { shown: number(shown), count: number(state.rows.length) })}</p>`;
}

function Matrix({ state, send }) {
  const [filter, setFilter] = useState({ text: "", grave: false, sort: "urgency", kept: null });
  const [stop, setStop] = useState({ client: null, column: FIRST_SCENARIO });
  const [most, setMost] = useState(MOST);
  const table = useRef(null);
  const heading = useRef(null);
  const moving = useRef(""); // where the focus goes once the kernel has answered
  const { words, open } = state;
  const set = (changed) => setFilter((filter) => ({ ...filter, ...changed }));
  const found = arranged(state, filter);
  const rows = found.slice(0, most);
  const left = found.length - rows.length;

  useLayoutEffect(() => {
    const current = table.current?.querySelector("[aria-current], button[tabindex='0']");
    if (open && moving.current === "in") {
      current?.scrollIntoView({ block: "nearest", inline: "nearest" });
      heading.current.focus();
    }
    if (!open && moving.current === "out") {
      (table.current?.querySelector("tbody [tabindex='0']") ?? table.current?.parentNode)?.focus();
    }
    moving.current = "";
  }, [open?.client, open?.scenario]);

  const onOpen = (client, scenario) => {
    if (open?.client === client && open.scenario === scenario) return heading.current.focus();
    moving.current = "in";
    set({ kept: client });
    return send("open", { client, scenario });
  };
  const onClose = () => {
    moving.current = "out";
    // Arrow keys may have left the cell that is open.
    const column = state.scenarios.findIndex(([scenario]) => scenario === open.scenario);
    setStop({ client: open.client, column: column + FIRST_SCENARIO });
    send("close");
  };
  // The focus goes to the first row that was not there.
  const showMore = () => {
    setStop({ client: found[most][0], column: FIRST_SCENARIO });
    setMost(most + MOST);
    requestAnimationFrame(() => table.current?.querySelector("tbody [tabindex='0']")?.focus());
  };
  // The button goes with what it did: the focus moves to where one may search again.
  const showAll = (event) => {
    event.currentTarget.closest("section").querySelector("input").focus();
    set({ text: "", grave: false });
  };
  const onKeyDown = (event) => {
    const asked = event.target.closest(".ct-matrix-panel, table");
    if (event.key === "Escape" && open && asked && !event.isComposing) onClose();
  };

  return html`<section onKeyDown=${onKeyDown}>
    <h2>${words.title}</h2>
    <${Notice} state=${state} />
    ${state.rows.length === 0
      ? html`<${Empty} text=${words.empty} words=${words} />`
      : html`<p>${words.intro}</p>
          <${Filters} state=${state} filter=${filter} set=${set} shown=${rows.length} />
          <div class=${`ct-matrix ${open ? "ct-matrix-opened" : ""}`}>
            ${rows.length > 0 &&
            html`<${Grid}
              state=${state}
              rows=${rows}
              stop=${stop}
              setStop=${setStop}
              onOpen=${onOpen}
              table=${table}
            />`}
            ${open && html`<${Panel} state=${state} send=${send} heading=${heading} onClose=${onClose} />`}
          </div>
          ${rows.length === 0 && html`<p class="ct-empty">${words.none_found}</p>`}
          ${rows.length === 0 && html`<p><button type="button" onClick=${showAll}>${words.all}</button></p>`}
          ${left > 0 &&
          html`<p>
            <button type="button" onClick=${showMore}>
              ${fill(words.more, { count: Math.min(left, MOST).toLocaleString(state.language) })}
            </button>
          </p>`}`}
  </section>`;
}

export default view(Matrix);
