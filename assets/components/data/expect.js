// What each recipe needs for these images on this machine, as the page has told for every size.
import { el, icon } from "../shared/base.js";
import { sizeOf } from "./plan.js";

export function expectPanel(choice, first) {
  let data = first;
  const cap = el("span", { class: "cap" });
  const body = el("tbody");
  const note = el("p", { class: "cap" });
  const heads = [["Recipe", ""], ["Memory", "num"], ["Steps a second", "num"], ["Full run", "num"], ["Fits", ""]];
  const node = el("section", { class: "panel expect", "aria-label": "What to expect on this machine" },
    el("div", { class: "head" }, el("h2", {}, "What to expect on this machine"), cap),
    el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Recipes" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map(([name, kind]) => el("th", { class: kind }, name)))), body)), note);
  const show = () => {
    const { plan, outlook } = choice;
    const rows = data.expect?.[`${plan.size} ${plan.grey ? 1 : 3} ${(outlook?.num_classes ?? choice.found.classes.length) > 1 ? 1 : 0}`] ?? [];
    cap.textContent = [data.machine, `${sizeOf(choice)} ${plan.grey ? "grey" : "colour"}`, outlook ? `${outlook.train.toLocaleString("en-US")} to learn from` : ""].filter(Boolean).join(" · ");
    body.replaceChildren(...rows.map(({ recipe, memory, speed, full, why, off }) => el("tr", { class: off ? "off" : "" },
      el("td", {}, off ? recipe : el("b", {}, recipe)), el("td", { class: "num" }, memory), el("td", { class: "num" }, speed), el("td", { class: "num" }, full), el("td", {}, off ? why : el("span", { class: "fits" }, icon("check"), why)))));
    note.textContent = outlook && outlook.train < 2000 ? `${outlook.train.toLocaleString("en-US")} training images are few: D may learn them by heart. ${data.speeds ?? ""}` : data.speeds ?? "";
  };
  choice.join({ changed: show, expected: show });
  return { node, told: (next) => { data = next; show(); } };
}

/** The recipe that is tried first for a choice: the first that fits. */
export function firstFitting(data, choice) {
  const { plan, outlook } = choice;
  const rows = data.expect?.[`${plan.size} ${plan.grey ? 1 : 3} ${(outlook?.num_classes ?? 0) > 1 ? 1 : 0}`] ?? [];
  return rows.find(({ off }) => !off)?.recipe ?? "";
}
