// The Learn page: the loop, the plane, what happens now, and the settings; all of it trains in this page.
import { el, mounted, rootOf } from "../shared/base.js";
import { Graphs } from "./graphs.js";
import { Lesson } from "./lesson.js";
import { Plane } from "./plane.js";
import { Settings } from "./settings.js";
import { Stages } from "./stages.js";

function create(component) {
  const root = rootOf(component, "learn"), lesson = new Lesson();
  let plane = null;
  const stages = new Stages(lesson, () => plane?.ringed ?? 0);
  plane = new Plane(lesson, stages);
  stages.plane = plane;
  const graphs = new Graphs(lesson), settings = new Settings(lesson);
  const now = el("section", { class: "panel", "aria-label": "What happens now" }, el("h2", {}, "What happens now"), stages.sentence, stages.coming, graphs.node);
  root.append(stages.node, plane.node, el("div", { class: "side" }, now, settings.node));
  plane.draw();
  stages.numbers();
  const keys = (event) => shortcut(event, plane);
  document.addEventListener("keydown", keys);
  const parts = [plane, stages, graphs, settings];
  return {
    update() { plane.later(); },
    dispose() {
      document.removeEventListener("keydown", keys);
      parts.forEach((part) => part.dispose());
    },
  };
}

const SHORTCUTS = { KeyP: (plane) => plane.toggleplay(), KeyS: (plane) => plane.single(), KeyD: (plane) => plane.choose("d"), KeyG: (plane) => plane.choose("g") };

function shortcut(event, plane) {
  const act = event.altKey && event.shiftKey && SHORTCUTS[event.code];
  if (!act) return;
  event.preventDefault();
  act(plane);
}

export default mounted(create);
