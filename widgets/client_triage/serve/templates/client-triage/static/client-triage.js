// What the page does before and beside JupyterLab: hand over the kernel, show the page when its
// first widget stands, say so, and say when it takes long. Voilà's own names are part of its API.
(() => {
  const SLOW_AFTER = 20_000; // milliseconds
  const WAITING = "script[type='application/vnd.voila.cell-output+json']";
  const SHOWN = [
    ".jp-OutputArea-output.lm-Panel > .lm-Widget", // a widget: the panel alone says "Loading"
    ".jp-OutputArea-output.lm-Widget:not(.lm-Panel)", // any other rendered output
    "[data-mime-type$='stderr']", // a cell that failed
  ].join();

  window.voila_process = () => {};
  window.voila_heartbeat = () => {}; // the server extension calls it where a cell takes long
  window.voila_finish = () => {};
  window.cellLoaded = true;

  const status = document.getElementById("ct-status");
  const slow = setTimeout(() => { status.textContent = status.dataset.slow; }, SLOW_AFTER);

  const show = () => {
    clearTimeout(slow);
    document.body.classList.remove("ct-starting");
    status.textContent = status.dataset.ready;
    status.className = "ct-hidden";
    document.body.prepend(status);
    document.getElementById("ct-loading").remove();
  };

  // Voilà gives its kernel up before it is known whether the visitor leaves (a mailto: link, "stay
  // on this page"). Here it is given up when the page goes, and the one question before that is ours.
  window.addEventListener("beforeunload", (event) => {
    event.stopImmediatePropagation();
    if (document.documentElement.hasAttribute("data-at-risk")) event.preventDefault();
  });
  window.addEventListener("pagehide", (event) => {
    const kernel = document.body.dataset.kernelId;
    if (event.persisted || !kernel) return;
    const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "");
    navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernel}`, form);
  });

  document.addEventListener("DOMContentLoaded", () => {
    // JupyterLab's PageConfig looks here for what jupyter-config-data did not know yet.
    const kernel = document.getElementById("ct-kernel");
    if (!kernel) {
      clearTimeout(slow);
      status.textContent = status.dataset.failed;
      return;
    }
    document.body.dataset.kernelId = kernel.dataset.kernelId;
    const content = document.getElementById("content");
    const ready = () => content.querySelector(SHOWN) || !content.querySelector(WAITING);
    if (ready()) {
      show();
      return;
    }
    const watch = new MutationObserver(() => {
      if (!ready()) return;
      watch.disconnect();
      show();
    });
    watch.observe(content, { childList: true, subtree: true });
  });
})();
