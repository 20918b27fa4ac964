import { html, view } from "./dom.js";
import { Question, numberIn } from "./question.js";

// The package jupyterquiz compares numbers so: the first answer that fits counts.
function numberFits(rule, typed, { precision, language }) {
  const rounded = (number) => (precision ? Number(number.toPrecision(precision)) : number);
  const number = rounded(numberIn(typed, language));
  if (rule.range) return number >= rule.range[0] && number < rule.range[1];
  return rule.value === undefined || number === rounded(rule.value);
}

// How many letters have to be put in, taken out or changed to make one text of the other.
function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(changed, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[other.length];
}

function textFits(rule, typed) {
  if (rule.answer === undefined) return true;
  const fold = (text) => (rule.match_case ? text.trim() : text.trim().toLowerCase());
  const [one, other] = [fold(typed), fold(rule.answer)];
  if (one === other) return true;
  if (rule.fuzzy_threshold === null) return false;
  return 1 - distance(one, other) / Math.max(one.length, other.length) >= rule.fuzzy_threshold;
}

// What is typed is held against the rules of the question, what is chosen against its key.
function judge(question, words) {
  if (!question.rules) return undefined;
  return (answer) => {
    const fits = (rule) =>
      question.type === "number" ? numberFits(rule, answer, question) : textFits(rule, answer);
    const rule = question.rules.find(fits);
    const remark = { id: "said", text: String(answer), tags: [words.your_answer], feedback: rule?.feedback ?? "" };
    return { right: Boolean(rule?.correct), remarks: [remark] };
  };
}

function Quiz({ state }) {
  const { words, questions } = state;
  return html`<section class="ct-practice" aria-label=${words.quiz}>
    ${questions.map(
      (question) => html`<section key=${question.ref} aria-label=${question.title}>
        <h3>${question.title}</h3>
        <${Question}
          question=${question}
          given=${null}
          words=${words}
          judge=${judge(question, words)}
          onAnswer=${() => {}}
          onWhy=${() => {}}
        />
      </section>`,
    )}
  </section>`;
}

export default view(Quiz);
