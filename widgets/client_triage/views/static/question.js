// One quiz item as a real form: the story, the answer, how sure one is, then what each answer is
// worth. The feedback is there at once; what counts is decided in Python.
import { fill, html, useEffect, useId, useRef, useState } from "./dom.js";
import { TextField } from "./fields.js";

const CLOSE = 1e-9; // of the size of the numbers: what decimals lose in binary

// Whether an answer is right, as Python marks it; null where nothing is right or wrong.
function isRight(question, answer) {
  const { type, key } = question;
  if (type === "rating") return null;
  if (type === "number") return side(question, answer) === "right";
  if (type === "choose-many") return answer.length === key.length && key.every((id) => answer.includes(id));
  if (type === "order") return key.every((id, place) => answer[place] === id);
  return answer === key;
}

function side({ key, tolerance, language }, answer) {
  const off = numberIn(answer, language) - key;
  if (Math.abs(off) <= tolerance + CLOSE * Math.max(1, Math.abs(key))) return "right";
  return off < 0 ? "below" : "above";
}

// The number in a part of what was typed. As in Python, what parts thousands has to stand between
// thousands: in English 1,5 is no number, neither fifteen nor one and a half.
function plainNumber(text, language) {
  const parts = new Intl.NumberFormat(language).formatToParts(11111.5);
  const sign = (type) => parts.find((part) => part.type === type).value;
  const [group, decimal] = [sign("group"), sign("decimal")].map((one) => `\\u{${one.codePointAt().toString(16)}}`);
  const form = `^[-+]?(\\d{1,3}(${group}\\d{3})+|\\d*)(${decimal}\\d*)?(e[-+]?\\d+)?$`;
  if (!new RegExp(form, "iu").test(text) || !/\d/.test(text)) return NaN;
  return Number(text.replaceAll(sign("group"), "").replace(sign("decimal"), "."));
}

// The number that was typed: 1,200 or 2.5 or 1/2.
function numberIn(typed, language) {
  if (typeof typed === "number") return typed; // as Python has it
  const [top, under = "1", ...more] = String(typed).split("/").map((part) => part.trim());
  return more.length ? NaN : plainNumber(top, language) / plainNumber(under, language);
}

const isEmpty = (answer) => answer === null || answer === "" || answer?.length === 0;

function Choices({ question, several, value, onChange, name }) {
  const type = several ? "checkbox" : "radio";
  const chosen = (id) => (several ? value.includes(id) : value === id);
  const choose = (id) => {
    if (!several) return onChange(id);
    return onChange(chosen(id) ? value.filter((one) => one !== id) : [...value, id]);
  };
  return question.options.map(
    ({ id, text, code }) => html`<label key=${id} class="ct-radio">
      <input type=${type} name=${name} value=${id} checked=${chosen(id)} onChange=${() => choose(id)} />
      <span>${text} ${code && html`<code>${code}</code>`}</span>
    </label>`,
  );
}

// Moved by buttons, which keep the focus; where a thing stands now is said.
function Ordering({ question, value, onChange, words }) {
  const [said, say] = useState("");
  const list = useRef(null);
  const texts = Object.fromEntries(question.options.map(({ id, text }) => [id, text]));
  const move = (place, step) => {
    const to = place + step;
    if (to < 0 || to >= value.length) return;
    const order = [...value];
    [order[place], order[to]] = [order[to], order[place]];
    onChange(order);
    say(fill(words.moved, { option: texts[value[place]], place: to + 1, count: value.length }));
    const direction = step < 0 ? "up" : "down";
    requestAnimationFrame(() => list.current?.children[to]?.querySelector(`[data-move=${direction}]`)?.focus());
  };
  const button = (place, step, name, sign) => html`<button
    type="button"
    data-move=${name}
    aria-disabled=${String(place + step < 0 || place + step >= value.length)}
    aria-label=${fill(words.move, { way: words[name], option: texts[value[place]] })}
    onClick=${() => move(place, step)}
  >${sign}</button>`;
  return html`<ol class="ct-order" ref=${list}>
      ${value.map(
        (id, place) => html`<li key=${id}>
          <span>${texts[id]}</span>
          <span class="ct-moves">${button(place, -1, "up", "↑")} ${button(place, 1, "down", "↓")}</span>
        </li>`,
      )}
    </ol>
    <p class="ct-unseen" role="status">${said}</p>`;
}

