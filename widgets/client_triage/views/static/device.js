import { html, useEffect, useRef, view } from "./dom.js";
import { save } from "./download.js";
import { Notice } from "./fields.js";

// Strangers' pages may share this origin, as on a Binder hub: the name is ours, the key this page's.
const DATABASE = "client-triage/device@1";
const PAGES = "pages";
const key = () => location.origin + location.pathname;
const HANDED_OVER = "client-triage/start-again@1"; // in the tab's storage, for one reload
const LONG = 100_000; // characters: such a text travels packed
const PATIENCE = 3_000; // milliseconds: a database that never answers counts as blocked
const IN_APP = /KAKAOTALK|Instagram|NAVER\(inapp|\bLine\/|FBAN|FBAV/;

let seen = null; // when that was stored which this page read or stored last
let told = null; // when that was stored by another tab which the kernel was told of last
let newest = null; // what is to be stored next
let held = { text: "", history: "" }; // what was entered, in this tab's memory alone
let steps = new Map(); // of the history, by number: each comes once
let taken = ""; // what the page before handed over
let muted = false; // from "forget" until the kernel heard of it, nothing is stored
let last = Promise.resolve();
let early = null; // what is stored, asked for while the kernel is still on its way
const inTurn = (task) => (last = last.then(task));

// Opens the database for one transaction and gives what `work` gave, once all of it is on disk.
// Without `make`, a database that is not there stays so, and nothing is given.
function transact(mode, make, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    let missing = false;
    opening.onupgradeneeded = () => {
      missing = !make;
      if (make) opening.result.createObjectStore(PAGES);
      else opening.transaction.abort();
    };
    opening.onerror = (event) => {
      event.preventDefault(); // Firefox reports it to the page otherwise
      if (missing) resolve();
      else reject(opening.error);
    };
    opening.onsuccess = () => {
      const database = opening.result;
      let given, problem;
      // What throws inside a handler of the database would end up nowhere.
      const guarded = (step) => (event) => {
        try {
          step(event);
        } catch (error) {
          problem = error;
          event.target.transaction.abort();
        }
      };
      try {
        const all = database.transaction(PAGES, mode);
        all.oncomplete = () => {
          database.close();
          resolve(given);
        };
        all.onabort = () => {
          database.close();
          reject(problem ?? all.error);
        };
        work(all.objectStore(PAGES), (value) => (given = value), guarded);
      } catch (error) {
        database.close();
        reject(error);
      }
    };
  });
}

function read() {
  const record = transact("readonly", false, (pages, give, guarded) => {
    pages.get(key()).onsuccess = guarded(({ target }) => give(target.result));
  });
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  return Promise.race([record, late]);
}

// Gives what stands in the way of storing, if anything does. Looking and storing are one
// transaction, so that no other tab comes between.
async function write({ text, history, how }) {
  const saved_at = new Date().toISOString();
  const problem = await transact("readwrite", how !== "again", (pages, give, guarded) => {
    give("");
    pages.get(key()).onsuccess = guarded(({ target }) => {
      const there = target.result;
      const fits = how === "over" || (there ? there.saved_at === seen : how === "first");
      if (fits) pages.put({ text, history, saved_at, consent: true }, key());
      else give(there ? "stored_elsewhere" : "erased_elsewhere");
    });
  });
  if (problem === "") seen = saved_at;
  return problem ?? "erased_elsewhere";
}

async function erase() {
  const others = await transact("readwrite", false, (pages, give, guarded) => {
    pages.delete(key());
    pages.count().onsuccess = guarded(({ target }) => give(target.result));
  });
  seen = null;
  if (others !== 0) return;
  await new Promise((resolve) => {
    const gone = indexedDB.deleteDatabase(DATABASE);
    gone.onsuccess = gone.onerror = gone.onblocked = resolve;
  });
}

// Other tabs of this page hear of what is stored, and bring it in.
let tabs = null;

async function meet(send) {
  const record = await read();
  if (!record) {
    send("fail", { problem: "erased_elsewhere" });
    return;
  }
  told = seen = record.saved_at;
  send("met", { text: textOf(record), at: told });
}

// Puts the history together from its steps; null where one of them did not arrive.
function joined({ schema, undo, redo, steps: fresh }) {
  fresh.forEach(([number, text]) => steps.set(number, text));
  if (![...undo, ...redo].every((number) => steps.has(number))) return null;
  steps = new Map([...undo, ...redo].map((number) => [number, steps.get(number)]));
  const list = (numbers) => `[${numbers.map((number) => steps.get(number)).join(",\n")}]`;
  return `{"schema": "${schema}",\n"undo": ${list(undo)},\n"redo": ${list(redo)}}`;
}

