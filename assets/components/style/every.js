// Every style on this content, small, painted while nobody waits for anything else; a click takes one.
import { el, mounted } from "../shared/base.js";
import { paint } from "../shared/pixels.js";
import { Panel } from "./panel.js";
import { t } from "../shared/words.js";

const SIDE = 128; // pixels

class Every extends Panel {
  build() {
    this.tiles = new Map(); // style -> {node, canvas, of}
    this.row = el("div", { class: "tiles", role: "group", "aria-label": t("Every style on it") });
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Every style on it")),
        el("span", { class: "cap" }, t("one pass each, made while you look")),
      ),
      this.row,
    );
  }

  forget() {
    this.tiles.clear();
    this.row.replaceChildren();
  }

  facts() {
    const { store } = this;
    for (const { id, title } of store.pictures.style) {
      if (this.tiles.has(id)) continue;
      const canvas = el("canvas", { width: 1, height: 1, "aria-hidden": "true" });
      const node = el(
        "button",
        { type: "button", class: "tile", "data-id": id, onclick: () => store.choose("style", id) },
        canvas,
        el("span", { class: "cap" }, title),
      );
      this.tiles.set(id, { node, canvas, of: "" });
      this.row.append(node);
    }
    for (const [id, tile] of this.tiles) {
      tile.node.setAttribute("aria-pressed", id === store.style);
      tile.node.classList.toggle("old", tile.of !== store.content);
    }
  }

  settled() {
    this.pull();
  }

  /** The next tile that shows another content. */
  pull() {
    const { store } = this;
    /** @type {[tile: { canvas: HTMLCanvasElement, of: string }, content: string]} */
    let asked = null;
    const make = () => {
      const next = [...this.tiles].find(([, tile]) => tile.of !== store.content);
      if (!next || !store.quiet) return null;
      asked = [next[1], store.content];
      return { route: "image", params: { content: store.content, styles: next[0], size: SIDE } };
    };
    store.asker.ask(
      "every",
      9,
      make,
      ({ header, parts }) => {
        const [tile, content] = asked;
        tile.of = content;
        paint(tile.canvas, parts[0], header.parts[0][2]);
        this.root.dataset.tiles = String(
          [...this.tiles.values()].filter((t) => t.of === store.content).length,
        );
        this.facts();
        this.pull();
      },
      () => {},
    );
  }
}

export default mounted((component) => new Every(component, "every"));