function Answer({ question, value, onChange, name, words, problem }) {
  if (question.type === "order") {
    return html`<${Ordering} question=${question} value=${value} onChange=${onChange} words=${words} />`;
  }
  if (question.type === "number" || question.type === "text") {
    return html`<p class="ct-number-answer">
      <input
        type="text"
        class=${question.type === "number" ? "ct-short" : ""}
        inputmode=${question.type === "number" ? "decimal" : undefined}
        autocomplete="off"
        aria-labelledby=${`${name}-legend ${name}-unit`}
        aria-describedby=${problem ? `${name}-problem` : undefined}
        aria-invalid=${problem ? "true" : undefined}
        value=${value}
        onInput=${(event) => onChange(event.target.value)}
      />
      <span id=${`${name}-unit`}>${question.unit}</span>
    </p>`;
  }
  return html`<${Choices}
    question=${question}
    several=${question.type === "choose-many"}
    value=${value}
    onChange=${onChange}
    name=${name}
  />`;
}

// A group of fields. What is wrong with it is said at once, and again whenever one comes to it.
function Group({ legend, name, problem, className = "", box, children }) {
  return html`<fieldset
    class=${`ct-field ct-radios ${className} ${problem ? "ct-field-faulty" : ""}`}
    aria-describedby=${problem ? `${name}-problem` : undefined}
    ref=${box}
  >
    <legend id=${`${name}-legend`}>${legend}</legend>
    <p class="ct-error" role="alert" id=${`${name}-problem`} hidden=${!problem}>${problem}</p>
    ${children}
  </fieldset>`;
}

function Hints({ hints, shown, onMore, words }) {
  if (!hints.length) return null;
  return html`<div class="ct-hints">
    <div role="status">
      ${hints.slice(0, shown).map((hint, place) => html`<p key=${place} class="ct-inset">${hint}</p>`)}
    </div>
    ${shown < hints.length &&
    html`<button type="button" class="ct-link" onClick=${onMore}>${fill(words.hint, { place: shown + 1, count: hints.length })}</button>`}
  </div>`;
}

function Confidence({ value, onChange, words, problem, box }) {
  const name = useId();
  return html`<${Group} legend=${words.how_sure} name=${name} problem=${problem} className="ct-inline" box=${box}>
    ${[1, 2, 3].map(
      (level) => html`<label key=${level} class="ct-radio">
        <input type="radio" name=${name} checked=${value === level} onChange=${() => onChange(level)} />
        <span>${words[`sure_${level}`]}</span>
      </label>`,
    )}
  <//>`;
}

// What is said to an answer: every option has its own feedback, chosen or not, the chosen first.
function remarks(question, answer, words) {
  const { type, key, options } = question;
  if (type === "number") {
    const at = side(question, answer);
    const typed = numberIn(answer, question.language).toLocaleString(question.language, { maximumFractionDigits: 10 });
    const text = fill(words.with_unit, { number: typed, unit: question.unit });
    const said = options.filter(({ id }) => id === at);
    return said.map((option) => ({ ...option, text, tags: [words.your_answer, option.text] }));
  }
  if (type === "order") {
    const elsewhere = (id, place) => (answer[place] === id ? [] : [fill(words.your_place, { place: answer.indexOf(id) + 1 })]);
    return key.map((id, place) => ({ ...options.find((one) => one.id === id), tags: elsewhere(id, place) }));
  }
  const fitting = [key].flat();
  const chosen = [answer].flat();
  const tags = (id) => [chosen.includes(id) && words.your_answer, fitting.includes(id) && words.fits].filter(Boolean);
  return options
    .map((option) => ({ ...option, tags: tags(option.id) }))
    .sort((one, other) => chosen.includes(other.id) - chosen.includes(one.id));
}

const judged = (question, words) => (answer) => ({
  right: isRight(question, answer),
  remarks: remarks(question, answer, words),
});

function Feedback({ entries, ordered }) {
  return html`<${ordered ? "ol" : "ul"} class="ct-feedback">
    ${entries.map(
      ({ id, text, code, tags, feedback }) => html`<li key=${id}>
        ${text && html`<strong>${text}</strong>`} ${code && html`<code>${code}</code>`}
        ${tags.map((tag) => html` <span key=${tag} class="ct-tag">${tag}</span>`)}
        ${feedback && html`<p>${feedback}</p>`}
      </li>`,
    )}
  <//>`;
}

