import { html, useEffect, useRef, view } from "./dom.js";
import { save } from "./download.js";
import { Notice } from "./fields.js";

// Strangers' pages may share this origin, as on a Binder hub: the name is ours, the key this page's.
const DATABASE = "client-triage/device@1";
const PAGES = "pages";
const key = () => location.origin + location.pathname;
const PATIENCE = 3_000; // milliseconds: a database that never answers counts as blocked
const IN_APP = /KAKAOTALK|Instagram|NAVER\(inapp|\bLine\/|FBAN|FBAV/;

let seen = null; // when that was stored which this page read or stored last
let newest = null; // what is to be stored next
let muted = false; // from "forget" until the kernel heard of it, nothing is stored
let last = Promise.resolve();
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
async function write(text, how) {
  const saved_at = new Date().toISOString();
  const problem = await transact("readwrite", how !== "again", (pages, give, guarded) => {
    give("");
    pages.get(key()).onsuccess = guarded(({ target }) => {
      const there = target.result;
      const fits = how === "over" || (there ? there.saved_at === seen : how === "first");
      if (fits) pages.put({ text, saved_at, consent: true }, key());
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

const named = (error) => (error?.name === "QuotaExceededError" ? "full" : "blocked");

function keep(message, send) {
  newest = message;
  inTurn(async () => {
    if (message !== newest) return; // a newer one waits behind it
    try {
      const problem = await write(message.store, message.how);
      if (problem) send("fail", { problem });
      else send("stored", { number: message.number });
    } catch (error) {
      send("fail", { problem: named(error) });
    }
  });
}

// Erases by itself: a page whose kernel is gone must be able to forget.
function forget(send) {
  newest = null;
  muted = true;
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
  typeof record.text === "string" ? record.text : (JSON.stringify(record) ?? "");

async function tell(send, most, instead = false) {
  try {
    const record = await read();
    if (record === undefined) return;
    seen = record?.saved_at ?? null;
    const text = textOf(record ?? {});
    const asked = new URLSearchParams(location.search).has("lang");
    send("found", { text: text.length > most ? null : text, asked, instead });
  } catch (error) {
    send("fail", { problem: named(error) });
  }
}

// Runs once for the page, whatever step is on screen.
function initialize({ model }) {
  const { is_used, most_bytes } = model.get("state");
  if (!is_used) return;
  const send = (action, details = {}) => model.send({ action, ...details });
  model.on("msg:custom", (message) => {
    if (message.forgotten) muted = false;
    else if (!muted) keep(message, send);
  });
  // Nothing can be entered until what is stored is on its way to the kernel.
  const page = document.body.dataset.voila === undefined ? null : document.getElementById("content");
  if (page) page.inert = true;
  tell(send, most_bytes).finally(() => page && (page.inert = false));
}

const PROBLEMS = ["full", "blocked", "stored_elsewhere", "not_erased", "refused"];
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
};

function Device({ state, send }) {
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
    bring_back: () => tell(send, state.most_bytes, true),
    download: () =>
      read()
        .then((record) => record && save({ file: state.file, text: textOf(record) }))
        .catch((error) => send("fail", { problem: named(error) })),
  };
  const act = (button) => {
    acted.current = button !== "download";
    does[button]();
  };
  const isProblem = PROBLEMS.includes(standing);
  return html`<section class="ct-device" aria-label=${words.title}>
    ${inApp && html`<p class="ct-inset">${words.in_app}</p>`}
    <div class=${standing === "unasked" ? "ct-inset" : ""} ref=${place} tabindex="-1">
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

export default { initialize, ...view(Device) };
