// Commands answer at once: the pressed button says what is being done until the page has caught up,
// and the keyboard stays where it was when a button is replaced. Streamlit draws the buttons; this
// only marks them (shell.css shows the mark).
import { t } from "./words.js";
/** @import { Said } from "./types" */

// By the key of the button's place: what is said, and where focus goes if the button is gone.
/** @type {Record<string, Said>} */
const COMMANDS = {
  pause: [t("Pausing…"), ["pause", "resume"]],
  "pause:Resume": [t("Resuming…"), ["pause"]],
  resume: [t("Resuming…"), ["pause", "cancel"]],
  resume_failed: [t("Resuming…"), ["pause", "cancel"]],
  stop: [t("Stopping…"), ["next_explore", "resume", "next_branch"]],
  checkpoint: [t("Storing…"), ["checkpoint"]],
  knobs_apply: [t("Applying…"), ["knobs_apply", "knobs_panel input"]],
  knobs_undo: ["", ["knobs_panel input"]],
  cancel: [t("Cancelling…"), ["resume"]],
  move_up: ["", ["move_up", "cancel"]],
  measure: [t("Measuring…"), ["measure", "quality_panel [tabindex]"]],
  remedy: [t("Applying…"), ["pause", "h1"]],
  way_out: [t("Starting…"), ["pause", "h1"]],
  train_on_go: [t("Starting…"), ["pause"]],
  sm_pause: [t("Pausing…"), ["sm_pause"]],
  "sm_pause:Resume": [t("Resuming…"), ["sm_pause"]],
  train: [t("Starting…"), ["pause", "h1"]],
  train_now: [t("Starting…"), ["pause", "h1"]],
  sm_train_now: [t("Starting…"), ["pause", "h1"]],
};
// Buttons whose key goes on behind this, with the run or the recipe.
/** @type {Record<string, Said>} */
const FAMILIES = {
  sm_quick_: [t("Starting…"), ["pause", "h1"]],
  "sm_act_:Resume": [t("Resuming…"), ["pause", "h1"]],
  "sm_act_:Cancel": [t("Cancelling…"), ["h1"]],
};
// On the Train page the readouts say when the page has caught up; a button that leads to another
// page, or whose label changes, says it itself.
const ONCE = ["train", "train_now", "sm_train_now", ...Object.keys(FAMILIES)];
const LONGEST = 15000; // ms; a mark that nobody takes away goes by itself
/** @type {Record<string, number>} */
const OWN = { measure: 1500 }; // ... sooner where the page says it itself
/** @type {Map<HTMLButtonElement, ReturnType<typeof setTimeout>>} */
const waiting = new Map(); // button -> timer

/** @type {(node: Element) => string | undefined} */
const keyOf = (node) =>
  [...(node.closest?.('[class*="st-key-"]')?.classList ?? [])]
    .find((name) => name.startsWith("st-key-"))
    ?.slice(7);

/** @type {(button: HTMLButtonElement) => Said | undefined} */
function wordsFor(button) {
  const key = keyOf(button);
  const label = button.textContent.trim();
  const family = Object.keys(FAMILIES).find((name) => fits(name, key, label));
  return family
    ? FAMILIES[family]
    : COMMANDS[label.endsWith(t("Resume")) && `${key}:Resume` in COMMANDS ? `${key}:Resume` : key];
}

/**
 * Whether a button belongs to a family such as "sm_act_:Resume": by its key and what it says in English.
 * @type {(family: string, key?: string, label?: string) => boolean}
 */
function fits(family, key = "", label = "") {
  const [start, word = ""] = family.split(":");
  return key.startsWith(start) && label.endsWith(word && t(word));
}

/** @type {(event: MouseEvent) => void} */
function press(event) {
  const button = /** @type {Element} */ (event.target).closest?.("button");
  if (!button || button.disabled) return;
  const found = wordsFor(button);
  if (!found) return;
  const [words, places] = found;
  if (words) {
    button.dataset.pressed = words;
    button.setAttribute("aria-busy", "true");
    clearTimeout(waiting.get(button));
    waiting.set(
      button,
      setTimeout(() => release(button), OWN[keyOf(button)] ?? LONGEST),
    );
    untilItChanges(button);
  }
  if (document.activeElement === button || event.detail === 0) keepFocus(button, places);
}

/** @type {(button: HTMLButtonElement) => void} */
function release(button) {
  clearTimeout(waiting.get(button));
  waiting.delete(button);
  delete button.dataset.pressed;
  button.removeAttribute("aria-busy");
}

/**
 * A button that says something else now has come to its end.
 * @type {(button: HTMLButtonElement) => void}
 */
function untilItChanges(button) {
  const before = button.textContent;
  const look = new MutationObserver(() => {
    if (!waiting.has(button)) look.disconnect();
    else if (button.textContent !== before) {
      look.disconnect();
      release(button);
    }
  });
  look.observe(button, { childList: true, characterData: true, subtree: true });
}

/**
 * The page's script has ended, and the page is still there: nothing was started.
 * @type {(app: HTMLElement) => void}
 */
function scriptEnds(app) {
  if (app.dataset.testScriptState === "running") return;
  for (const button of [...waiting.keys()]) {
    const key = keyOf(button) ?? "";
    if (ONCE.some((name) => key === name || fits(name, key, button.textContent.trim())))
      release(button);
  }
}

/**
 * The page has caught up with the run: no command is under way any more.
 * @type {(keys?: string[] | null) => void}
 */
export function settle(keys = null) {
  for (const button of [...waiting.keys()])
    if (!keys || keys.includes(keyOf(button))) release(button);
}

/**
 * While the page changes: when focus has fallen to nowhere, put it where the command went on.
 * @type {(button: HTMLButtonElement, places: string[]) => void}
 */
function keepFocus(button, places) {
  const end = performance.now() + LONGEST;
  const look = () => {
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (!lost && document.activeElement !== button) return; // the person has gone on
    if (lost && focusOn(places)) return;
    if (performance.now() < end) setTimeout(look, 80);
  };
  setTimeout(look, 80);
}

/** @type {(places: string[]) => boolean} */
function focusOn(places) {
  for (const place of places) {
    const [key, ...rest] = place.split(" ");
    const node =
      key === "h1"
        ? heading()
        : /** @type {HTMLElement} */ (
            document.querySelector(`.st-key-${key} ${rest.join(" ") || "button"}:not(:disabled)`)
          );
    if (!node) continue;
    node.focus();
    return document.activeElement === node;
  }
  return false;
}

/** @type {() => HTMLElement | null} */
function heading() {
  const found = /** @type {HTMLElement} */ (document.querySelector(".stMain h1"));
  if (found && !found.hasAttribute("tabindex")) found.tabIndex = -1;
  return found;
}

/** Once per page; a reload of the module finds the first one at work. */
export function watchCommands() {
  if (window.ganscopeCommands) return;
  window.ganscopeCommands = true;
  document.addEventListener("click", press, true);
  const app = /** @type {HTMLElement} */ (document.querySelector('[data-testid="stApp"]'));
  if (app)
    new MutationObserver(() => scriptEnds(app)).observe(app, {
      attributeFilter: ["data-test-script-state"],
    });
}

/** A new page of the app whose focus was lost with the old one: begin at its heading. */
export function startAtHeading() {
  const came = navigator.userActivation?.hasBeenActive ?? false; // else the page was opened by its address
  if (came && document.activeElement === document.body) heading()?.focus({ preventScroll: true });
}

/** The component of pages without one of their own that watches. */
export default function commands() {
  watchCommands();
}
