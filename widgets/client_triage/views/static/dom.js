// What every view is built with: Preact, and the tie to the kernel.
import { h, render } from "./vendor/preact.js";
import { useEffect, useLayoutEffect, useRef, useState } from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

const html = htm.bind(h);

const PATIENCE = 300; // milliseconds that an answer may take unnoticed
const LATE = 15_000; // and until something may be wrong

const random = () => crypto.getRandomValues(new Uint32Array(1))[0].toString(36);

// Preact numbers ids for each tree, and every view is a tree of its own.
function useId() {
  const [id] = useState(() => `ct-${random()}`);
  return id;
}

// Keeps what was sent until the kernel acknowledges it, and sends it again when the page around
// says that the connection is back, or when the kernel got a later message first. What arrives
// twice is carried out once: the kernel knows each message by its sender and number.
// `onWait` hears when one waits long: "working", then "late", and "" once none does.
function outbox(model, onWait = () => {}) {
  const from = random() + random();
  let number = 0;
  let waiting = [];
  let timers = [];
  const rest = () => {
    timers.forEach(clearTimeout);
    timers = [];
    onWait("");
  };
  const wait = () => {
    if (timers.length) return;
    timers = [setTimeout(onWait, PATIENCE, "working"), setTimeout(onWait, LATE, "late")];
  };
  const sendAgain = () => waiting.forEach((message) => model.send(message));
  const hear = () => {
    const heard = model.get("heard");
    if (heard.from !== from) return;
    const left = waiting.filter(({ sent }) => sent.number > heard.number);
    if (left.length < waiting.length) rest();
    waiting = left;
    if (waiting.length) wait();
    // Of several that came too early, the last alone brings them all again.
    if (heard.early === number) sendAgain();
  };
  model.on("change:heard", hear);
  document.addEventListener("client-triage:connected", sendAgain);
  return {
    send(action, details = {}) {
      const message = { action, ...details, sent: { from, number: ++number } };
      waiting.push(message);
      wait();
      model.send(message);
    },
    close() {
      rest();
      model.off("change:heard", hear);
      document.removeEventListener("client-triage:connected", sendAgain);
    },
  };
}

// The sign that an answer takes long, one for all views: in a notebook each has its script to
// itself, so that what they share is in the document.
function sign() {
  const there = document.querySelector(".ct-waiting");
  if (there) return there;
  const made = Object.assign(document.createElement("div"), { className: "ct-waiting", waiting: new Map() });
  made.setAttribute("role", "status");
  document.body.append(made);
  return made;
}

function showWaiting(model, stage) {
  const { waiting } = sign();
  if (stage) waiting.set(model, stage);
  else waiting.delete(model);
  const stages = [...waiting.values()];
  const { language, waiting: words } = model.get("state");
  sign().lang = language;
  const said = stages.length ? (stages.includes("late") ? words.late : words.working) : "";
  if (sign().textContent !== said) sign().textContent = said;
}

// The style sheet of all views is a widget of its own, sent once. A view waits for it, if it is there.
async function sheet(model) {
  try {
    await model.widget_manager.get_model(model.get("sheet").replace("IPY_MODEL_", ""));
  } catch {
    // Plain, but all there.
  }
}

const isSeen = (one) => {
  const { left, top, width, height } = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
};

// Where one is stays on screen: what is drawn above it, in this view or another, may push it away.
function keepFocusSeen() {
  const page = document.documentElement;
  const focused = document.activeElement;
  if (page.keepsFocusSeen || !focused || !isSeen(focused)) return;
  page.keepsFocusSeen = true;
  requestAnimationFrame(() => {
    page.keepsFocusSeen = false;
    const isPushed = focused === document.activeElement && !isSeen(focused);
    if (isPushed) focused.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

// A view draws the state that Python sends, and sends back what the person did:
// `send("rename", { client, alias })` becomes one message. It never changes the state itself.
// Each widget has one outbox, however often it is drawn.
const view = (Component, begin = () => {}) => () => {
  let send;
  return {
    async initialize({ model }) {
      const box = outbox(model, (stage) => showWaiting(model, stage));
      sign(); // a screen reader hears what changes in one that is there
      send = box.send;
      begin(model, send);
      await sheet(model);
      return box.close;
    },
    render({ model, el }) {
      const draw = () => {
        const state = model.get("state");
        if (!state.language) return; // a widget is there before its first state is
        // Setting it, even to the same, makes the browser style everything anew.
        if (el.lang !== state.language) el.lang = state.language;
        keepFocusSeen();
        render(html`<${Component} state=${state} send=${send} model=${model} />`, el);
      };
      el.classList.add("ct");
      // JupyterLab's command mode takes plain keys for commands: D, D deletes the cell.
      el.addEventListener("keydown", (event) => {
        if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
      });
      model.on("change:state", draw);
      draw();
      return () => {
        model.off("change:state", draw);
        render(null, el);
      };
    },
  };
};

// A copy in the order of a language; `text` says what of each one is compared.
function sorted(list, language, text) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return [...list].sort((one, other) => compare(text(one), text(other)));
}

// Fills a text of the catalogue: "{place} of {count}".
const fill = (phrase, figures) => phrase.replace(/\{(\w+)\}/g, (_, name) => figures[name]);

export { fill, html, sorted, view, useEffect, useId, useLayoutEffect, useRef, useState };
