import { html, sorted, useEffect, useRef, useState, view } from "./dom.js";
import { Phone } from "./contacts.js";
import { SelectField } from "./fields.js";

// Paper has nothing to unfold.
function useUnfoldedInPrint(box) {
  useEffect(() => {
    let folded = [];
    const unfold = () => {
      folded = [...box.current.querySelectorAll("details:not([open])")];
      folded.forEach((one) => (one.open = true));
    };
    const fold = () => folded.forEach((one) => (one.open = false));
    addEventListener("beforeprint", unfold);
    addEventListener("afterprint", fold);
    return () => {
      removeEventListener("beforeprint", unfold);
      removeEventListener("afterprint", fold);
    };
  }, []);
}

// The text is our own, rendered without raw HTML.
function Section({ section }) {
  const heading = html`<h3>${section.heading}</h3>`;
  const text = html`<div dangerouslySetInnerHTML=${{ __html: section.html }}></div>`;
  if (section.open) return html`<section data-section=${section.id}>${heading}${text}</section>`;
  return html`<details class="ct-part" data-section=${section.id}>
    <summary>${heading}</summary>
    ${text}
  </details>`;
}

function Contact({ contact }) {
  return html`<li>
    <p class="ct-contact">
      <strong>${contact.name}</strong>
      <${Phone} number=${contact.phone} />
    </p>
    <p>${contact.what_for}</p>
    <p class="ct-hint">${contact.source}</p>
  </li>`;
}

// The country stays in the browser: nobody has to be told where somebody looks for help.
function Contacts({ contacts, words, language }) {
  const [chosen, setChosen] = useState(undefined);
  const code = chosen === undefined ? contacts.country : chosen;
  const country = contacts.countries.find((one) => one.code === code);
  const named = contacts.countries.map((one) => [one.code, one.name]);
  const options = [["", words.country_choose], ...sorted(named, language, ([, name]) => name)];
  return html`<section class="ct-box">
    <h3>${words.title}</h3>
    <${SelectField} label=${words.country} options=${options} value=${code} onSend=${setChosen} />
    ${country &&
    html`<ul class="ct-contacts">
      ${country.contacts.map((contact) => html`<${Contact} key=${contact.phone} contact=${contact} />`)}
    </ul>`}
    <p>${contacts.elsewhere}</p>
  </section>`;
}

// The sweep is a view of its own, under this one. Who answers for all ten need not read past the text.
function toQuestion(event) {
  const sweep = event.currentTarget.closest(".widget-box")?.querySelector(".ct-sweep");
  const heading = sweep?.closest("section").querySelector("h2");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

function Prose({ state }) {
  const box = useRef(null);
  useUnfoldedInPrint(box);
  return html`<article ref=${box}>
    <h2>${state.title}</h2>
    <p><button type="button" class="ct-link" onClick=${toQuestion}>${state.words.to_question}</button></p>
    ${state.sections.map(
      (section) => html`<${Section} key=${section.id} section=${section} />
        ${section.id === "safety" &&
        state.contacts &&
        html`<${Contacts} key="contacts" contacts=${state.contacts} words=${state.words} language=${state.language} />`}`,
    )}
  </article>`;
}

export default view(Prose);