function start({ type, options }) {
  if (type === "choose-many") return [];
  if (type === "order") return options.map(({ id }) => id);
  return type === "number" || type === "text" ? "" : null;
}

// `given` is what Python knows of the answer; before it does, the browser shows its own.
// With `silent` nothing is told of right and wrong, and no hint is given: a test. `judge` says what
// an answer is worth. What Python refused is given back to be mended; then it speaks first.
// `level` is that of the heading over the result.
function Question({
  question,
  given,
  refused,
  words,
  silent,
  level = 4,
  judge = judged(question, words),
  onAnswer,
  onWhy,
  children,
}) {
  const name = useId();
  const [answer, setAnswer] = useState(() => start(question));
  const [confidence, setConfidence] = useState(null);
  const [hints, setHints] = useState(0);
  const [problems, setProblems] = useState({});
  const [sent, setSent] = useState(null);
  const [asked, sureness, result] = [useRef(null), useRef(null), useRef(null)];
  const shown = given ?? sent;
  const isShown = Boolean(shown);
  const submitted = useRef(false);
  useEffect(() => {
    if (isShown && submitted.current) result.current?.focus();
  }, [isShown]);
  // Refused, or taken back elsewhere: the form is there again.
  useEffect(() => {
    if (refused || !given) setSent(null);
  }, [refused, Boolean(given)]);
  // What lacks takes the focus: it may stand far above the button.
  useEffect(() => {
    const lacks = problems.answer ? asked : problems.confidence && sureness;
    if (lacks) lacks.current?.querySelector("input")?.focus();
  }, [problems]);
  const isNumber = question.type === "number";
  const asksConfidence = question.asks_confidence !== false && question.type !== "rating";
  const lacking = () => ({
    ...((isEmpty(answer) || (isNumber && Number.isNaN(numberIn(answer, question.language)))) && {
      answer: isNumber ? words.number_first : words.answer_first,
    }),
    ...(asksConfidence && confidence === null && { confidence: words.sure_first }),
  });
  const submit = (event) => {
    event.preventDefault();
    const found = lacking();
    setProblems(found);
    if (Object.keys(found).length) return;
    submitted.current = true;
    if (!silent && !refused) setSent({ answer, confidence, right: judge(answer).right, why: "" });
    onAnswer({ answer, confidence, hints });
  };
  const right = shown?.right;
  const heading = right === null ? words.noted : right ? words.right : words.not_yet;
  return html`<div class="ct-question">
    ${question.stem.map((text, place) => html`<p key=${place} class="ct-lines">${text}</p>`)}
    ${question.code && html`<pre class="ct-code"><code>${question.code}</code></pre>`}
    ${!shown &&
    html`<form onSubmit=${submit} noValidate>
      ${children}
      <${Group} legend=${question.prompt} name=${name} problem=${problems.answer} box=${asked}>
        <${Answer}
          question=${question}
          value=${answer}
          onChange=${setAnswer}
          name=${name}
          words=${words}
          problem=${problems.answer}
        />
      <//>
      ${!silent && html`<${Hints} hints=${question.hints} shown=${hints} onMore=${() => setHints(hints + 1)} words=${words} />`}
      ${asksConfidence &&
      html`<${Confidence}
        value=${confidence}
        onChange=${setConfidence}
        words=${words}
        problem=${problems.confidence}
        box=${sureness}
      />`}
      <div class="ct-row"><button type="submit" class="ct-main">${silent ? words.next : words.check}</button></div>
    </form>`}
    ${shown &&
    html`<div class="ct-result" data-right=${String(right)}>
      <${`h${level}`} class="ct-heard" tabindex="-1" ref=${result}>${heading}<//>
      ${question.objective && html`<p class="ct-hint">${words.objective} ${question.objective}</p>`}
      <${Feedback} entries=${judge(shown.answer).remarks} ordered=${question.type === "order"} />
      ${question.why &&
      onWhy &&
      html`<${TextField}
        label=${question.why}
        hint=${words.why_hint}
        value=${shown.why}
        maxlength="300"
        onSend=${(text) => onWhy(text)}
      />`}
    </div>`}
  </div>`;
}

export { Question, numberIn };
