// What every view is built with: Preact, and the tie to the kernel.
import { h, render } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

const html = htm.bind(h);

const random = () => crypto.getRandomValues(new Uint32Array(1))[0].toString(36);

// Preact numbers ids for each tree, and every view is a tree of its own.
function useId() {
  const [id] = useState(() => `ct-${random()}`);
  return id;
}

// Keeps what was sent until the kernel acknowledges it, and sends it again when the page around
// says that the connection is back, or when the kernel got a later message first. What arrives
// twice is carried out once: the kernel knows each message by its sender and number.
function outbox(model) {
  const from = random() + random();
  let number = 0;
  let waiting = [];
  const sendAgain = () => waiting.forEach((message) => model.send(message));
  const hear = () => {
    const heard = model.get("heard");
    if (heard.from !== from) return;
    waiting = waiting.filter(({ sent }) => sent.number > heard.number);
    // Of several that came too early, the last alone brings them all again.
    if (heard.early === number) sendAgain();
  };
  model.on("change:heard", hear);
  document.addEventListener("client-triage:connected", sendAgain);
  return {
    send(action, details = {}) {
      const message = { action, ...details, sent: { from, number: ++number } };
      waiting.push(message);
      model.send(message);
    },
    close() {
      model.off("change:heard", hear);
      document.removeEventListener("client-triage:connected", sendAgain);
    },
  };
}

// The style sheet of all views is a widget of its own, sent once. A view waits for it, if it is there.
async function sheet(model) {
  try {
    await model.widget_manager.get_model(model.get("sheet").replace("IPY_MODEL_", ""));
  } catch {
    // Plain, but all there.
  }
}

// A view draws the state that Python sends, and sends back what the person did:
// `send("rename", { client, alias })` becomes one message. It never changes the state itself.
// Each widget has its script to itself, and so one outbox, however often it is drawn.
function view(Component, begin = () => {}) {
  let send;
  return {
    async initialize({ model }) {
      const box = outbox(model);
      send = box.send;
      begin(model, send);
      await sheet(model);
      return box.close;
    },
    render({ model, el }) {
      const draw = () => {
        const state = model.get("state");
        // Setting it, even to the same, makes the browser style everything anew.
        if (el.lang !== state.language) el.lang = state.language;
        render(html`<${Component} state=${state} send=${send} model=${model} />`, el);
      };
      el.classList.add("ct");
      // JupyterLab's command mode takes plain keys for commands: D, D deletes the cell.
      el.addEventListener("keydown", (event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
      });
      model.on("change:state", draw);
      draw();
      return () => {
        model.off("change:state", draw);
        render(null, el);
      };
    },
  };
}

// A copy in the order of a language; `text` says what of each one is compared.
function sorted(list, language, text) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...list].sort((one, other) => compare(text(one), text(other)));
}

// Fills a text of the catalogue: "{place} of {count}".
const fill = (phrase, figures) => phrase.replace(/\{(\w+)\}/g, (_, name) => figures[name]);

export { fill, html, sorted, view, useEffect, useId, useLayoutEffect, useRef, useState };
