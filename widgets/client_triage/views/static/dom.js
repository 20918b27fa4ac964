// What every view is built with: Preact, and the tie to the kernel.
import { h, render } from "./vendor/preact.js";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

const html = htm.bind(h);

// A view draws the state that Python sends, and sends back what the person did:
// `send("rename", { client, alias })` becomes one message. It never changes the state itself.
function view(Component) {
  return {
    render({ model, el }) {
      const send = (action, details = {}) => model.send({ action, ...details });
      const draw = () => {
        const state = model.get("state");
        el.lang = state.language;
        render(html`<${Component} state=${state} send=${send} model=${model} />`, el);
      };
      el.classList.add("ct");
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
