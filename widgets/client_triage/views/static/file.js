import { html, useEffect, useRef, view } from "./dom.js";
import { save } from "./download.js";
import { Notice } from "./fields.js";

function File({ state, send, model }) {
  const { words } = state;
  const picker = useRef(null);
  useEffect(() => {
    model.on("msg:custom", save);
    return () => model.off("msg:custom", save);
  }, [model]);
  const open = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (file.size > state.most_bytes) send("refuse_large");
    else send("open", { file: file.name, text: await file.text() });
  };
  return html`<section class="ct-file" aria-label=${words.title}>
    <p class="ct-hint">${state.kept}</p>
    ${state.trouble && html`<p class="ct-error ct-lines" role="alert">${state.trouble}</p>`}
    <div class="ct-lines"><${Notice} state=${state} /></div>
    <div class="ct-row">
      <button type="button" aria-disabled=${String(state.is_empty)} onClick=${() => state.is_empty || send("download")}>${words.download}</button>
      <button type="button" onClick=${() => picker.current.click()}>${words.open}</button>
      <input
        type="file"
        accept=".json,application/json"
        hidden
        ref=${picker}
        onChange=${open}
      />
      ${state.is_sample
        ? html`<button type="button" onClick=${() => send("leave_sample")}>${words.leave_sample}</button>`
        : html`<button type="button" onClick=${() => send("sample")}>${words.load_sample}</button>`}
    </div>
  </section>`;
}

export default view(File);
