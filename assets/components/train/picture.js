// The picture that is trained, as it was at the shared cursor, and below it what it is made from.
import { el, icon, mounted, put, rootOf, whole } from "../shared/base.js";
import { join } from "../shared/feed.js";
import { scaleFor } from "../shared/pixels.js";
import { queryOf, urlOf } from "../shared/place.js";
import { AtCursor, isYoung } from "./at_cursor.js";
import { t } from "../shared/words.js";
/** @import { Component, Status } from "../shared/types" */

const HIGH = 560; // CSS pixels at most
const SOURCE = 256; // pixels that are asked for of content and style

class Picture {
  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "samples");
    this.data = component.data;
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
    this.join();
    this.clock = setInterval(() => this.caption(), 1000);
  }

  build() {
    this.info = el("span", { class: "cap" });
    this.image = el("img", { alt: "", draggable: "false" });
    this.empty = el("p", { class: "empty" }, t("Loading the picture."));
    this.well = el("div", { class: "well" }, this.image, this.empty);
    this.sources = ["content", "style"].map((which) =>
      el("img", { alt: t("The {which}", { which }) }),
    );
    this.own = el("a", { class: "btn right" }, icon("newest"), t("Open in Style"));
    const titles = [t("Content"), t("Style")];
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, t("Picture")), this.info),
      el("div", { class: "stage" }, this.well),
      el(
        "div",
        { class: "sources" },
        ...this.sources.map((image, i) => el("figure", {}, image, el("figcaption", {}, titles[i]))),
        this.own,
      ),
    );
    this.image.addEventListener("load", () => this.fit());
  }

  join() {
    const { run } = this.data;
    this.now = new AtCursor(run, (step, address) => this.swap(step, address));
    ["content", "style"].forEach((which, i) => {
      this.sources[i].src = urlOf(
        `api/style/picture.png?${queryOf({ id: `${run}:${which}`, side: SOURCE })}`,
      );
    });
    this.own.href = urlOf(
      `style?${new URLSearchParams({ run, content: `${run}:content`, style: `${run}:style` })}`,
    );
    const leaveFeed = join(run, {
      status: (s) => this.wait(s),
      samples: (steps, times) => {
        this.now.know(steps, times);
        this.now.show();
      },
    });
    this.leave = () => {
      leaveFeed();
      this.now.leave();
    };
    this.fit();
  }

  /** @type {(status: Status) => void} */
  wait(status) {
    this.now.tick(status);
    put(
      this.empty,
      isYoung(status) ? t("The picture comes with the first steps.") : t("Loading the picture."),
    );
  }

  /**
   * The picture and its words change together.
   * @type {(step: number, address: string) => void}
   */
  swap(step, address) {
    this.empty.hidden = true;
    this.image.src = address;
    this.image.alt = t("The picture at step {step}", { step: whole(step) });
    this.root.dataset.step = String(step);
    this.caption();
  }

  caption() {
    if (this.now.shown !== null)
      put(this.info, t("step {shown}{age}", { shown: whole(this.now.shown), age: this.now.age }));
  }

  /** As large as a whole number of device pixels a pixel allows; in its place before it is there. */
  fit() {
    const [tall, wide] = this.data.expect?.tile ?? [192, 256];
    const [w, h] = [this.image.naturalWidth || wide, this.image.naturalHeight || tall];
    const scale = Math.min(scaleFor(w, this.root.clientWidth || HIGH), scaleFor(h, HIGH));
    for (const [name, size] of [
      ["width", w],
      ["height", h],
    ])
      this.well.style[name] = this.image.style[name] = `${Math.max(1, size * scale)}px`;
  }

  /** @type {(component: Component) => void} */
  update(component) {
    const changed = component.data.run !== this.data.run;
    this.data = component.data;
    if (!changed) return this.fit();
    this.leave();
    this.image.removeAttribute("src");
    this.empty.hidden = false;
    return this.join();
  }

  dispose() {
    this.leave();
    this.observer.disconnect();
    clearInterval(this.clock);
  }
}

export default mounted((component) => new Picture(component));
