// The content or the style: one of the app's own, or somebody's by file, drop, paste or camera.
import { activeIn, button, buttonsIn, el, icon, mounted, put } from "../shared/base.js";
import { Camera } from "./camera.js";
import { Panel } from "./panel.js";
import { t } from "../shared/words.js";
/** @import { Kind } from "./types" */

/** @type {Record<Kind, string[]>} */
const WORDS = {
  content: [t("Content"), t("what is in the picture")],
  style: [t("Style"), t("how it is painted")],
};
const [LARGE, SMALL] = [384, 96]; // pixels that are asked for

class Picker extends Panel {
  /** @returns {Kind} */
  get kind() {
    return this.data.kind;
  }

  build() {
    const [title, aid] = WORDS[this.kind];
    this.root.classList.add(this.kind);
    this.shown = el("img", { class: "shown", alt: "", draggable: "false" });
    this.name = el("span", { class: "cap" });
    this.row = el("div", { class: "thumbs", role: "group", "aria-label": title });
    this.file = el("input", {
      type: "file",
      accept: "image/*,.tif,.tiff",
      class: "hush",
      tabindex: -1,
      "aria-label": t("A file as {kind}", { kind: this.kind }),
      onchange: () => this.load(this.file.files[0]),
    });
    const upload = button(t("Upload"), () => this.file.click(), {
      title: t("Or drop a picture here; paste one while the pointer is here"),
    });
    this.camera = new Camera(
      (file) => this.load(file),
      (words) => this.store.problem(words),
    );
    const cameraButton = button(t("Camera"), () => this.camera.open(), {}, icon("snapshot"));
    this.root.append(
      el("div", { class: "head" }, el("h2", {}, title), el("span", { class: "cap aid" }, aid)),
      el("div", { class: "frame" }, this.shown, this.camera.node),
      this.name,
      this.row,
      el("div", { class: "line wrap" }, upload, cameraButton, this.file),
    );
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.load(event.dataTransfer.files[0]);
    });
    /** @type {(event: ClipboardEvent) => void} */
    this.pasted = (event) => {
      const over = this.root.matches(":hover") || this.root.contains(activeIn(this.root));
      const found = over && [...event.clipboardData.files].find((f) => f.type.startsWith("image/"));
      if (found)
        this.load(
          found.name === "image.png"
            ? new File([found], "Pasted.png", { type: found.type })
            : found,
        ); // as browsers call it
    };
    window.addEventListener("paste", this.pasted);
  }

  stop() {
    window.removeEventListener("paste", this.pasted);
    this.camera.close();
  }

  /** @type {(file: File) => Promise<void>} */
  async load(file) {
    if (!file) return;
    this.root.classList.add("busy");
    await this.store.load(this.kind, file);
    this.root.classList.remove("busy");
    this.file.value = ""; // so that the same file can be chosen again
  }

  facts() {
    const { store, kind } = this;
    const chosen = store[kind];
    const source = store.thumbnail(chosen, LARGE);
    if (this.shown.getAttribute("src") !== source) this.shown.src = source;
    this.shown.alt = `${WORDS[kind][0]}: ${store.nameOf(chosen)}`;
    put(this.name, store.nameOf(chosen));
    this.root.dataset.chosen = chosen;
    const ids = store.pictures[kind].map((p) => p.id).join();
    if (ids !== this.known) {
      this.known = ids;
      this.row.replaceChildren(
        ...store.pictures[kind].map(({ id, title }) =>
          el(
            "button",
            {
              type: "button",
              class: "thumb",
              "data-id": id,
              title,
              "aria-label": title,
              onclick: () => store.choose(kind, id),
            },
            el("img", { src: store.thumbnail(id, SMALL), alt: "", draggable: "false" }),
          ),
        ),
      );
    }
    for (const node of buttonsIn(this.row))
      node.setAttribute("aria-pressed", String(node.dataset.id === chosen));
  }

  forget() {
    /** @type {string} */
    this.known = ""; // pictures by their id
  }
}

export default mounted((component) => new Picker(component, "picker"));
