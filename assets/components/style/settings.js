// How it is painted: strength, a mix of styles, colours, size; and what becomes of the result.
import { button, buttonsIn, el, icon, mounted, put } from "../shared/base.js";
import { paint } from "../shared/pixels.js";
import { savePng } from "../shared/save.js";
import { Panel, segments, slider } from "./panel.js";
import { MOST_MIXED } from "./store.js";
import { t } from "../shared/words.js";

class Settings extends Panel {
  build() {
    const { sizes } = this.data;
    this.strength = slider(t("Strength"), {}, (strength, dragging) =>
      this.store.set({ strength }, dragging),
    );
    this.mixes = el("div", { class: "mixes" });
    this.row = el("div", { class: "thumbs small", role: "group", "aria-label": t("Mix with") });
    this.mixAid = el("p", { class: "cap" });
    this.colours = button(
      t("Keep the content's colours"),
      () => this.store.set({ colours: !this.store.colours }),
      { role: "switch" },
    );
    this.sizes = segments(
      t("Size, longer side"),
      sizes.map((/** @type {number} */ n) => [n, String(n)]),
      (size) => this.store.set({ size }),
    );
    this.sizeAid = el("p", { class: "cap" });
    this.keeper = button(t("Keep this result"), () => this.keep(), {
      class: "btn primary wide changes",
    });
    this.link = button(
      t("Link"),
      () => this.copy(),
      { title: t("Copy a link to this view") },
      icon("link"),
    );
    this.downloads = [
      button("PNG", () => this.png(["output"]), {}, icon("download")),
      button(
        t("Side by side"),
        () => this.png(["original", "output"]),
        { title: t("Content and result beside each other, as one PNG") },
        icon("download"),
      ),
    ];
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Settings")),
        el("span", { class: "cap" }, t("act at once")),
      ),
      this.strength,
      el("p", { class: "cap" }, t("0 is the content in its own manner, 1 the full style.")),
      el("hr"),
      el("h3", {}, t("Mix with")),
      this.row,
      this.mixAid,
      this.mixes,
      el("hr"),
      this.colours,
      el("hr"),
      el("h3", {}, t("Size, longer side")),
      this.sizes,
      this.sizeAid,
      el("hr"),
      this.keeper,
      el("div", { class: "line wrap" }, ...this.downloads, this.link),
    );
    /** @type {string} */
    this.known = ""; // styles by their id
  }

  forget() {
    this.known = "";
  }

  facts() {
    const { store } = this;
    this.root.hidden = store.mode !== "instant";
    this.strength.show(store.strength);
    this.colours.setAttribute("aria-checked", String(store.colours));
    this.colours.classList.toggle("on", store.colours);
    this.sizes.press(store.size);
    this.thumbs();
    this.sliders();
    for (const b of [...this.downloads, this.keeper]) b.disabled = true; // until the full picture is there
  }

  thumbs() {
    const { store } = this;
    /** @type {string} */
    const ids = store.pictures.style.map((p) => p.id).join();
    if (ids !== this.known) {
      this.known = ids;
      this.row.replaceChildren(
        ...store.pictures.style.map(({ id, title }) =>
          el(
            "button",
            {
              type: "button",
              class: "thumb",
              "data-id": id,
              title,
              "aria-label": t("Mix with {title}", { title }),
              onclick: () => this.toggle(id),
            },
            el("img", { src: store.thumbnail(id, 96), alt: "", draggable: "false" }),
          ),
        ),
      );
    }
    for (const node of buttonsIn(this.row)) {
      const { id } = node.dataset;
      node.setAttribute("aria-pressed", String(store.mixed.has(id)));
      node.disabled =
        id === store.style || (!store.mixed.has(id) && store.mixed.size >= MOST_MIXED);
    }
    const shares = store.shares.map((share) => Math.round(100 * share));
    put(
      this.mixAid,
      store.mixed.size
        ? `${store.styles.map((id, i) => `${store.nameOf(id)} ${shares[i]} %`).join(" · ")}`
        : t("One or two more styles."),
    );
  }

  /** @type {(id: string) => void} */
  toggle(id) {
    this.store.mix(id, this.store.mixed.has(id) ? null : 0.5 / (1 + this.store.mixed.size));
    this.store.changed();
  }

  /** A share for each style that is mixed in. */
  sliders() {
    const { store } = this;
    const ids = [...store.mixed.keys()];
    if (ids.join() !== this.mixing) {
      this.mixing = ids.join();
      this.shares = new Map(
        ids.map((id) => [
          id,
          slider(
            store.nameOf(id),
            { min: 0.01, words: (v) => `${Math.round(100 * v)} %` },
            (share, dragging) => {
              store.mix(id, share);
              store.changed(dragging);
            },
          ),
        ]),
      );
      this.mixes.replaceChildren(...this.shares.values());
    }
    for (const [id, node] of this.shares) node.show(store.mixed.get(id));
  }

  output() {
    const { store } = this;
    for (const b of [...this.downloads, this.keeper]) b.disabled = !store.full;
    if (store.full)
      put(
        this.sizeAid,
        t("{size}: {server} s here.", {
          size: store.size,
          server: (store.server / 1000).toFixed(store.server < 1000 ? 2 : 1),
        }),
      );
  }

  async keep() {
    this.keeper.disabled = true;
    put(this.keeper, t("Keeping…"));
    try {
      await this.store.keep();
    } catch (error) {
      this.store.problem(error.message);
    }
    put(this.keeper, t("Keep this result"));
    this.keeper.disabled = !this.store.full;
  }

  async copy() {
    window.history.replaceState(window.history.state, "", this.store.address());
    const done = await navigator.clipboard?.writeText(window.location.href).then(
      () => true,
      () => false,
    );
    this.link.lastChild.textContent = done ? t("Copied") : t("It is in the address");
    setTimeout(() => {
      this.link.lastChild.textContent = t("Link");
    }, 2000);
  }

  /**
   * These pictures beside each other.
   * @type {(parts: ("original" | "output")[]) => void}
   */
  png(parts) {
    const { store } = this;
    const [h, w] = store.output.shape;
    const sheet = el("canvas", { width: w * parts.length, height: h });
    parts.forEach((name, i) => {
      const canvas = el("canvas");
      paint(canvas, store[name].pixels, store[name].shape);
      sheet.getContext("2d").drawImage(canvas, i * w, 0);
    });
    savePng(
      sheet,
      `${store.nameOf(store.content)}_in_${store.nameOf(store.style)}.png`
        .toLowerCase()
        .replaceAll(" ", "_"),
    );
  }
}

export default mounted((component) => new Settings(component, "settings"));
