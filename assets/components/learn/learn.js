// The Learn page: the loop, the plane, what happens now, the settings, and chapters; all of it trains in this page.
import { button, el, icon, mounted, rootOf } from "../shared/base.js";
import { ORDER, numberOf, onwards } from "./apart.js";
import { Beat } from "./beat.js";
import { Cards, classCard } from "./cards.js";
import { Course } from "./course.js";
import { Digits } from "./digits.js";
import { Graphs } from "./graphs.js";
import { Keep } from "./keep.js";
import { Lesson } from "./lesson.js";
import { Plane } from "./plane.js";
import { Sees } from "./sees.js";
import { Settings } from "./settings.js";
import { Stages } from "./stages.js";
import { lessonAddress, lessonLine, linkForm, readLesson } from "./teacher.js";
import { t } from "../shared/words.js";
/** @import { Apart } from "./apart.js" */
/** @import { Asked, LinkForm, OnPage } from "./types" */
/** @import { Component, View } from "../shared/types" */

/** @type {(component: Component) => View} */
function create(component) {
  const root = rootOf(component, "learn"),
    asked = readLesson(window.location.search),
    lesson = new Lesson(asked.settings);
  /** @type {Plane} */
  let plane = null;
  const stages = new Stages(lesson, () => plane?.ringed ?? 0);
  plane = new Plane(lesson, stages);
  stages.plane = plane;
  const keep = new Keep(lesson, (told) => component.setTriggerValue("keep", told));
  plane.node.append(keep.node);
  const graphs = new Graphs(lesson),
    settings = new Settings(lesson, asked.locked);
  const now = el(
    "section",
    { class: "panel", "aria-label": t("What happens now") },
    el("h2", {}, t("What happens now")),
    stages.sentence,
    stages.coming,
    graphs.node,
  );
  const form = linkForm(() => lesson.settings),
    course = new Course(
      lesson,
      plane,
      { leave: (id) => left(id), open: (id) => open(id) },
      graphs.node,
    );
  const back = (/** @type {string} */ id) => () => {
      root.classList.remove("in-game");
      cards.show(course.chapter?.id ?? null);
      cards.focus(id);
    },
    game = new Beat(back("beat"));
  /** @type {(id: string) => OnPage} */
  const on = (id) => ({
    number: numberOf(id),
    after: onwards(id),
    start: (more) => component.setTriggerValue("train", { chapter: id, more }),
    leave: back(id),
    next: () => open(ORDER[numberOf(id)].id),
  });
  const digits = new Digits(on("digits")),
    sees = new Sees(on("sees")),
    apart = /** @type {Record<string, Apart>} */ ({ digits, sees, beat: game });
  const cards = new Cards(
    (id) => open(id),
    classCard((event) => shown(form, event)),
  );
  const projector = button(
    t("Projector"),
    () => beamed(root, plane, projector),
    { "aria-pressed": "false", title: t("Large type, high contrast, slow") },
    icon("star"),
  );
  /** @type {(id: string) => void} */
  const open = (id) => {
    if (apart[id] && course.chapter && course.healed) course.leave(); // else it is still there afterwards
    if (apart[id]) return void play(root, plane, apart[id], Object.values(apart));
    Object.values(apart).forEach((part) => part.close(() => root.classList.remove("in-game")));
    course.open(id, asked.settings);
    here(root, now, cards, id);
  };
  /** @type {(id: string) => void} */
  const left = (id) => {
    now.append(graphs.node);
    here(root, now, cards, null);
    cards.focus(id);
  };
  root.append(
    el("div", { class: "top tools" }, cards.begin, projector),
    game.node,
    digits.node,
    sees.node,
    stages.node,
    plane.node,
    el("div", { class: "side" }, course.node, now, settings.node),
    cards.node,
    form.node,
  );
  for (const [name, node] of Object.entries({
    loop: stages.node,
    settings: settings.node,
    graphs: graphs.node,
  }))
    node.classList.toggle("away", asked.hidden.has(name));
  if (
    asked.stale ||
    asked.name ||
    asked.locked.size ||
    asked.hidden.size ||
    Object.keys(asked.settings).length
  )
    root.prepend(line(root, asked, settings));
  if (asked.projector) projector.click();
  if (asked.chapter) open(asked.chapter);
  plane.draw();
  stages.numbers();
  const keys = (/** @type {KeyboardEvent} */ event) => shortcut(event, plane),
    parts = [plane, stages, graphs, settings, course, digits, sees, keep];
  document.addEventListener("keydown", keys);
  /** @type {(data: any) => void} */
  const follow = (data) => {
    digits.follow(data?.digits);
    sees.follow(data?.sees);
    keep.follow(data?.kept);
  };
  follow(component.data);
  return {
    update({ data }) {
      plane.later();
      follow(data);
    },
    dispose() {
      document.removeEventListener("keydown", keys);
      parts.forEach((part) => part.dispose());
    },
  };
}

/**
 * A chapter takes the place of the loop and of what happens now, but for the curves, which some chapters show.
 * @type {(root: HTMLElement, now: HTMLElement, cards: Cards, id: string | null) => void}
 */
function here(root, now, cards, id) {
  root.classList.toggle("in-chapter", id !== null);
  now.hidden = id !== null;
  cards.show(id);
}

/**
 * What needs no plane takes its place; the other such parts close.
 * @type {(root: HTMLElement, plane: Plane, part: Apart, all: Apart[]) => unknown}
 */
function play(root, plane, part, all) {
  plane.pause();
  all.filter((other) => other !== part).forEach((other) => other.close(() => {}));
  root.classList.add("in-game");
  return part.open();
}

/** @type {(form: LinkForm, event: MouseEvent) => void} */
function shown(form, { currentTarget }) {
  form.node.hidden = !form.node.hidden;
  /** @type {Element} */ (currentTarget).setAttribute("aria-expanded", String(!form.node.hidden));
  form.make();
  if (form.node.hidden) return;
  form.node.querySelector("select").focus();
  form.node.scrollIntoView({ block: "nearest" });
}

/**
 * For a wall: large, plain and slow; the same button ends it.
 * @type {(root: HTMLElement, plane: Plane, node: HTMLElement) => void}
 */
function beamed(root, plane, node) {
  const on = root.classList.toggle("projector");
  node.setAttribute("aria-pressed", String(on));
  plane.pace = on ? 4 : 1;
}

/**
 * The lesson's line; leaving it frees whatever it locked or hid.
 * @type {(root: HTMLElement, asked: Asked, settings: Settings) => HTMLElement}
 */
function line(root, asked, settings) {
  const node = lessonLine(asked, () => {
    window.history.replaceState(
      window.history.state,
      "",
      lessonAddress(window.location.href, { ...readLesson(""), settings: {} }),
    );
    settings.unlock();
    root.querySelectorAll(".away").forEach((each) => each.classList.remove("away"));
    asked.settings = {};
    node.remove();
  });
  return node;
}

/** @type {Record<string, (plane: Plane) => unknown>} */
const SHORTCUTS = {
  KeyP: (plane) => plane.toggleplay(),
  KeyS: (plane) => plane.single(),
  KeyD: (plane) => plane.held || plane.choose("d"),
  KeyG: (plane) => plane.held || plane.choose("g"),
};

/** @type {(event: KeyboardEvent, plane: Plane) => void} */
function shortcut(event, plane) {
  const act = event.altKey && event.shiftKey && SHORTCUTS[event.code];
  if (!act) return;
  event.preventDefault();
  act(plane);
}

export default mounted(create);
