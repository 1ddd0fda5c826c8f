// The directions that change the image most: SeFa in closed form, or the Jacobian at this very z.
import { button, el, mounted, put } from "./base.js";
import { segments } from "./explore_panel.js";
import { Strips } from "./explore_strips.js";

class Directions extends Strips {
  count = 5;
  most = 2;
  digits = 1;
  channel = "directions-strips";
  rank = 5;

  header() {
    this.kind = "sefa";
    this.kinds = segments("Kind of directions", [["sefa", "SeFa"], ["local", "Local"]], (kind) => this.choose(kind));
    this.kinds.press("sefa");
    const reset = button("Reset", () => this.store.reset(), { title: "Back to the z of this seed" });
    this.aid = el("span", { class: "cap" }, "strongest first, \u22123 \u03c3 to +3 \u03c3");
    return el("div", { class: "head" }, el("h2", {}, "Directions"), this.aid, el("span", { class: "right tools" }, this.kinds, reset));
  }

  footer() {
    this.note = el("p", { class: "cap" });
    return [this.note];
  }

  choose(kind) {
    this.kind = kind;
    this.kinds.press(kind);
    this.settled();
  }

  /** New directions only where they have a reason to differ; sliders in use stay where they are. */
  settled() {
    const { run, at, label, mixed, seed, weights } = this.store;
    const key = [run, at, this.kind, mixed ? weights.join() : label, seed].join(" ");
    put(this.note, this.kind === "sefa"
      ? "Read off the first layer for this class, in closed form. Every strip shows where the slider leads from here."
      : "What changes this very image most, from its Jacobian. Computed at the z of this seed.");
    if (key === this.key) return this.refresh();
    this.key = key;
    const kind = this.kind;
    const make = () => (key === this.key ? { route: "directions", params: { step: this.store.at, kind }, body: this.store.line() } : null);
    this.store.asker.ask("directions", 3, make, ({ parts }) => this.arrived(parts), () => { this.key = null; });
  }

  arrived([flat, effects]) {
    const size = this.store.z.length;
    const list = [...effects].map((effect, i) => ({
      name: `Direction ${i + 1}`, direction: flat.slice(i * size, (i + 1) * size), effect, index: null,
      limit: 3 * this.store.sigma, unit: this.store.sigma,
    }));
    this.store.axes = list;
    this.items(list);
    this.store.tell("axes");
  }
}

export default mounted((component) => new Directions(component, "directions"));