const named = (error) => (error?.name === "QuotaExceededError" ? "full" : "blocked");

function keep(message, send) {
  newest = message;
  inTurn(async () => {
    if (message !== newest) return; // a newer one waits behind it
    try {
      // What left the kernel before it heard of the other tab's lacks what that tab stored.
      const isLate = message.how === "again" && told !== null && message.knows !== told;
      const problem = isLate ? "stored_elsewhere" : await write(message);
      if (problem === "stored_elsewhere") await meet(send);
      else if (problem) send("fail", { problem });
      else {
        send("stored", { number: message.number });
        tabs?.postMessage({ key: key(), saved_at: seen });
      }
    } catch (error) {
      send("fail", { problem: named(error) });
    }
  });
}

// The page around asks with "start again" for what is held, and says before that it is there.
function hold(text, history = "") {
  held = { text, history };
  document.documentElement.toggleAttribute("data-held", text !== "");
}

const handedOver = () => `${HANDED_OVER} ${key()}`;

// Puts what is held where the page that comes next finds it; whoever asks learns if that fails.
function handOver(event, { remembers, most_bytes }) {
  if (!held.text) return;
  try {
    if (held.text.length > most_bytes) throw new RangeError("too much for one message");
    const stored_at = remembers ? seen : null;
    sessionStorage.setItem(handedOver(), JSON.stringify({ ...held, stored_at }));
  } catch {
    event.preventDefault();
  }
}

function eraseHandedOver() {
  try {
    sessionStorage.removeItem(handedOver());
  } catch {
    // This tab may store nothing.
  }
}

// Reads what the page before handed over, and erases it at once.
function takeOver() {
  try {
    const handed = JSON.parse(sessionStorage.getItem(handedOver()));
    return typeof handed?.text === "string" ? handed : null;
  } catch {
    return null; // none of ours, or this tab may store nothing
  } finally {
    eraseHandedOver();
  }
}

// Erases by itself: a page whose kernel is gone must be able to forget.
function forget(send) {
  newest = null;
  muted = true;
  taken = "";
  hold("");
  eraseHandedOver();
  inTurn(async () => {
    try {
      await erase();
      send("forget");
    } catch {
      muted = false;
      send("fail", { problem: "not_erased" });
    }
  });
}

const textOf = (record) =>
  typeof record?.text === "string" ? record.text : (JSON.stringify(record) ?? "");

const isAsked = () => new URLSearchParams(location.search).has("lang");
const fitting = (text, most) => (text.length > most ? null : text);
const historyOf = (record) => (typeof record?.history === "string" ? record.history : "");

// A long text travels packed: on its way it would wait for a page that is busy with drawing.
async function packed(text) {
  if (text.length < LONG || !globalThis.CompressionStream) return { text };
  const small = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"));
  const reader = new FileReader();
  const read = new Promise((resolve) => (reader.onload = resolve));
  reader.readAsDataURL(await new Response(small).blob());
  await read;
  return { packed: reader.result.slice(reader.result.indexOf(",") + 1) };
}

// Reads what is stored, and makes its text ready to be sent.
async function collect() {
  const record = await read();
  return { record, found: record === undefined ? null : await packed(textOf(record)) };
}

async function tell(send, most, { heard, handed = null, instead = false }) {
  let record, found;
  let problem = "";
  try {
    ({ record, found } = await (early ?? collect()));
  } catch (error) {
    problem = named(error);
  }
  early = null;
  // What the tab held is newer than what it stored; what another tab stored is left as it is.
  const remembers = handed !== null && record?.saved_at === handed.stored_at;
  if (record !== undefined) seen = record?.saved_at ?? null;
  if (handed) {
    const text = fitting(handed.text, most);
    send("handed", { text, history: historyOf(handed), asked: isAsked(), remembers });
  }
  if (problem) send("fail", { problem });
  if (record === undefined || remembers) return;
  const text = fitting(textOf(record), most);
  send("found", { ...(text === null ? { text } : found), asked: isAsked(), instead });
  const history = historyOf(record);
  if (!history) return;
  await heard(); // what is found is on screen before its history is on its way
  send("found_history", await packed(history));
}

// Waits until the kernel has carried out what was sent.
const hearing = (model) => () =>
  new Promise((resolve) => {
    const hear = () => {
      model.off("change:heard", hear);
      resolve();
    };
    model.on("change:heard", hear);
  });

