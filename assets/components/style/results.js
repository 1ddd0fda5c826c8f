// Results that were kept, and runs of style, the newest first; those that run are followed.
import { ago, button, clock, el, icon, mounted, put, whole } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { Panel } from "./panel.js";
import { queryOf, urlOf } from "../shared/place.js";
import { t } from "../shared/words.js";
/** @import { Child } from "../shared/types" */
/** @import { Kept } from "./types" */

const FOLLOW = 3000; // ms
const SIDE = 96; // pixels of a thumbnail
/** @type {Record<string, string>} */
const ENDED = {
  finished: t("Optimised"),
  stopped: t("Stopped"),
  failed: t("Failed"),
  interrupted: t("Interrupted"),
  queued: t("Waits in the queue"),
  paused: t("Paused"),
};

class Results extends Panel {
  build() {
    this.none = el(
      "p",
      { class: "cap" },
      t("None yet."),
      el("span", { class: "changes" }, " ", t("Keep one that you like, or start Optimise.")),
    );
    this.rows = el("div", { class: "rows" });
    this.root.append(
      el(
        "div",
        { class: "head" },
        el("h2", {}, t("Results")),
        el("span", { class: "cap" }, t("newest first")),
      ),
      this.none,
      this.rows,
      el(
        "p",
        { class: "cap" },
        t(
          "Kept results are pictures; what was optimised is a run, and stands on the Runs page, too.",
        ),
      ),
    );
    this.nodes = new Map();
    this.active = false; // whether one of them runs
    this.pull();
  }

  stop() {
    this.gone = true;
    clearTimeout(this.timer);
  }
  results() {
    this.pull();
  }

  async pull() {
    clearTimeout(this.timer);
    const turn = {};
    this.turn = turn;
    const outdated = () => this.gone || this.turn !== turn;
    try {
      const { results } = await get(urlOf("api/style/results"), { outdated });
      if (outdated()) return;
      this.active = results.some((/** @type {any} */ each) => each.active);
      this.show(results);
    } catch {
      /* the list stays as it is; the picture says that there is no contact */
    }
    if (this.active && !outdated())
      this.timer = setTimeout(() => this.pull(), document.hidden ? 5 * FOLLOW : FOLLOW);
  }

  /** @type {(results: any[]) => void} */
  show(results) {
    this.none.hidden = results.length > 0;
    const before = new Map(this.nodes);
    this.nodes.clear();
    for (const each of results) {
      const text = JSON.stringify(each);
      const known = before.get(each.id);
      this.nodes.set(
        each.id,
        known?.text === text
          ? known
          : { text, node: each.what === "run" ? this.run(each) : this.kept(each) },
      );
    }
    this.rows.replaceChildren(...[...this.nodes.values()].map(({ node }) => node));
    this.root.dataset.count = String(results.length);
  }

  /** @type {(source: string | null, name: Child, way: string, size: string, took: string, ...actions: Child[]) => HTMLElement} */
  row(source, name, way, size, took, ...actions) {
    const picture = source
      ? el("img", { src: source, alt: "", loading: "lazy" })
      : el("span", { class: "none" });
    return el(
      "div",
      { class: "row" },
      picture,
      el("span", { class: "who" }, name),
      el("span", { class: "way" }, way),
      el("span", { class: "num" }, size),
      el("span", { class: "num" }, took),
      el("span", { class: "acts" }, ...actions),
    );
  }

  /** @type {(found: any) => HTMLElement} */
  run(found) {
    const source =
      found.step > 0
        ? urlOf(
            `api/style/picture.png?${queryOf({ id: `${found.id}:result`, side: SIDE, step: found.step })}`,
          )
        : null;
    const name = el(
      "span",
      {},
      el("b", {}, found.id.split("-")[0]),
      ` ${found.name.replaceAll("_", " ")}`,
    );
    const at = t("{step}{num_steps} steps", {
      step: whole(found.step),
      num_steps: found.num_steps ? t(" of {num_steps}", { num_steps: whole(found.num_steps) }) : "",
    });
    const way = `${ENDED[found.state] ?? t("Optimising")}, ${at}`;
    const link = el(
      "a",
      { class: "btn", href: urlOf(`train?${new URLSearchParams({ run: found.id })}`) },
      icon("newest"),
      found.active ? t("Watch") : t("Open"),
    );
    return this.row(source, name, way, found.side ?? "", clock(found.seconds), link);
  }

  /** @type {(found: Kept) => HTMLElement} */
  kept(found) {
    /** @type {(id: string) => string} */
    const names = (id) => found.names?.[id] ?? id;
    const name = `${names(found.content)}, ${found.styles.map(names).join(t(" and "))}`;
    const way = t("Instant, strength {strength}, {now}", {
      strength: found.strength.toFixed(2),
      now: ago(Date.now() / 1000 - found.time),
    });
    const address = urlOf(`api/style/kept/${found.id}.png`);
    return this.row(
      `${address}?side=${SIDE}`,
      name,
      way,
      `${found.width} × ${found.height}`,
      t("{n} s", { n: found.seconds.toFixed(1) }),
      button(t("Show"), () => this.store.restore(found), {
        title: t("Its pictures and settings again"),
      }),
      el(
        "a",
        {
          class: "btn square",
          href: address,
          download: `style_${found.id}.png`,
          "aria-label": t("Download {name}", { name }),
        },
        icon("download"),
      ),
      this.remover(found, name),
    );
  }

  /**
   * Asks once more before it is gone.
   * @type {(found: Kept, name: string) => HTMLButtonElement}
   */
  remover(found, name) {
    const word = el("span");
    const node = button(
      "",
      () => {
        if (!word.textContent) return put(word, t("Remove?"));
        return this.store.remove(found.id).catch((error) => this.store.problem(error.message));
      },
      {
        class: "btn remove changes",
        "aria-label": t("Remove {name}", { name }),
        title: t("Remove for good"),
      },
      icon("close"),
      word,
    );
    node.addEventListener("blur", () => put(word, ""));
    return node;
  }
}

export default mounted((component) => new Results(component, "results"));
