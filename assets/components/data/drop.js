// Where pictures are dropped: files, a folder, a zip, or a path on the machine that runs this.
import { button, el, icon, put } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { arranged, chosen, dropped, portions, send } from "./uploads.js";
import { bytes, counted } from "./words.js";
import { urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Attributes } from "../shared/types" */
/** @import { Named, Placed } from "./types" */

const FORMS = t(
  "PNG, JPEG, WebP, GIF, BMP, TIFF; npz, npy, idx, CSV. You see a check-up before anything is kept. Files are read as pictures, never executed.",
);

export class Drop {
  /**
   * `open(id)`: what was given waits under this id; `changed()`: so does another, or no more.
   * @param {{ open: (id: string) => void, changed: () => void }} of
   */
  constructor({ open, changed }) {
    this.open = open;
    this.changed = changed;
    this.files = this.input({ multiple: "", "aria-label": t("Files to check") });
    this.folder = this.input({ webkitdirectory: "", "aria-label": t("A folder to check") });
    this.choose = el(
      "span",
      { class: "row choose" },
      button(t("Choose files"), () => this.files.click(), { class: "btn middle" }, icon("plus")),
      button(
        t("Choose a folder"),
        () => this.chooseFolder(),
        { class: "btn middle" },
        icon("folder"),
      ),
      this.files,
      this.folder,
    );
    this.field = el("input", {
      type: "text",
      id: "path",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 4000,
      placeholder: "/home/you/pictures",
    });
    this.form = el(
      "form",
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.path(this.field.value.trim());
        },
      },
      el("label", { class: "cap", for: "path" }, t("or a path on this machine")),
      this.field,
      el("button", { type: "submit", class: "btn middle" }, icon("search"), t("Check")),
    );
    this.bar = el("b");
    this.count = el("span", { role: "status" });
    this.sending = el(
      "div",
      { class: "sending", hidden: "" },
      this.count,
      el("div", { class: "meter" }, this.bar),
      button(t("Cancel"), () => this.stop?.abort(), {}, icon("close")),
    );
    this.problem = el("p", { class: "said", role: "alert" });
    this.node = el(
      "section",
      { class: "drop changes", "aria-label": t("Pictures of your own") },
      icon("upload"),
      el(
        "div",
        { class: "words" },
        el("div", { class: "big" }, t("Drop a folder, a zip or images here")),
        el("div", { class: "cap" }, FORMS),
      ),
      this.choose,
      this.sending,
      this.problem,
      this.form,
    );
    this.listen();
  }

  /** @type {(attributes: Attributes) => HTMLInputElement} */
  input(attributes) {
    const field = el("input", { type: "file", class: "hush", tabindex: -1, ...attributes });
    field.addEventListener("change", () => {
      this.take(chosen(field.files));
      field.value = "";
    });
    return field;
  }

  chooseFolder() {
    this.folder.click();
  }

  /** Files are taken wherever on the page they are dropped: else the browser would leave for them. */
  listen() {
    /** @type {(event: DragEvent) => boolean} */
    const holds = (event) => event.dataTransfer?.types?.includes("Files");
    /** @type {Record<string, (event: DragEvent) => void>} */
    const hear = {
      dragover: (event) => {
        if (holds(event)) {
          event.preventDefault();
          this.over(true);
        }
      },
      dragleave: (event) => {
        if (!event.relatedTarget) this.over(false);
      },
      drop: (event) => {
        if (!holds(event)) return;
        event.preventDefault();
        this.over(false);
        if (this.node.closest(".viewer")) return; // who sends no files
        dropped(event.dataTransfer).then(
          (found) => this.take(found),
          () => this.say(t("What was dropped cannot be read. Choose it with the button.")),
        );
      },
    };
    for (const [name, heard] of Object.entries(hear))
      window.addEventListener(name, /** @type {EventListener} */ (heard));
    this.dispose = () => {
      for (const [name, heard] of Object.entries(hear))
        window.removeEventListener(name, /** @type {EventListener} */ (heard));
      this.stop?.abort();
    };
  }

  /** @type {(on: boolean) => void} */
  over(on) {
    this.node.classList.toggle("over", on);
  }
  /** @type {(words: string) => void} */
  say(words) {
    put(this.problem, words);
  }

  /**
   * Send files, then look at what they are.
   * @type {(found: Placed[]) => Promise<void>}
   */
  async take(found) {
    const { title, named, files } = arranged(found);
    if (this.stop)
      return this.say(
        t("One thing at a time: wait until the files before have arrived, or cancel them."),
      );
    if (!files.length) return this.say(t("There is no file in what was dropped."));
    this.say("");
    this.stop = new AbortController();
    let id = null;
    try {
      const total = files.reduce((sum, { file }) => sum + file.size, 0);
      ({ id } = await post("waiting", { title, named, files: files.length, bytes: total }));
      await this.sendAll(id, files, total);
      ({ id } = await post(`waiting/${id}/read`));
      this.end();
      return this.open(id);
    } catch (error) {
      const stopped = this.stop.signal.aborted;
      this.end();
      if (id) post(`waiting/${id}/discard`).catch(() => {});
      this.say(stopped ? "" : error.message);
      return this.changed();
    }
  }

  /** @type {(id: string, files: Named[], total: number) => Promise<void>} */
  async sendAll(id, files, total) {
    let [done, sent] = [0, 0];
    this.show(0, files.length, 0, total);
    for (const portion of portions(files)) {
      /** @type {(loaded: number) => void} */
      const told = (loaded) => this.show(sent, files.length, Math.min(total, done + loaded), total);
      await send(urlOf(`api/data/waiting/${id}/files`), portion, told, this.stop.signal);
      done += portion.reduce((sum, { file }) => sum + file.size, 0);
      sent += portion.length;
      this.show(sent, files.length, done, total);
    }
  }

  /** @type {(sent: number, count: number, done: number, total: number) => void} */
  show(sent, count, done, total) {
    this.sending.hidden = false;
    this.choose.hidden = true;
    put(
      this.count,
      count === 1
        ? t("{done} of {total}", { done: bytes(done), total: bytes(total) })
        : t("{sent} of {files}, {done} of {total}", {
            sent: sent.toLocaleString("en-US"),
            files: counted(count, "file"),
            done: bytes(done),
            total: bytes(total),
          }),
    );
    this.bar.style.width = `${total ? (100 * done) / total : 0}%`;
  }

  end() {
    this.stop = null;
    this.sending.hidden = true;
    this.choose.hidden = false;
  }

  /**
   * Look at what lies at a path of the server's machine.
   * @type {(path: string) => Promise<void>}
   */
  async path(path) {
    if (!path) return this.say(t("Type the path of a folder, a zip or a file first."));
    try {
      const { id } = await post("waiting", { path });
      this.say("");
      return this.open(id);
    } catch (error) {
      return this.say(error.message);
    }
  }
}

/** @type {(route: string, body?: object) => Promise<any>} */
const post = (route, body = {}) =>
  get(urlOf(`api/data/${route}`), { body: JSON.stringify(body), type: "application/json" });
