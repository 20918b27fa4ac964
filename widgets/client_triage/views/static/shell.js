import { html, useEffect, useRef, useState, view } from "./dom.js";

// In JupyterLab the page around the notebook is not ours to name; Voilà's is, and says that it is.
const ours = () => document.body.dataset.voila !== undefined;

function usePageLanguage(state, send) {
  useEffect(() => {
    // A kernel that ran before the visitor came can't know what the visitor asked for.
    const wanted = new URLSearchParams(location.search).get("lang");
    if (ours() && wanted && wanted !== state.language) send("speak", { language: wanted });
  }, []);
  useEffect(() => {
    if (!ours()) return;
    document.documentElement.lang = state.language;
    document.title = state.words.title;
    document
      .querySelector('meta[name="description"]')
      ?.setAttribute("content", state.words.description);
  }, [state.language]);
}

// Before what only this page has would be gone, the browser asks.
function useQuestionBeforeLeaving(atRisk) {
  useEffect(() => {
    if (!ours()) return;
    // The template of the served page asks by itself: it keeps every other listener quiet.
    document.documentElement.toggleAttribute("data-at-risk", atRisk);
    const ask = (event) => atRisk && event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [atRisk]);
}

function speak(language, send) {
  if (ours()) {
    const address = new URL(location.href);
    address.searchParams.set("lang", language);
    history.replaceState(null, "", address);
  }
  send("speak", { language });
}

// A new step's heading takes the focus, so that a screen reader starts there.
function useStepFocus(step) {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    let tries = 0;
    let mine = null;
    const look = () => {
      const heading = document.querySelector(`.ct-step-${step} h2`);
      // What is folded behind its heading is unfolded from there.
      const target = heading?.closest("summary") ?? heading;
      const at = document.activeElement;
      const isLost = mine === null || at === null || at === document.body;
      if (!isLost && at !== mine) return; // the person went on
      // Boxes that are still put together may take the focus away again.
      if (target && isLost) {
        if (target === heading) heading.tabIndex = -1;
        target.focus({ preventScroll: true });
        if (mine === null) {
          window.scrollTo(0, 0);
          heading.closest(".jp-Cell")?.scrollIntoView();
        }
        mine = target;
      }
      if (++tries < 100) setTimeout(look, 30);
    };
    look();
  }, [step]);
}

function Hide({ words }) {
  const curtain = useRef(null);
  const title = useRef("");
  const hide = () => {
    title.current = document.title;
    document.title = "…";
    curtain.current.showModal();
  };
  // Escape alone must not show again what somebody hid.
  return html`<button type="button" onClick=${hide}>${words.hide}</button>
    <dialog
      class="ct-curtain"
      ref=${curtain}
      aria-label=${words.show}
      onCancel=${(event) => event.preventDefault()}
      onKeyDown=${(event) => event.key === "Escape" && event.preventDefault()}
      onClose=${() => (document.title = title.current)}
    >
      <button type="button" onClick=${() => curtain.current.close()}>${words.show}</button>
    </dialog>`;
}

function Pager({ state, send }) {
  const { words } = state;
  const go = (step) => send("go", { step });
  return html`<div class="ct-row ct-pager">
    ${state.back && html`<button type="button" onClick=${() => go(state.back)}>${words.back}</button>`}
    ${state.next &&
    html`<button type="button" class="ct-main" onClick=${() => go(state.next)}>
      ${state.next_label}
    </button>`}
  </div>`;
}

function Steps({ state, send }) {
  const { words } = state;
  return html`<nav aria-label=${words.steps}>
    <p class="ct-where" aria-live="polite">${state.where}</p>
    <details class="ct-steps">
      <summary>${words.steps}</summary>
      <ol>
        ${state.steps.map(
          (step) => html`<li key=${step.id}>
            <button
              type="button"
              class="ct-link"
              aria-current=${step.id === state.step ? "step" : undefined}
              onClick=${(event) => {
                event.currentTarget.closest("details").open = false;
                send("go", { step: step.id });
              }}
            >
              ${step.label}${step.done && html` <span class="ct-hint">${words.done}</span>`}
            </button>
          </li>`,
        )}
      </ol>
    </details>
  </nav>`;
}

function Head({ state, send }) {
  const { words } = state;
  usePageLanguage(state, send);
  useQuestionBeforeLeaving(state.is_at_risk);
  useStepFocus(state.step);
  useEffect(() => {
    const begin = () => send("go", { step: state.steps[0].id });
    document.addEventListener("client-triage:begin", begin);
    return () => document.removeEventListener("client-triage:begin", begin);
  }, []);
  return html`<header class="ct-head">
    <div class="ct-bar">
      <h1 class="ct-title">${words.title}</h1>
      <div class="ct-tools">
        <div role="group" aria-label=${words.language} class="ct-languages">
          ${state.languages.map(
            ([language, name]) => html`<button
              key=${language}
              type="button"
              lang=${language}
              aria-pressed=${String(language === state.language)}
              onClick=${() => speak(language, send)}
            >
              ${name}
            </button>`,
          )}
        </div>
        <${Hide} words=${words} />
      </div>
    </div>
    <${Steps} state=${state} send=${send} />
  </header>`;
}

function Shell({ state, send }) {
  return state.foot
    ? html`<${Pager} state=${state} send=${send} />`
    : html`<${Head} state=${state} send=${send} />`;
}

export default view(Shell);
