import { html, useRef, view } from "./dom.js";
import { Said } from "./fields.js";
import { isServed, Opening, useDrop } from "./opening.js";

// While nothing can be entered, or a curtain hides everything, nothing is opened either.
const isClosed = () =>
  document.getElementById("content")?.inert || document.querySelector("dialog[open]") !== null;

function Drop({ state, send }) {
  const { words, fault, notice } = state;
  const closer = useRef(null);
  const mark = useDrop(() => isServed() && window, state, send, isClosed);
  return html`<div class="ct-drop ct-screen">
    ${mark}
    <div class=${fault || notice || state.opening ? "ct-drop-said ct-box" : ""}>
      <${Opening} state=${state} send=${send} home=${() => closer.current} />
      <p role="alert" class="ct-error ct-lines" hidden=${!fault}>${fault}</p>
      <p role="status"><${Said} state=${state} /></p>
      ${(fault || notice) &&
      html`<button type="button" ref=${closer} onClick=${() => send("dismiss")}>${words.close}</button>`}
    </div>
  </div>`;
}

export default view(Drop);
