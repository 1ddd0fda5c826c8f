// All data sets: dropping pictures, filtering by shape, and a card a set; what waits to be kept is among them.
import { activeIn, ago, button, el, icon, mounted, rootOf } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { Drop } from "./drop.js";
import { setCard, waitingCard } from "./cards.js";
import { BUSY, failedOf, waitingList } from "./waiting.js";
import { bytes } from "./words.js";
import { urlOf } from "../shared/place.js";
import { t, tn } from "../shared/words.js";
/** @import { Component } from "../shared/types" */
/** @import { Waiting } from "./types" */

const SECTIONS = [
  ["yours", t("Yours"), t("kept on this machine only")],
  ["app", t("Comes with the app"), t("no download")],
  ["download", t("To download"), t("from their makers, once; checked against a known sum")],
];
/** @type {[name: string, words: string, wanted: (set: any) => boolean][]} */
const PILLS = [
  ["all", t("All"), () => true],
  ["yours", t("Yours"), (set) => set.section === "yours"],
  ["images", t("Images"), (set) => set.kind === "images"],
  ["pairs", t("Pairs"), (set) => set.kind === "pairs"],
  ["sides", t("Two sides"), (set) => set.kind === "sides"],
  ["points", t("Points"), (set) => set.kind === "points"],
];
const [SOON, LATE] = [700, 5000]; // ms between two looks at what waits: while it is read, and else

class List {
  /** @type {Record<string, any>} */
  fetching = {};

  /** @param {Component} component */
  constructor(component) {
    this.root = rootOf(component, "list");
    this.root.classList.add("dp");
    this.component = component;
    this.pill = "all";
    /** @type {Waiting[]} */
    this.waiting = component.data.waiting;
    /** @type {{ name: string, removed_at: number, bytes: number }[]} */
    this.bin = component.data.bin;
    this.drop = new Drop({
      open: (id) => component.setTriggerValue("desk", id),
      changed: () => this.pull(),
    });
    this.pills = el("div", { class: "pills", role: "group", "aria-label": t("Shapes") });
    this.places = Object.fromEntries(
      SECTIONS.map(([name]) => [name, el("section", { class: "sets" })]),
    );
    this.root.append(
      this.drop.node,
      el(
        "div",
        { class: "row" },
        this.pills,
        el("span", { class: "cap" }, t("images train GANs, pairs and two sides train translators")),
      ),
      ...Object.values(this.places),
    );
    this.draw();
    this.pull();
  }

