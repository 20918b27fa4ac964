import { html, useEffect, useRef, view } from "./dom.js";
import { save } from "./download.js";
import { Said } from "./fields.js";
import { isServed, open, Opening, useDrop } from "./opening.js";

function File({ state, send, model }) {
  const { words } = state;
  const [picker, opener] = [useRef(null), useRef(null)];
  useEffect(() => {
    model.on("msg:custom", save);
    return () => model.off("msg:custom", save);
  }, [model]);
  const box = useRef(null);
  const mark = useDrop(() => !isServed() && box.current, state, send);
  const choose = (event) => {
    const [file] = event.target.files;
    if (file) open(file, state.most_bytes, send);
    event.target.value = "";
  };
  return html`<section class="ct-file ct-screen" aria-label=${words.title} ref=${box}>
    ${mark}
    <p class="ct-hint">${state.kept}</p>
    <p class="ct-error ct-lines" role="alert" hidden=${!state.fault}>${state.fault}</p>
    <p class="ct-told" role="status"><${Said} state=${state} /></p>
    <${Opening} state=${state} send=${send} home=${() => opener.current} />
    <div class="ct-row">
      ${!state.is_empty && html`<button type="button" onClick=${() => send("download")}>${words.download}</button>`}
      <button type="button" ref=${opener} onClick=${() => picker.current.click()}>${words.open}</button>
      <input
        type="file"
        accept=".json,application/json"
        hidden
        ref=${picker}
        onChange=${choose}
      />
      ${state.is_sample
        ? html`<button type="button" onClick=${() => send("leave_sample")}>${words.leave_sample}</button>`
        : html`<button type="button" onClick=${() => send("sample")}>${words.load_sample}</button>`}
    </div>
    <p class="ct-hint ct-drop-hint">${words.drop_hint}</p>
    ${state.has_file &&
    html`<details>
      <summary>${words.beside}</summary>
      <p>${words.beside_means}</p>
      <button type="button" onClick=${() => send("forget")}>${words.forget}</button>
    </details>`}
  </section>`;
}

export default view(File);
