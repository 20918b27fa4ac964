// Notices when the page has lost its server or its kernel, says so, and lets nothing be entered
// meanwhile. It counts checks, not time: a tab that slept has missed none. The checks are plain
// requests, because a message to the kernel would keep an idle one from ever being ended.
(() => {
  const EVERY = 2_000; // milliseconds between checks
  const PATIENCE = 3_500; // milliseconds for an answer
  const FAILURES = 2; // in a row, until the page says so
  const UNANSWERED = 2; // checks that a message may wait for its answer
  const CONNECTING = 4; // checks that a new connection may take
  const MEETING = 100; // milliseconds between looks for the widgets' connection

  // Gone for good: the tab holds nothing that was entered; it does; the browser refuses to keep it
  // for the next page; it was downloaded instead.
  const [WELL, AWAY, GONE, HELD, REFUSED, DOWNLOADED] =
    ["well", "away", "gone", "held", "refused", "downloaded"];
  const FINAL = new Set([GONE, HELD, REFUSED, DOWNLOADED]);
  const RESTARTED = new Set(["restarting", "autorestarting", "dead"]);

  const banner = document.getElementById("ct-lost");
  const words = JSON.parse(document.getElementById("ct-lost-words").textContent);
  const unanswered = new Map(); // of each message: the checks it waits
  let said = WELL;
  let focused = null;
  let widgets = null;
  let kernel = null;
  let failures = 0;
  let connecting = 0;
  let suspect = false; // the connection may be one that only looks open
  let broken = false; // it was one, or it was cut: messages may be lost
  let checking = false;
  let timer;

  // --- what is said ---------------------------------------------------------------------------

  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  function say(loss) {
    if (said === loss) return;
    said = loss;
    const content = document.getElementById("content");
    const stopped = loss !== WELL;
    const wasThere = banner.contains(document.activeElement);
    if (stopped) {
      const texts = words[document.documentElement.lang] ?? Object.values(words)[0];
      const button = element("button", texts[`${loss}_button`]);
      button.type = "button";
      button.addEventListener("click", ACTS[loss]);
      // As long as the page takes no entries, this is all of it that a screen reader finds.
      const main = element("main", "");
      main.append(element("h1", texts[loss]), element("p", texts[`${loss}_means`]), button);
      banner.replaceChildren(main);
    }
    banner.hidden = !stopped;
    if (stopped && content?.contains(document.activeElement)) {
      focused = document.activeElement;
      banner.focus({ preventScroll: true }); // a field that loses the focus sends what it holds
    } else if (stopped && wasThere) banner.focus({ preventScroll: true });
    if (content) {
      content.inert = stopped;
      content.ariaBusy = loss === AWAY ? "true" : null;
    }
    if (stopped) return;
    if (wasThere && focused?.isConnected) focused.focus({ preventScroll: true });
    focused = null;
  }

  function lose() {
    if (FINAL.has(said)) return;
    const isHeld = document.documentElement.hasAttribute("data-held");
    say(isHeld ? HELD : GONE);
    if (!isHeld) dropQuestion();
  }

  // Before leaving, the browser asks as long as there is something to save.
  function dropQuestion() {
    document.documentElement.removeAttribute("data-at-risk");
  }

  // Tells the views; false where one of them could not do what it should.
  function tell(event) {
    return document.dispatchEvent(new Event(`client-triage:${event}`, { cancelable: true }));
  }

  function handOver() {
    if (tell("start-again")) startAgain();
    else say(REFUSED);
  }

  function download() {
    tell("download");
    say(DOWNLOADED);
  }

  function startAgain() {
    dropQuestion();
    location.reload();
  }

  const ACTS = {
    away: check,
    gone: startAgain,
    held: handOver,
    refused: download,
    downloaded: startAgain,
  };

  // --- what is known --------------------------------------------------------------------------

  // The widgets' own connection, once they have one. Voilà names the application on purpose.
  function meetKernel() {
    widgets = window.jupyterapp?.widgetManager;
    if (!widgets) {
      setTimeout(meetKernel, MEETING);
      return;
    }
    kernel = widgets.kernel;
    kernel.statusChanged.connect((_, status) => RESTARTED.has(status) && lose());
    kernel.connectionStatusChanged.connect((_, status) => {
      if (status !== "connected") suspect = broken = true;
    });
    kernel.anyMessage.connect((_, { direction, msg }) => {
      if (direction === "send" && msg.header.msg_type === "comm_msg") {
        unanswered.set(msg.header.msg_id, 0);
      } else if (msg.header.msg_type === "status" && msg.content.execution_state === "idle") {
        unanswered.delete(msg.parent_header?.msg_id);
      }
    });
    suspect = true; // it may have been restarted before
  }

  async function asksKernel() {
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    const asked = kernel.requestCommInfo({}).catch(() => {});
    const reply = await Promise.race([asked, late]);
    if (!reply) return AWAY;
    // A kernel that was restarted under the same id has none of the widgets that the page has.
    const isAnother = widgets.registeredModels.size && !Object.keys(reply.content.comms).length;
    return isAnother ? GONE : WELL;
  }

  function reconnect() {
    connecting = 0;
    kernel.reconnect().catch(() => {}); // the next check sees whether it stands
  }

  async function find() {
    let model;
    try {
      const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
      const address = `${baseUrl}api/kernels/${document.body.dataset.kernelId}`;
      const options = { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
      const answer = await fetch(address, options);
      if (answer.status === 404) return GONE;
      if (!answer.ok) return AWAY;
      model = await answer.json();
    } catch {
      suspect = true;
      connecting = CONNECTING; // JupyterLab waits longer from try to try: not once we know better
      return AWAY;
    }
    if (!kernel) return WELL; // still starting
    if (kernel.connectionStatus !== "connected") {
      connecting += 1;
      if (connecting > CONNECTING) reconnect();
      return AWAY;
    }
    if (model.execution_state === "busy") return WELL; // it answers when it is done
    if (suspect) {
      const found = await asksKernel();
      if (found === AWAY) reconnect();
      else suspect = false;
      if (found === WELL && broken) {
        broken = false;
        unanswered.clear();
        tell("connected"); // what may have been lost is sent again
      }
      return found;
    }
    countUnanswered();
    return WELL;
  }

  // What stays unanswered makes the next check ask over the same connection, and mend it if need be.
  function countUnanswered() {
    for (const [id, checks] of unanswered) {
      unanswered.set(id, checks + 1);
      if (checks >= UNANSWERED) suspect = broken = true;
    }
  }

  // --- when -----------------------------------------------------------------------------------

  async function check() {
    if (checking || FINAL.has(said)) return;
    clearTimeout(timer);
    checking = true;
    const begun = performance.now();
    try {
      if (!document.hidden) judge(await find());
    } finally {
      checking = false;
      timer = setTimeout(check, Math.max(0, EVERY - (performance.now() - begun)));
    }
  }

  function judge(found) {
    if (FINAL.has(said)) return; // the kernel's own word came first
    if (found === GONE) {
      lose();
      return;
    }
    failures = found === AWAY ? failures + 1 : 0;
    const isStarting = document.body.classList.contains("ct-starting");
    if (failures >= FAILURES && !isStarting) say(AWAY);
    else if (found === WELL) say(WELL);
  }

  function wake() {
    suspect = true;
    check();
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.body.dataset.kernelId) return; // the page says by itself that it failed
    document.addEventListener("visibilitychange", () => document.hidden || wake());
    document.addEventListener("resume", wake);
    window.addEventListener("pageshow", (event) => event.persisted && wake());
    window.addEventListener("online", wake);
    window.addEventListener("offline", check);
    meetKernel();
    check();
  });
})();
