// Where there is no room: asks now and then, and loads the page as soon as there is.
(() => {
  const { address, seconds } = document.currentScript.dataset;
  const look = async () => {
    const answer = await fetch(address, { cache: "no-store" }).catch(() => null);
    if (answer?.ok && (await answer.json()).room) location.reload();
    else setTimeout(look, seconds * 1_000);
  };
  setTimeout(look, seconds * 1_000);
})();
