// The family of a run: one lane each over the steps, a fork where it branched, a glyph where it stands.
import { activeIn, el, icon, mounted, rootOf, svg, whole } from "../shared/base.js";
import { t, tn } from "../shared/words.js";
/** @import { Component } from "../shared/types" */
/** @import { Member } from "./types" */

const ROW = 52; // pixels of a lane, as in family.css
const TOP = 20;
const SIDE = 14;
const LAST = 110; // px that the last label needs before it, with half of its neighbour's
/** @type {Record<string, string>} */
const ENDS = {
  finished: "check",
  stopped: "stop",
  failed: "warning",
  interrupted: "broken",
  queued: "clock",
  running: "play",
  ready: "play",
  paused: "pause",
};
const MOST_DOTS = 40;

class Family {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "family");
    this.send = component.setStateValue;
    this.data = component.data;
    this.observer = new ResizeObserver(() => {
      if (this.lanes?.clientWidth !== this.width) this.draw();
    });
    this.observer.observe(this.root);
    this.draw();
  }

  /** @type {(component: Component) => void} */
  update(component) {
    this.send = component.setStateValue;
    if (JSON.stringify(component.data) === JSON.stringify(this.data)) return;
    this.data = component.data;
    this.draw();
  }

  draw() {
    /** @type {{ members: Member[] }} */
    const { members } = this.data;
    const focused = /** @type {HTMLElement} */ (activeIn(this.root))?.dataset?.run;
    this.lanes = el("div", { class: "lanes" });
    const labels = el("ol", {}, ...members.map((member) => this.label(member)));
    this.root.replaceChildren(el("div", { class: "frame" }, this.lanes, labels));
    this.root.dataset.count = String(members.length);
    this.width = this.lanes.clientWidth;
    if (this.width > 40) this.lanes.append(this.picture());
    if (focused)
      /** @type {HTMLElement} */ (
        labels.querySelector(`[data-run="${CSS.escape(focused)}"]`)
      )?.focus();
  }

  /** @type {(member: Member) => HTMLLIElement} */
  label(member) {
    const chosen = member.id === this.data.chosen;
    const picture = member.picture ? el("img", { src: member.picture, alt: "" }) : el("i");
    const title = el("span", {}, el("b", {}, member.short), ` ${member.change || member.title}`);
    const words = el("span", { class: member.state === "failed" ? "cap bad" : "cap" }, member.note);
    const row = el(
      "button",
      { type: "button", "data-run": member.id, "aria-current": chosen, title: member.about },
      picture,
      el("span", {}, title, words),
    );
    row.addEventListener("click", () => this.send("pick", [member.id, Date.now()]));
    return el("li", {}, row);
  }

  get end() {
    return Math.max(
      1,
      ...this.data.members.map((/** @type {Member} */ m) => Math.max(m.step, m.total ?? 0)),
    );
  }

  /** @type {(step: number) => number} */
  x(step) {
    return SIDE + (step / this.end) * (this.width - 2 * SIDE - 8);
  }

  /** @type {(index: number) => number} */
  y(index) {
    return TOP + ROW * index + ROW / 2 - 2;
  }

  picture() {
    /** @type {{ members: Member[], chosen: string }} */
    const { members, chosen } = this.data;
    const height = TOP + ROW * members.length;
    const place = new Map(members.map((m, i) => [m.id, i]));
    const said = members
      .map(
        (m) =>
          `${m.short}${m.parent ? t(" from {parent} at step {fork}", { parent: m.parent.split("-")[0], fork: whole(m.fork) }) : ""}, ${m.note}`,
      )
      .join("; ");
    const children = members.map((m) =>
      members.filter((other) => other.parent === m.id).map((other) => other.fork),
    );
    /** @type {(m: Member) => string} */
    const mark = (m) => (m.id === chosen ? " on" : "");
    return svg(
      "svg",
      {
        viewBox: `0 0 ${this.width} ${height}`,
        height,
        role: "img",
        "aria-label": t("Family tree: {said}", { said }),
      },
      ...this.axis(height),
      ...members.flatMap((m, i) =>
        m.parent && place.has(m.parent) ? [this.fork(m, place.get(m.parent), i, mark(m))] : [],
      ),
      ...members.flatMap((m, i) => this.lane(m, i, children[i], mark(m))),
    );
  }

  /** @type {(height: number) => SVGElement[]} */
  axis(height) {
    const step = niceStep(this.end, Math.max(2, Math.floor(this.width / 110)));
    const ticks = Array.from({ length: Math.floor(this.end / step) + 1 }, (_, i) => i * step);
    const last = ticks.at(-1);
    /** @type {(tick: number) => boolean} */
    const named = (tick) => tick === 0 || tick === last || this.x(last) - this.x(tick) > LAST; // the last one is the longest
    return ticks.flatMap((tick, i) => [
      svg("line", { x1: this.x(tick), x2: this.x(tick), y1: TOP - 2, y2: height - 6, class: "gl" }),
      svg(
        "text",
        {
          x: i ? Math.min(this.x(tick), this.width - 4) : this.x(0) - 4,
          y: 12,
          class: i === 0 ? "tick first" : this.x(tick) > this.width - 44 ? "tick last" : "tick",
        },
        named(tick) ? whole(tick) : "",
        i < ticks.length - 1 ? "" : tn(" step", " steps", tick),
      ),
    ]);
  }

  /** @type {(member: Member, from: number, to: number, on: string) => SVGElement} */
  fork(member, from, to, on) {
    const [x, top, bottom] = [this.x(member.fork), this.y(from), this.y(to)];
    return svg("path", { d: `M${x} ${top}V${bottom - 10}q0 10 10 10`, class: `fork${on}` });
  }

  /** @type {(member: Member, index: number, forks: number[], on: string) => SVGElement[]} */
  lane(member, index, forks, on) {
    const [y, left, right] = [
      this.y(index),
      this.x(member.fork) + (member.parent ? 10 : 0),
      this.x(Math.max(member.step, member.fork)),
    ];
    const begin = Math.min(left, right);
    const ahead =
      member.total > member.step && member.state !== "failed"
        ? [svg("line", { x1: right, x2: this.x(member.total), y1: y, y2: y, class: "to" })]
        : [];
    const thinned = member.checkpoints.filter(
      (_, i, all) => i % Math.ceil(all.length / MOST_DOTS) === 0,
    );
    const dots = thinned
      .filter((s) => this.x(s) >= begin && this.x(s) < right - 9)
      .map((s) =>
        svg(
          "circle",
          { cx: this.x(s), cy: y, r: 2.6, class: "dot" },
          svg("title", {}, t("checkpoint at step {s}", { s: whole(s) })),
        ),
      );
    const left_ = forks.map((s) =>
      svg(
        "circle",
        { cx: this.x(s), cy: y, r: 4, class: "dot left" },
        svg("title", {}, t("branched at step {s}", { s: whole(s) })),
      ),
    );
    const ill = member.state === "failed" || member.sick; // ended, but not well: no tick
    const kind = ill ? "end bad" : ["running", "ready"].includes(member.state) ? "end now" : "end";
    const glyph = icon(ill ? ENDS.failed : (ENDS[member.state] ?? "note"));
    for (const [name, value] of Object.entries({ x: right - 8, y: y - 8, width: 16, height: 16 }))
      glyph.setAttribute(name, String(value));
    return [
      svg("line", { x1: begin + 2, x2: right, y1: y, y2: y, class: "cut" }),
      svg("line", { x1: begin, x2: right, y1: y, y2: y, class: `lane${on}` }),
      ...ahead,
      ...dots,
      ...left_,
      svg("circle", { cx: right, cy: y, r: 9, class: kind }),
      glyph,
    ];
  }

  dispose() {
    this.observer.disconnect();
  }
}

/**
 * A round distance between ticks, so that there are at most `count` of them.
 * @type {(end: number, count: number) => number}
 */
function niceStep(end, count) {
  const rough = end / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return Math.max(
    1,
    [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough),
  );
}

export default mounted((component) => new Family(component));
