// Loads the page anew when a file of the content was saved. Only `content preview` sends this.
(() => {
  const EVERY = 700; // milliseconds between looks
  const { address, version } = document.currentScript.dataset;

  async function look() {
    try {
      const answer = await fetch(address, { cache: "no-store" });
      const now = answer.ok ? (await answer.text()).trim() : version;
      if (now !== version) {
        document.documentElement.removeAttribute("data-at-risk"); // made-up answers: nothing to ask
        location.reload();
        return;
      }
    } catch {
      // The preview has ended, or starts again: whoever looks at the page can see neither.
    }
    setTimeout(look, EVERY);
  }

  window.addEventListener("load", look); // a page that is left before has a kernel that nobody ends
})();
