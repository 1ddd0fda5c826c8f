// The picture that is trained, as it was at the shared cursor, and below it what it is made from.
import { ago, el, icon, mounted, put, rootOf, whole } from "../shared/base.js";
import { cursorOf, join, onCursor, picturePath } from "../shared/feed.js";
import { scaleFor } from "../shared/pixels.js";
import { urlOf } from "../shared/place.js";

const HIGH = 560; // CSS pixels at most
const SOURCE = 256; // pixels that are asked for of content and style

class Picture {
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
    this.empty = el("p", { class: "empty" }, "Loading the picture.");
    this.well = el("div", { class: "well" }, this.image, this.empty);
    this.sources = ["content", "style"].map((which) => el("img", { alt: `The ${which}` }));
    this.own = el("a", { class: "btn right" }, icon("newest"), "Open in Style");
    const titles = ["Content", "Style"];
    this.root.append(el("div", { class: "head" }, el("h2", {}, "Picture"), this.info), el("div", { class: "stage" }, this.well),
      el("div", { class: "sources" }, ...this.sources.map((image, i) => el("figure", {}, image, el("figcaption", {}, titles[i]))), this.own));
    this.image.addEventListener("load", () => this.fit());
  }

  join() {
    const { run } = this.data;
    Object.assign(this, { steps: [], times: new Map(), shown: null, address: null });
    ["content", "style"].forEach((which, i) => { this.sources[i].src = urlOf(`api/style/picture.png?${new URLSearchParams({ id: `${run}:${which}`, side: SOURCE })}`); });
    this.own.href = urlOf(`style?${new URLSearchParams({ run, content: `${run}:content`, style: `${run}:style` })}`);
    const leaveFeed = join(run, { status: (s) => this.wait(s), samples: (steps, times) => this.know(steps, times) });
    const leaveCursor = onCursor(run, () => this.show());
    this.leave = () => { leaveFeed(); leaveCursor(); };
    this.fit();
  }

  wait(status) {
    this.skew = status.now - Date.now() / 1000;
    const young = status.step < 1 && ["queued", "ready", "running", "paused"].includes(status.state);
    put(this.empty, young ? "The picture comes with the first steps." : "Loading the picture.");
  }

  know(steps, times) {
    this.steps = steps;
    this.times = new Map(steps.map((step, i) => [step, times[i]]));
    this.show();
  }

  /** The newest picture, or the newest one that is not after the cursor. */
  show() {
    if (!this.steps.length) return;
    const { step, live } = cursorOf(this.data.run);
    const wanted = live || step === null ? this.steps.at(-1) : this.steps.findLast((s) => s <= step) ?? this.steps[0];
    const address = picturePath(this.data.run, `samples/${wanted}.png`, this.times.get(wanted));
    if (address === this.address) return;
    this.address = address;
    const next = new Image();
    next.src = address;
    next.decode().then(() => this.swap(wanted, address), () => {});
  }

  /** The picture and its words change together. */
  swap(step, address) {
    if (this.address !== address) return;
    this.shown = step;
    this.empty.hidden = true;
    this.image.src = address;
    this.image.alt = `The picture at step ${whole(step)}`;
    this.root.dataset.step = step;
    this.caption();
  }

  caption() {
    if (this.shown === null) return;
    const time = this.times.get(this.shown);
    put(this.info, `step ${whole(this.shown)}${time ? `, ${ago(Date.now() / 1000 + (this.skew ?? 0) - time)}` : ""}`);
  }

  /** As large as a whole number of device pixels a pixel allows; in its place before it is there. */
  fit() {
    const [tall, wide] = this.data.expect?.tile ?? [192, 256];
    const [w, h] = [this.image.naturalWidth || wide, this.image.naturalHeight || tall];
    const scale = Math.min(scaleFor(w, this.root.clientWidth || HIGH), scaleFor(h, HIGH));
    for (const [name, size] of [["width", w], ["height", h]]) this.well.style[name] = this.image.style[name] = `${Math.max(1, size * scale)}px`;
  }

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
