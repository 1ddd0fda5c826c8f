// Loads our copy of plotly.js once per page, without touching a Plotly that Streamlit may have loaded.
import { urlOf } from "./place.js";

/** @type {Promise<any>} */
let loading = null;

/**
 * The Plotly object; `source` is the address of plotly.min.js.
 * @type {(source: string) => Promise<any>}
 */
export function loadPlotly(source) {
  loading ??= new Promise((ready, failed) => {
    const before = window.Plotly;
    const script = document.createElement("script");
    script.src = urlOf(source.slice(1));
    script.onload = () => {
      const ours = window.Plotly;
      if (before) window.Plotly = before;
      ready(ours);
    };
    script.onerror = () => {
      loading = null;
      script.remove();
      failed(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return loading;
}
