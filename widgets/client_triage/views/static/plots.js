import { html, view } from "./dom.js";
import { Plot, usePictures } from "./plot.js";

function Plots({ state, send, model }) {
  const pictures = usePictures(model);
  if (state.is_empty) return null;
  return html`<section>
    <h2>${state.words.heading}</h2>
    ${state.plots.map(
      (plot) => html`<${Plot}
        key=${plot.name}
        plot=${plot}
        picture=${pictures[plot.name]}
        words=${state.words}
        send=${send}
      />`,
    )}
  </section>`;
}

export default view(Plots);
