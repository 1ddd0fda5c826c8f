// A teacher's link: chapter, lesson's name, settings and what is locked or hidden, all in the address; the form that makes it.
import { button, el, icon } from "../shared/base.js";
import { ORDER, OTHERS } from "./apart.js";
import { FIELDS } from "./settings.js";
import { t } from "../shared/words.js";
/** @import { Asked, LessonSettings, LinkForm } from "./types" */

export const PARTS = [
  ["loop", t("The loop")],
  ["settings", t("Settings")],
  ["graphs", t("Curves")],
];
const NAMES = ["chapter", "lesson", "lock", "hide", "projector", ...FIELDS.map(({ name }) => name)];
const LONGEST = 60; // characters of a lesson's name

/**
 * What an address asks for: {chapter, name, locked: Set, hidden: Set, projector, settings}; whatever it says that there is not is left out.
 * @param {string} search as in `location.search`
 * @returns {Asked}
 */
export function readLesson(search) {
  const query = new URLSearchParams(search),
    list = (/** @type {string} */ name, /** @type {string[]} */ known) =>
      new Set((query.get(name) ?? "").split(",").filter((each) => known.includes(each)));
  /** @type {Record<string, any>} */
  const settings = {};
  const chapter = query.get("chapter");
  for (const { name, options } of FIELDS) {
    const found = options.find(([value]) => query.has(name) && String(value) === query.get(name));
    if (found) settings[name] = found[0] === "" ? null : found[0];
  }
  const known = ORDER.some(({ id }) => id === chapter);
  return {
    chapter: known ? chapter : null,
    stale: chapter !== null && !known,
    name: (query.get("lesson") ?? "").slice(0, LONGEST).trim(),
    settings,
    projector: query.get("projector") === "1",
    locked: list(
      "lock",
      FIELDS.map(({ name }) => name),
    ),
    hidden: list(
      "hide",
      PARTS.map(([name]) => name),
    ),
  };
}

/**
 * The address of a lesson, from any address of the page.
 * @type {(href: string, asked: Omit<Asked, "locked" | "hidden"> & { locked: Iterable<string>, hidden: Iterable<string> }) => string}
 */
export function lessonAddress(href, { chapter, name, locked, hidden, projector, settings }) {
  const url = new URL(href);
  NAMES.forEach((each) => url.searchParams.delete(each));
  /** @type {(key: string, value: string | false | null) => void} */
  const say = (key, value) => value && url.searchParams.set(key, value);
  say("chapter", chapter);
  say("lesson", name);
  say("lock", [...locked].join(","));
  say("hide", [...hidden].join(","));
  say("projector", projector && "1");
  for (const [key, value] of Object.entries(settings))
    url.searchParams.set(key, String(value ?? ""));
  return url.href;
}

/**
 * What is fixed, in words: "G learning rate and Loss are fixed"; "" where nothing is.
 * @type {(locked: Set<string>) => string}
 */
export function fixed(locked) {
  const names = FIELDS.filter(({ name }) => locked.has(name)).map(({ label }) => label);
  if (!names.length) return "";
  const last = names.at(-1),
    before = names.slice(0, -1).join(", ");
  return before
    ? t("{before} and {last} are fixed", { before, last })
    : t("{last} is fixed", { last });
}

/**
 * The line under the title that says whose lesson it is.
 * @type {(asked: Asked, leave: () => void) => HTMLElement}
 */
export function lessonLine({ name, locked, stale, chapter }, leave) {
  const plane = !OTHERS.some(({ id }) => id === chapter),
    told = [fixed(locked), plane && t("Play, Slow and One step are yours")].filter(Boolean);
  const words = stale
    ? t("This link names a chapter that there is not (any more); all of Learn is open.")
    : told.map((text, i) => text + (i < told.length - 1 ? "; " : ".")).join("");
  return el(
    "section",
    { class: "lesson", "aria-label": t("Lesson") },
    icon("note"),
    el("span", {}, el("b", {}, name ? t("Lesson: {name}. ", { name }) : t("A lesson. ")), words),
    el("span", { class: "cap right" }, t("opened from a link")),
    button(t("Leave the lesson"), leave, {}, icon("close")),
  );
}

/**
 * The form; `current()` are the settings on the page.
 * @type {(current: () => LessonSettings) => LinkForm}
 */
export function linkForm(current) {
  const chapter = el(
    "select",
    { id: "learn-link-chapter" },
    el("option", { value: "" }, t("The plane, no chapter")),
    ...ORDER.map(({ id, title }, i) => el("option", { value: id }, `${i + 1}. ${title}`)),
  );
  const name = el("input", {
    id: "learn-link-name",
    maxlength: LONGEST,
    placeholder: t("Ms Okoye, Tuesday"),
  });
  /** @type {(value: string, label: string, verb?: string) => [HTMLInputElement, HTMLLabelElement]} */
  const box = (value, label, verb = "") => {
    const input = el("input", { type: "checkbox", value, "aria-label": `${verb} ${label}`.trim() });
    return [input, el("label", { class: "box" }, input, label)];
  };
  const locks = FIELDS.map(({ name: key, label }) => box(key, label, t("Lock"))),
    hides = PARTS.map(([key, label]) => box(key, label, t("Hide"))),
    [wide, wideLabel] = box("projector", t("Projector: large type, high contrast, slow")),
    [keep, keepLabel] = box("keep", t("With the settings as they are now"));
  const out = el("input", { readonly: "", id: "learn-link-address" }),
    said = el("span", { class: "cap", role: "status" }),
    ticked = (/** @type {[HTMLInputElement, HTMLLabelElement][]} */ boxes) =>
      boxes.filter(([input]) => input.checked).map(([input]) => input.value);
  const make = () => {
    const all = current(),
      settings = keep.checked
        ? Object.fromEntries(
            FIELDS.map(({ name: key }) => [key, all[/** @type {keyof LessonSettings} */ (key)]]),
          )
        : {};
    out.value = lessonAddress(window.location.href, {
      chapter: chapter.value,
      name: name.value.trim(),
      locked: ticked(locks),
      hidden: ticked(hides),
      projector: wide.checked,
      settings,
    });
    said.textContent = "";
  };
  const copy = () =>
    navigator.clipboard?.writeText(out.value).then(
      () => {
        said.textContent = t("Copied.");
      },
      () => {
        out.select();
        said.textContent = t("Selected: copy it by Ctrl+C.");
      },
    );
  const node = el(
    "form",
    {
      class: "panel link",
      hidden: true,
      "aria-label": t("Teacher link"),
      onchange: make,
      oninput: make,
      onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
    },
    el(
      "div",
      { class: "fields" },
      el("div", { class: "field" }, el("label", { for: chapter.id }, t("Chapter")), chapter),
      el("div", { class: "field" }, el("label", { for: name.id }, t("Name of the lesson")), name),
    ),
    el("fieldset", {}, el("legend", {}, t("Locked")), ...locks.map(([, label]) => label)),
    el("fieldset", {}, el("legend", {}, t("Hidden")), ...hides.map(([, label]) => label)),
    el("fieldset", {}, el("legend", {}, t("Also")), keepLabel, wideLabel),
    el("div", { class: "field" }, el("label", { for: out.id }, t("The link")), out),
    el(
      "div",
      { class: "tools" },
      button(t("Copy"), copy, { class: "btn primary" }, icon("link")),
      said,
    ),
  );
  return { node, make };
}