// Runs once for the page, whatever step is on screen.
function begin(model, send) {
  const { is_used, most_bytes } = model.get("state");
  if (!is_used) return;
  model.on("msg:custom", (message) => {
    if (muted) return;
    const history = joined(message.history);
    if (history === null) send("hold"); // brings all steps again
    hold(message.is_blank ? "" : message.text, history ?? "");
    if (message.how) keep({ ...message, history: history ?? "" }, send);
  });
  if (globalThis.BroadcastChannel) {
    tabs = new BroadcastChannel(DATABASE);
    tabs.onmessage = ({ data }) => {
      const isNews = data.key === key() && data.saved_at !== seen;
      if (isNews && model.get("state").remembers) inTurn(() => meet(send).catch(() => {}));
    };
  }
  model.on("change:state", () => {
    if (model.get("state").standing === "erased") muted = false;
  });
  const page = document.body.dataset.voila === undefined ? null : document.getElementById("content");
  const handed = page && takeOver();
  if (handed) hold((taken = handed.text), historyOf(handed));
  const telling = tell(send, most_bytes, { heard: hearing(model), handed });
  // The page around the widgets is there to notice a loss. Elsewhere nothing needs to be held.
  if (!page) return;
  const holdOn = () => send("hold");
  document.addEventListener("client-triage:connected", holdOn); // a text may have been lost
  document.addEventListener("client-triage:start-again", (event) => handOver(event, model.get("state")));
  document.addEventListener("client-triage:download", () => save({ file: model.get("state").file, text: held.text }));
  // Nothing can be entered until what is stored is on its way to the kernel.
  page.inert = true;
  telling.finally(() => {
    holdOn();
    page.inert = false;
  });
}

if (globalThis.document?.body?.dataset.voila !== undefined) {
  early = collect();
  early.catch(() => {}); // it is told when it is needed
}

const PROBLEMS = ["full", "blocked", "stored_elsewhere", "not_erased", "refused", "not_taken"];
const BUTTONS = {
  unasked: ["remember", "decline"],
  no: ["turn_on"],
  yes: ["forget"],
  erased: ["turn_on"],
  erased_elsewhere: ["turn_on"],
  not_erased: ["forget"],
  full: ["forget"],
  stored_elsewhere: ["replace"],
  refused: ["download", "forget"],
  waiting: ["bring_back", "forget"],
  not_taken: ["save", "turn_on"],
};

function Device({ state, send, model }) {
  const { words, standing } = state;
  const place = useRef(null);
  const acted = useRef(false);
  // The button goes with what it answered: the focus stays here.
  useEffect(() => {
    if (acted.current) place.current?.focus();
    acted.current = false;
  }, [standing]);
  if (!state.is_used) return null;
  const inApp = IN_APP.test(navigator.userAgent);
  const does = {
    remember: () => send("remember"),
    turn_on: () => send("remember"),
    decline: () => send("decline"),
    replace: () => send("remember", { over: true }),
    forget: () => forget(send),
    bring_back: () => tell(send, state.most_bytes, { heard: hearing(model), instead: true }),
    save: () => save({ file: state.file, text: taken }),
    download: () =>
      read()
        .then((record) => record && save({ file: state.file, text: textOf(record) }))
        .catch((error) => send("fail", { problem: named(error) })),
  };
  const act = (button) => {
    acted.current = button !== "download" && button !== "save";
    does[button]();
  };
  const isProblem = PROBLEMS.includes(standing);
  return html`<section class="ct-device ct-screen" aria-label=${words.title} ref=${place} tabindex="-1">
    ${inApp && html`<p class="ct-inset">${words.in_app}</p>`}
    <div class=${standing === "unasked" ? "ct-inset" : ""}>
      ${standing === "unasked" &&
      html`<h3>${words.question}</h3>
        <p>${words.where}</p>`}
      <p role="alert" class="ct-error" hidden=${!isProblem}>${isProblem && words[standing]}</p>
      ${state.faults && html`<p class="ct-lines">${state.faults}</p>`}
      <p role="status" class="ct-hint">
        ${state.back} ${!isProblem && standing !== "unasked" && words[standing]}
      </p>
      <div class="ct-row">
        ${(BUTTONS[standing] ?? []).map(
          (button) => html`<button key=${button} type="button" onClick=${() => act(button)}>${words[button]}</button>`,
        )}
      </div>
    </div>
    <${Notice} state=${state} />
  </section>`;
}

export default view(Device, begin);
