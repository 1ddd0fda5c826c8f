// A press on a link to another page of the app is on its way until the address has changed. A page run that
// a component asks for meanwhile is, to Streamlit, one of the page that is being left: it ends the run of
// the other page, and the person stays where they were. So what a component says waits for the link.
/** @import { Component } from "./types" */

const LONGEST = 15000; // ms; a link that led nowhere is forgotten
const LOOK = 50; // ms between two looks at the address
/** @type {ReturnType<typeof setInterval>} */
let timer = null; // runs while a link is on its way

/**
 * Whether a click leads to another page of this app, in this tab.
 * @type {(event: MouseEvent, here?: { origin: string, pathname: string }) => boolean}
 */
export function leads(event, here = window.location) {
  const link = /** @type {HTMLAnchorElement} */ (
    /** @type {Element} */ (event.target).closest?.("a[href]")
  );
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return false;
  if (link.hasAttribute("download") || (link.target && link.target !== "_self")) return false;
  return link.origin === here.origin && link.pathname !== here.pathname;
}

/** @type {(event: MouseEvent) => void} */
function press(event) {
  if (!leads(event)) return;
  const [from, end] = [window.location.pathname, performance.now() + LONGEST];
  clearInterval(timer);
  timer = setInterval(() => {
    if (window.location.pathname === from && performance.now() < end) return;
    clearInterval(timer);
    timer = null;
  }, LOOK);
}

/** Once per page; a reload of the module finds the first one at work. */
export function watchLinks() {
  if (window.ganscopeLinks) return;
  window.ganscopeLinks = { leaving: () => timer !== null };
  document.addEventListener("click", press, true);
}

/**
 * The component, but what it says to Streamlit waits for a pressed link; it goes unsaid if that led away.
 * @type {(component: Component) => Component}
 */
export function patient(component) {
  /** @type {(send: (name: string, value: unknown) => void) => (name: string, value: unknown) => void} */
  const waits = (send) =>
    function say(...words) {
      if (!window.ganscopeLinks?.leaving()) send(...words);
      else setTimeout(() => component.parentElement.isConnected && say(...words), LOOK);
    };
  return {
    ...component,
    setStateValue: waits(component.setStateValue),
    setTriggerValue: waits(component.setTriggerValue),
  };
}
