import { html, useEffect, useRef, view } from "./dom.js";
import { save } from "./download.js";
import { Notice } from "./fields.js";

function Keeping({ state, send, model }) {
  const { words, clashes } = state;
  useEffect(() => {
    model.on("msg:custom", save);
    return () => model.off("msg:custom", save);
  }, [model]);
  const place = useRef(null);
  const acted = useRef(false);
  // The buttons go with what they answered: the focus stays here.
  useEffect(() => {
    if (acted.current) place.current?.focus();
    acted.current = false;
  }, [clashes.length]);
  const settle = (ours) => {
    acted.current = true;
    send("settle", { ours });
  };
  return html`<section class="ct-keeping" aria-label=${words.title} ref=${place} tabindex="-1">
    <p class="ct-error ct-lines" role="alert" hidden=${!state.trouble}>${state.trouble}</p>
    ${state.is_unsaved &&
    html`<div class="ct-row"><button type="button" onClick=${() => send("download")}>${words.download}</button></div>`}
    <p class="ct-hint" role="status">${state.news}</p>
    ${clashes.length > 0 &&
    html`<div class="ct-inset">
      <p role="alert">${words.clash}</p>
      <ul>
        ${clashes.map((name, place) => html`<li key=${place}>${name}</li>`)}
      </ul>
      <div class="ct-row">
        <button type="button" onClick=${() => settle(true)}>${words.ours}</button>
        <button type="button" onClick=${() => settle(false)}>${words.theirs}</button>
      </div>
    </div>`}
    <${Notice} state=${state} />
  </section>`;
}

export default view(Keeping);
