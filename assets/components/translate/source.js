// Which checkpoint translates, in which direction, how old it is and how fast it answers; link and downloads.
import { callFile } from "../shared/ask.js";
import { button, el, icon, mounted, put, whole } from "../shared/base.js";
import { DrawingSwitch } from "../shared/drawing_switch.js";
import { term } from "../shared/glossary.js";
import { paint } from "../shared/pixels.js";
import { saveFile, savePng } from "../shared/save.js";
import { Panel, segments, stepOptions } from "./panel.js";
import { t } from "../shared/words.js";
import { address } from "./view.js";
/** @import { Facts } from "../shared/types" */
/** @import { Way } from "./types" */

const BUNDLED = /^translator-/; // has no checkpoints to choose from
const SCALE = 8; // pixels a pixel of small pictures that are taken away

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
    this.ways = el("span", { class: "ways" });
    this.info = el("span", { class: "cap", role: "status" });
    this.drawn = new DrawingSwitch(() => this.store);
    this.link = button(
      t("Link"),
      () => this.copy(),
      { title: t("Copy a link to this view") },
      icon("link"),
    );
    /** @type {(label: string, action: () => unknown) => HTMLButtonElement} */
    const item = (label, action) =>
      button(label, () => {
        this.menu.open = false;
        Promise.resolve(action()).catch((e) => this.store.problem(e.message));
      });
    this.film = item(t("Every checkpoint as GIF"), () => this.gif());
    this.menu = el(
      "details",
      { class: "menu" },
      el("summary", { class: "btn" }, icon("download"), t("Download")),
      el(
        "div",
        {},
        item(t("Output as PNG"), () => this.png(["output"])),
        item(t("Side by side as PNG"), () => this.png(["input", "output", "back", "truth"])),
        this.film,
      ),
    );
    this.said = el("p", { class: "said bad", role: "alert" });
    const bundled = BUNDLED.test(this.data.run);
    this.toggle.hidden = bundled;
    this.root.append(
      el(
        "div",
        { class: "bar" },
        el(
          "div",
          { class: "field", ...(bundled ? { hidden: "" } : {}) },
          el("span", { class: "cap" }, term("checkpoint")),
          this.select,
        ),
        this.toggle,
        this.ways,
        el("span", { class: "cap facts" }, this.info, this.drawn.node),
        el("span", { class: "right tools" }, this.link, this.menu),
      ),
      this.said,
    );
    this.menu.addEventListener("keydown", (e) => {
      if (e.key === "Escape") {
        this.menu.open = false;
        /** @type {HTMLElement} */
        (this.menu.firstChild).focus();
      }
    });
  }

  forget() {
    this.select.replaceChildren();
    /** @type {string} */
    this.known = ""; // steps
  }

  facts() {
    const { steps, newest, facts, way } = this.store;
    this.toggle.hidden = this.select.parentElement.hidden = facts.what !== "run";
    this.film.disabled = steps.length < 2;
    if (!steps.length)
      put(this.info, t("This run has no weights yet. They come with its first step."));
    else if (!this.store.output && !this.store.words)
      put(this.info, t("Loading the translator. The first one takes some seconds longer."));
    /** @type {string} */
    const known = `${steps.length} ${newest}`;
    if (known !== this.known) {
      this.known = known;
      this.select.replaceChildren(...stepOptions(this.store));
    }
    this.directions(facts, way);
    this.press();
  }

  /**
   * All directions; one that was not learned stays visible, with its reason.
   * @type {(facts: Facts, way: Way) => void}
   */
  directions(facts, way) {
    const names = facts.ways.map((/** @type {Way} */ w) => w.towards).join();
    if (this.ways.dataset.names !== names) {
      this.ways.dataset.names = names;
      this.group = segments(
        t("Direction"),
        facts.ways.map((/** @type {Way} */ w) => [w.towards, `${w.from} → ${w.to}`]),
        (towards) => this.store.setWay(towards),
      );
      const [only] = facts.ways;
      if (facts.ways.length === 1) {
        const why =
          facts.kind === "pairs"
            ? t("Trained with pairs, one way.")
            : t("This recipe learns one way.");
        this.group.append(
          el(
            "button",
            {
              type: "button",
              class: "btn",
              disabled: "",
              title: why,
              "aria-label": `${only.to} → ${only.from}: ${why}`,
            },
            `${only.to} → ${only.from}`,
          ),
        );
      }
      this.ways.replaceChildren(this.group);
    }
    this.group.press(way.towards);
  }

  output() {
    const { shown, facts, run } = this.store;
    const epoch =
      facts.num_train && this.store.said.epoch
        ? t(" · epoch {epoch}", { epoch: this.store.said.epoch.toFixed(2) })
        : "";
    const age =
      facts.what === "run"
        ? t("step {shown}{epoch}", { shown: whole(shown), epoch })
        : t("trained {shown} steps", { shown: whole(shown) });
    put(this.info, age);
    this.drawn.show();
    Object.assign(this.root.dataset, { step: shown, run });
    this.press();
  }

  drawnBy() {
    this.drawn.show();
  }

  /** @type {(words: string) => void} */
  problem(words) {
    put(this.said, words);
    this.said.hidden = !words;
  }

  press() {
    const { follow, at } = this.store;
    this.toggle.setAttribute("aria-checked", String(follow));
    this.toggle.classList.toggle("on", follow);
    if (at !== null) this.select.value = String(at);
  }

  async copy() {
    window.history.replaceState(window.history.state, "", address(this.store));
    const done = await navigator.clipboard?.writeText(window.location.href).then(
      () => true,
      () => false,
    );
    this.link.lastChild.textContent = done ? t("Copied") : t("It is in the address");
    setTimeout(() => {
      this.link.lastChild.textContent = t("Link");
    }, 2000);
  }

  get name() {
    return `${this.store.run}_${this.store.shown}`;
  }

  /**
   * These of the present pictures beside each other, small ones enlarged by a whole number.
   * @type {(parts: ("input" | "output" | "back" | "truth")[]) => void}
   */
  png(parts) {
    const { store } = this;
    const shapes = {
      input: store.shape,
      output: store.madeShape,
      back: store.shape,
      truth: store.outShape,
    };
    const shown = parts.filter((name) => store[name] && (name !== "truth" || store.isTrainedSize));
    const [h, w] = store.size;
    const scale = Math.max(1, Math.floor((SCALE * 28) / Math.max(h, w)));
    const sheet = el("canvas", { width: w * scale * shown.length, height: h * scale });
    const brush = sheet.getContext("2d");
    brush.imageSmoothingEnabled = false;
    shown.forEach((name, i) => {
      const canvas = el("canvas");
      paint(canvas, store[name], shapes[name]);
      brush.drawImage(canvas, i * w * scale, 0, w * scale, h * scale);
    });
    savePng(sheet, `${this.name}.png`);
  }

  async gif() {
    const { store } = this;
    const [h, w] = store.size;
    const steps = thinned(store.steps, 48);
    const params = { towards: store.towards, h, w, steps: steps.join(","), format: "gif", rate: 6 };
    saveFile(
      await callFile(store.run, "clip", params, store.input, { page: "translate" }),
      `${this.name}.gif`,
    );
  }
}

/**
 * At most so many, evenly.
 * @type {(all: number[], most: number) => number[]}
 */
function thinned(all, most) {
  const keep = Math.min(most, all.length);
  return Array.from(
    { length: keep },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, keep - 1))],
  );
}

export default mounted((component) => new Source(component, "source"));
