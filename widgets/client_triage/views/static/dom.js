// What every view is built with: Preact, and the tie to the kernel.
import { h, render } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

const html = htm.bind(h);

// Preact numbers ids for each tree, and every view is a tree of its own.
function useId() {
  const [id] = useState(() => `ct-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`);
  return id;
}

// A view draws the state that Python sends, and sends back what the person did:
// `send("rename", { client, alias })` becomes one message. It never changes the state itself.
function view(Component) {
  return {
    render({ model, el }) {
      const send = (action, details = {}) => model.send({ action, ...details });
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

export { html, view, useEffect, useId, useLayoutEffect, useRef, useState };
