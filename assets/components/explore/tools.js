// Five ways to move further: map, path, mix, sum, drawing. One is shown at a time.
import { el, mounted } from "../shared/base.js";
import { BetweenTool } from "./between.js";
import { DrawTool } from "./draw.js";
import { MapTool } from "./map.js";
import { MixTool, SumTool } from "./mix.js";
import { Panel, segments } from "./panel.js";
import { explain } from "../shared/glossary.js";
import { t } from "../shared/words.js";

/** @type {[name: string, label: string, Tool: new (panel: any) => any][]} */
const TOOLS = [
  ["map", t("Map"), MapTool],
  ["between", t("Interpolate"), BetweenTool],
  ["mix", t("Mix"), MixTool],
  ["sum", t("Arithmetic"), SumTool],
  ["draw", t("Draw"), DrawTool],
];

class Tools extends Panel {
  build() {
    this.title = el("h2", {}, t("Map"));
    this.choice = segments(
      t("Tool"),
      TOOLS.map(([name, label]) => [name, label]),
      (name) => this.open(name),
    );
    /** @type {Record<string, string>} */
    const words = { between: "interpolate", sum: "arithmetic" };
    for (const node of this.choice.children)
      explain(node, words[node.dataset.value] ?? node.dataset.value);
    this.place = el("div");
    this.root.append(
      el("div", { class: "head" }, this.title, el("span", { class: "right" }, this.choice)),
      this.place,
    );
    this.make();
    this.open("map");
  }

  /** Fresh tools: what they keep belongs to one run. */
  make() {
    this.tools = Object.fromEntries(TOOLS.map(([name, , Tool]) => [name, new Tool(this)]));
  }

  forget() {
    this.tools.between.stop();
    this.make();
    this.tool = null;
    this.place.replaceChildren();
  }

  stop() {
    this.tools.between.stop();
  }

  enter() {
    super.enter();
    if (!this.tool) this.open("map");
  }

  /** @type {(name: string) => void} */
  open(name) {
    this.tools.between.stop();
    this.tool = name;
    this.choice.press(name);
    this.title.textContent = TOOLS.find(([n]) => n === name)[1];
    this.place.replaceChildren(this.tools[name].node);
    this.fit();
    if (this.store?.ready) this.tools[name].show();
  }

  about() {
    this.fit();
    this.tools[this.tool].show();
  }
  axes() {
    this.tools.map.changedAxes();
  }
  images() {
    this.tools[this.tool].images?.();
  }
  /** @type {(words: string) => void} */
  judged(words) {
    this.tools.draw.judged(words);
  }
  settled() {
    this.tools[this.tool].settled?.();
  }

  fit() {
    const width = this.root.clientWidth;
    if (width > 0 && this.store?.about) this.tools[this.tool].fit(width);
  }
}

export default mounted((component) => new Tools(component, "toolbox"));
