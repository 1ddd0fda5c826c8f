// Where images are drawn, by the server or in this browser: a quiet button that says it, why, and changes it.
import { button, put } from "./base.js";
import { t } from "./words.js";
/** @import { DrawnHere } from "./drawn_here.js" */

/** @type {Record<string, Record<string, string>>} */
const WHY = {
  auto: {
    server: t(
      "The browser draws by itself where that is as fast: it fetches the network once a few images were asked for.",
    ),
    coming: t("The network is on its way to this browser."),
    here: t("Drawn in this browser: the server and what it trains have no work with it."),
    large: t("This network is large: the server draws it."),
    slow: t("The server draws this network faster than this browser."),
  },
  here: {
    server: t("Chosen for this browser: the network is fetched with the next image."),
    coming: t("The network is on its way to this browser."),
    here: t("Chosen for this browser: the server has no work with it."),
  },
  server: { server: t("Chosen for this browser: the server draws.") },
};

export class DrawingSwitch {
  /** @param {() => { here: DrawnHere, change(): void }} storeNow the store of the run that is shown, or nothing */
  constructor(storeNow) {
    this.storeNow = storeNow;
    this.node = button("", () => this.turn(), { class: "quiet drawn-by" });
  }

  turn() {
    const { here } = this.storeNow();
    here.choose(here.ready || here.choice === "here" ? "server" : "here");
    this.storeNow().change();
  }

  /** As it is now. */
  show() {
    const here = this.storeNow()?.here;
    if (!here) return;
    const { state, choice, words, ready } = here;
    put(
      this.node,
      ready
        ? t("drawn in this browser")
        : state === "coming"
          ? t("coming to this browser")
          : t("drawn by the server"),
    );
    const why =
      state === "refused"
        ? t("The server draws this network. {words}", { words })
        : (WHY[choice][state] ?? WHY.auto[state]);
    const other =
      ready || choice === "here"
        ? t("Press to let the server draw.")
        : t("Press to draw in this browser.");
    this.node.title = `${why.replaceAll("`", "")} ${other}`;
    Object.assign(this.node.dataset, { state, choice });
  }
}
