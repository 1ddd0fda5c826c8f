// Which checkpoint is explored, how old it is, how fast it answers; link and downloads.
import { ago, button, el, icon, mounted, put } from "../shared/base.js";
import { Downloads } from "./downloads.js";
import { Favourites } from "./favourites.js";
import { DrawingSwitch } from "../shared/drawing_switch.js";
import { Panel, segments, stepOptions } from "./panel.js";
import { explain, term } from "../shared/glossary.js";
import { t } from "../shared/words.js";
/** @import { Child } from "../shared/types" */

class Source extends Panel {
  get early() {
    return true;
  }

  build() {
    this.select = el("select", {
      "aria-label": t("Checkpoint"),
      onchange: () => this.store.setStep(Number(this.select.value)),
    });
    this.toggle = button(t("Follow newest"), () => this.store.setFollow(!this.store.follow), {
      role: "switch",
    });
    this.info = el("span", { class: "cap facts" });
    this.epoch = el("span", { class: "epoch" });
    this.age = el("span", { class: "age" });
    this.speed = el("span", { class: "speed" });
    this.wait = el("span", { class: "wait", role: "status" }); // in the place of the facts: nothing moves
    this.epochs = term("epoch", t("epoch"));
    this.drawn = new DrawingSwitch(() => this.store);
    this.info.append(this.wait, this.epoch, this.age, this.speed, this.drawn.node);
    this.link = button(
      t("Link"),
      () => this.copy(),
      { title: t("Copy a link to this view") },
      icon("link"),
    );
    this.kinds = segments(
      t("Weights"),
      [
        ["ema", "EMA"],
        ["raw", t("Raw")],
      ],
      (kind) => this.store.setRaw(kind === "raw"),
    );
    for (const node of this.kinds.children) explain(node, node.dataset.value);
    this.favourites = new Favourites(this);
    this.downloads = new Downloads(this);
    this.said = el("p", { class: "said", role: "status" });
    this.root.append(
      el(
        "div",
        { class: "bar" },
        el(
          "div",
          { class: "field" },
          el("span", { class: "cap" }, term("checkpoint")),
          this.select,
        ),
        this.toggle,
        this.kinds,
        this.info,
        el("span", { class: "right tools" }, this.favourites.node, this.link, this.downloads.node),
      ),
      this.said,
    );
    this.clock = setInterval(() => this.tick(), 1000);
  }

  stop() {
    clearInterval(this.clock);
  }
  forget() {
    this.select.replaceChildren();
    /** @type {string} */
    this.known = ""; // steps and weights
    this.problem("");
  }

  facts() {
    const { steps, newest, facts } = this.store;
    this.kinds.hidden = !facts.full.length;
    this.toggle.hidden = facts.what !== "run";
    if (!facts.steps.length)
      this.problem(t("This run has no weights yet. They come with its first step."));
    else if (!this.store.ready && !this.store.words)
      this.problem(t("Loading the generator. The first one takes some seconds longer."), false);
    const known = `${steps.length} ${newest} ${this.store.raw}`;
    if (known === this.known) return this.press();
    this.known = known;
    this.select.replaceChildren(...stepOptions(this.store));
    this.press();
  }

  about() {
    this.press();
    this.tick();
  }
  drawnBy() {
    this.drawn.show();
  }
  notes() {
    this.favourites.show();
  }
  images() {
    this.problem(this.store.words);
    this.tick();
    this.press();
  }

  press() {
    const { follow, at } = this.store;
    this.toggle.setAttribute("aria-checked", String(follow));
    this.toggle.classList.toggle("on", follow);
    this.kinds.press(this.store.raw ? "raw" : "ema");
    if (at !== null) this.select.value = String(at);
  }

  tick() {
    const { about, facts, ms, shown } = this.store;
    if (!about) return;
    this.drawn.show();
    const last =
      facts.num_steps && about.step ? (about.epoch / about.step) * facts.num_steps : null;
    fact(
      this.epoch,
      this.epochs,
      about.epoch === null ? "\u2013" : about.epoch.toFixed(2),
      last ? t(" of {last}", { last: last.toFixed(last < 10 ? 1 : 0) }) : "",
    );
    const age = about.written ? ago(facts.now - about.written) : "\u2013";
    this.age.hidden = facts.what !== "run";
    fact(this.age, t("saved"), age, "");
    const each = ms === null ? "\u2013" : `${ms.toFixed(1)} ms`;
    fact(this.speed, "", each, t(" per image"));
    this.root.dataset.step = shown ?? "";
    this.root.dataset.newest = facts.newest;
    this.root.dataset.raw = String(Boolean(about.raw));
  }

  /** @type {(words: string, bad?: boolean) => void} */
  problem(words, bad = true) {
    put(this.wait, bad ? "" : words);
    put(this.said, bad ? words : "");
    this.said.classList.toggle("bad", Boolean(words) && bad);
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(window.location.href).then(
      () => true,
      () => false,
    );
    this.link.lastChild.textContent = done ? t("Copied") : t("It is in the address");
    setTimeout(() => {
      this.link.lastChild.textContent = t("Link");
    }, 2000);
  }
}

/** @type {(node: HTMLElement, before: Child, value: string, after: string) => void} */
function fact(node, before, value, after) {
  if (node.dataset.value === value) return;
  node.dataset.value = value;
  node.replaceChildren(before, " ", el("b", {}, value), after);
}

export default mounted((component) => new Source(component, "source"));
