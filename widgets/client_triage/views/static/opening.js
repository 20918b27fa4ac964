// Opens a file that was chosen or dropped: it is read here, and goes to the kernel as text.
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./dom.js";

// In JupyterLab the page around the notebook is not ours; Voilà's is, and says that it is.
const isServed = () => document.body.dataset.voila !== undefined;

async function open(file, most, send) {
  const refuse = (problem) => send("refuse", { problem, file: file.name });
  if (file.size > most) return refuse("too_large");
  let text;
  try {
    // `file.text()` would turn an alias in another encoding into question marks unnoticed.
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch (error) {
    // Not readable: moved away meanwhile, or a folder that does not say that it is one.
    return refuse(error instanceof TypeError ? "no_text" : "not_readable");
  }
  send("open", { file: file.name, text });
}

function take({ files, items }, most, send) {
  const refuse = (problem) => send("refuse", { problem });
  const item = [...items].find(({ kind }) => kind === "file");
  if (!files.length) refuse("is_no_file");
  else if (files.length > 1) refuse("several");
  else if (item?.webkitGetAsEntry?.()?.isDirectory) refuse("is_folder");
  else open(files[0], most, send);
}

const hasFile = (event) => event.dataTransfer.types.includes("Files");
// Text may be dragged into a field as ever.
const isForField = (event) => !hasFile(event) && event.target.closest?.("input, textarea");

// Opens what is dropped on `place()`, and gives the mark while a file is held over it.
function useDrop(place, { most_bytes, words }, send, isClosed = () => false) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const target = place();
    if (!target) return;
    // Whatever is dropped here is answered here: the browser would leave the page for a file or a
    // link, and JupyterLab has plans of its own.
    const answered = (act) => (event) => {
      if (isForField(event)) return;
      event.preventDefault();
      event.stopPropagation();
      act(event);
    };
    const over = answered((event) => {
      const closed = isClosed();
      event.dataTransfer.dropEffect = closed ? "none" : "copy";
      setIsOver(hasFile(event) && !closed);
    });
    // The mark lies over everything, so that leaving the place is leaving the mark.
    const leave = (event) => event.target.classList?.contains("ct-drop-place") && setIsOver(false);
    const drop = answered((event) => {
      setIsOver(false);
      if (!isClosed()) take(event.dataTransfer, most_bytes, send);
    });
    const heard = { dragenter: over, dragover: over, dragleave: leave, drop };
    for (const [name, hear] of Object.entries(heard)) target.addEventListener(name, hear);
    return () => {
      for (const [name, hear] of Object.entries(heard)) target.removeEventListener(name, hear);
    };
  }, []);
  // A mouse moves only when nothing is dragged any more, however that ended.
  const end = () => setIsOver(false);
  return isOver && html`<div class="ct-drop-place" onPointerMove=${end}><p>${words.drop}</p></div>`;
}

// While a large file is read: that it is, and the way back. The button goes with its work; then
// what `home()` gives has the focus.
function Opening({ state, send, home }) {
  const bar = useId();
  const box = useRef(null);
  const held = box.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (held && !state.opening) home()?.focus();
  });
  return html`<div class=${state.opening ? "ct-opening" : ""} ref=${box}>
    <p role="status" id=${bar}>${state.opening}</p>
    ${state.opening &&
    html`<progress aria-labelledby=${bar}></progress>
      <button type="button" onClick=${() => send("cancel")}>${state.words.cancel}</button>`}
  </div>`;
}

export { isServed, open, Opening, useDrop };
