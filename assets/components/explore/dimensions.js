// One slider for every latent dimension, ranged by the prior, those that matter most first.
import { button, el, mounted, put } from "../shared/base.js";
import { term } from "../shared/glossary.js";
import { Strips } from "./strips.js";
import { t } from "../shared/words.js";

const PAGE = 8;

class Dimensions extends Strips {
  count = 9;
  most = 1;
  digits = 2;
  channel = "dimension-strips";
  rank = 6;

  header() {
    this.page = 0;
    this.aid = el("span", { class: "cap" });
    this.place = el("span", { class: "cap" });
    /** @type {(by: number, name: string, text: string) => HTMLButtonElement} */
    const turn = (by, name, text) =>
      button(text, () => this.turn(by), { class: "btn square", "aria-label": name, title: name });
    return el(
      "div",
      { class: "head" },
      el("h2", {}, term("latent_dimension", t("Latent dimensions"))),
      this.aid,
      el(
        "span",
        { class: "right tools" },
        turn(-1, t("Previous eight"), "\u2039"),
        this.place,
        turn(1, t("Next eight"), "\u203a"),
      ),
    );
  }

  forget() {
    super.forget();
    this.order = null;
    this.page = 0;
  }

  settled() {
    const key = `${this.store.run} ${this.store.label}`;
    if (key === this.key) return this.refresh(); // the order stays while training goes on
    this.key = key;
    const make = () => ({
      route: "effects",
      params: { step: this.store.at },
      body: this.store.line(),
    });
    this.store.asker.ask(
      "effects",
      3.5,
      make,
      ({ parts }) => {
        this.effects = parts[0];
        this.order = [...parts[0].keys()].sort((a, b) => parts[0][b] - parts[0][a]);
        this.draw();
      },
      () => {
        this.key = null;
      },
    );
  }

  /** @type {(by: number) => void} */
  turn(by) {
    if (!this.order) return;
    const pages = Math.ceil(this.order.length / PAGE);
    this.page = (this.page + by + pages) % pages;
    this.draw();
  }

  draw() {
    const size = this.store.z.length;
    const chosen = this.order.slice(this.page * PAGE, (this.page + 1) * PAGE);
    put(this.aid, t("{chosen} of {size}, strongest first", { chosen: chosen.length, size }));
    put(this.place, t("{page} of {ceil}", { page: this.page + 1, ceil: Math.ceil(size / PAGE) }));
    /** @type {(index: number) => Float32Array} */
    const axis = (index) => Float32Array.from({ length: size }, (_, i) => (i === index ? 1 : 0));
    this.items(
      chosen.map((index) => ({
        name: `z${index}`,
        direction: axis(index),
        effect: this.effects[index],
        index,
        limit: this.store.range,
        unit: 1,
      })),
    );
  }
}

export default mounted((component) => new Dimensions(component, "dimensions"));