  /** @type {(component: Component) => void} */
  update(component) {
    this.component = component;
    this.drop.open = (id) => component.setTriggerValue("desk", id);
    this.draw();
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.timer);
    this.drop.dispose();
  }

  /** What waits, and what is being downloaded, again and again. */
  async pull() {
    clearTimeout(this.timer);
    try {
      const answer = await waitingList();
      if (this.gone) return;
      this.waiting = answer.waiting;
      this.bin = answer.bin;
      const before = this.fetching;
      this.fetching = answer.fetching;
      if (Object.keys(before).some((name) => !this.fetching[name]))
        this.component.setTriggerValue("fetched", Date.now());
      this.draw();
    } catch {
      /* the list stays as it is */
    }
    const busy =
      this.waiting.some((item) => BUSY.includes(item.phase)) || Object.keys(this.fetching).length;
    if (!this.gone)
      this.timer = setTimeout(() => this.pull(), document.hidden ? 3 * LATE : busy ? SOON : LATE);
  }

  draw() {
    /** @type {{ sets: any[] }} */
    const { sets } = this.component.data;
    const text = JSON.stringify([
      sets,
      this.component.data.unread,
      this.waiting,
      this.fetching,
      this.bin,
      this.pill,
    ]);
    if (text === this.drawn) return; // focus and pointers are left alone
    /** @type {string} */
    this.drawn = text;
    this.drawPills(sets);
    const wanted = PILLS.find(([name]) => name === this.pill)[2];
    for (const [name, title, cap] of SECTIONS) {
      const shown = sets.filter((set) => set.section === name && wanted(set));
      const cards = shown.map((set) => this.card(set));
      if (name === "yours" && ["all", "yours"].includes(this.pill))
        cards.push(...this.waiting.map((item) => this.waitingCard(item)));
      const rest = name === "yours" ? this.own(cards.length) : [];
      const head = el(
        "div",
        { class: "head" },
        el("h2", {}, title),
        el("span", { class: "cap" }, cap),
        ...(name === "yours" && cards.length ? this.clearing() : []),
      );
      this.places[name].hidden = !cards.length && !rest.length;
      this.places[name].replaceChildren(
        head,
        ...(cards.length ? [el("div", { class: "cards" }, ...cards)] : []),
        ...rest,
      );
    }
  }

  /** @type {(sets: any[]) => void} */
  drawPills(sets) {
    const focused = /** @type {HTMLElement} */ (activeIn(this.pills))?.dataset?.pill;
    this.pills.replaceChildren(
      ...PILLS.map(([name, words, test]) => {
        const count = sets.filter(test).length;
        return count || name === "all"
          ? el(
              "button",
              {
                type: "button",
                "data-pill": name,
                "aria-pressed": String(name === this.pill),
                onclick: () => {
                  this.pill = name;
                  this.draw();
                },
              },
              `${words} ${count}`,
            )
          : null;
      }).filter(Boolean),
    );
    if (focused)
      /** @type {HTMLElement} */ (this.pills.querySelector(`[data-pill=${focused}]`))?.focus();
  }

  /** @type {(set: any) => HTMLElement} */
  card(set) {
    return setCard(set, this.fetching[set.name], {
      open: (name) => this.component.setTriggerValue("open", name),
      fetch: (name) => this.act(`sets/${encodeURIComponent(name)}/fetch`),
      stop: (name) => this.act(`sets/${encodeURIComponent(name)}/stop`),
    });
  }

  /** @type {(item: Waiting) => HTMLElement} */
  waitingCard(item) {
    return waitingCard(item, {
      open: (id) => this.component.setTriggerValue("desk", id),
      discard: (id) => this.act(`waiting/${id}/discard`),
    });
  }

  /** One press for all that cannot be used, where there are several. */
  clearing() {
    const routes = failedOf(this.waiting).map(({ id }) => `waiting/${id}/discard`);
    if (routes.length < 2 || !["all", "yours"].includes(this.pill)) return [];
    return [
      button(
        t("Discard the {n} that cannot be used", { n: routes.length }),
        () => this.act(...routes),
        { class: "btn ghost changes right" },
        icon("close"),
      ),
    ];
  }

  /**
   * Commands to the server, in turn; what it refuses is said where pictures are dropped.
   * @type {(...routes: string[]) => Promise<void>}
   */
  async act(...routes) {
    try {
      for (const route of routes)
        await get(urlOf(`api/data/${route}`), { body: "{}", type: "application/json" });
      this.drop.say("");
    } catch (error) {
      this.drop.say(error.message);
    }
    this.pull();
  }

  /**
   * What is said of one's own: that there is none yet, what cannot be used, what is in the bin.
   * @type {(count: number) => HTMLElement[]}
   */
  own(count) {
    const parts = [];
    if (!count && ["all", "yours"].includes(this.pill)) parts.push(this.none());
    if (!["all", "yours"].includes(this.pill)) return parts;
    /** @type {{ unread: { name: string, problem: string }[] }} */
    const { unread } = this.component.data;
    if (unread.length) {
      parts.push(
        el(
          "details",
          {},
          el(
            "summary",
            {},
            tn(
              "{n} in the data folder that is no set yet",
              "{n} in the data folder that are no sets yet",
              unread.length,
            ),
          ),
          el(
            "ul",
            {},
            ...unread.map((item) =>
              el(
                "li",
                {},
                el("span", {}, el("b", {}, item.name), ` ${item.problem}`),
                button(
                  t("Check it"),
                  () => this.drop.path(`${this.component.data.folder}/${item.name}`),
                  { class: "btn changes" },
                ),
              ),
            ),
          ),
        ),
      );
    }
    if (this.bin.length) {
      parts.push(
        el(
          "details",
          { class: "bin" },
          el("summary", {}, t("{bin} deleted, kept for 30 days", { bin: this.bin.length })),
          el(
            "ul",
            {},
            ...this.bin.map(({ name, removed_at: since, bytes: size }) =>
              el(
                "li",
                {},
                el(
                  "span",
                  {},
                  el("b", {}, name),
                  ` ${ago(Date.now() / 1000 - since)}, ${bytes(size)}`,
                ),
                button(
                  t("Bring back"),
                  () => this.bring(name),
                  { class: "btn changes" },
                  icon("undo"),
                ),
                button(
                  t("Delete for good"),
                  () => this.act(`sets/${encodeURIComponent(name)}/purge`),
                  { class: "btn ghost changes" },
                  icon("bin"),
                ),
              ),
            ),
          ),
        ),
      );
    }
    return parts;
  }

  /** @type {(name: string) => Promise<void>} */
  async bring(name) {
    await this.act(`sets/${encodeURIComponent(name)}/restore`);
    this.component.setTriggerValue("fetched", Date.now());
  }

  none() {
    return el(
      "div",
      { class: "none" },
      el(
        "p",
        {},
        el("b", {}, t("None of your own yet. ")),
        el(
          "span",
          { class: "muted changes" },
          t(
            "Drop a folder of pictures above: 200 are enough to try, 2,000 are good. Or train on a set that comes with the app.",
          ),
        ),
      ),
      el(
        "span",
        { class: "row tight changes" },
        button(
          t("Choose a folder"),
          () => this.drop.chooseFolder(),
          { class: "btn changes" },
          icon("folder"),
        ),
        button(
          t("Train on digits"),
          () => this.component.setTriggerValue("train", "mnist_5k"),
          { class: "btn ghost" },
          icon("play"),
        ),
      ),
    );
  }
}

export default mounted((component) => new List(component));
