// A plot: its picture while it is on screen, and its data as a table.
import { html, useEffect, useRef, useState } from "./dom.js";

// Tells the kernel when the plot comes on screen and when it leaves it.
function useOnScreen(name, send) {
  const place = useRef(null);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      ([entry]) => send("see", { plot: name, seen: entry.isIntersecting }),
      { rootMargin: "200px" },
    );
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [name]);
  return place;
}

function usePictures(model) {
  const [pictures, setPictures] = useState({});
  useEffect(() => {
    const take = ({ plot, svg }) => setPictures((before) => ({ ...before, [plot]: svg }));
    model.on("msg:custom", take);
    return () => model.off("msg:custom", take);
  }, [model]);
  return pictures;
}

function Plot({ plot, picture, words, send }) {
  const place = useOnScreen(plot.name, send);
  return html`<figure class="ct-plot" ref=${place}>
    ${plot.can_draw &&
    html`<div
      class="ct-picture"
      aria-busy=${String(!picture)}
      dangerouslySetInnerHTML=${{ __html: picture ?? "" }}
    ></div>`}
    ${!plot.can_draw && plot.note && html`<p>${plot.note}</p>`}
    <details open=${!plot.can_draw}>
      <summary>${words.as_table}<span class="ct-unseen"> ${plot.title}</span></summary>
      <div class="ct-scroll" role="region" tabindex="0" aria-label=${plot.title}>
        <table>
          <caption>${plot.title}</caption>
          <thead>
            <tr>
              ${plot.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${plot.rows.map(
              ([name, ...cells]) => html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

export { Plot, usePictures };
