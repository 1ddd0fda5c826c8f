// Where images are drawn, by the server or in this browser: a quiet button that says it, why, and changes it.
import { button, put } from "./base.js";

const WHY = {
  auto: {
    server: "The browser draws by itself where that is as fast: it fetches the network once a few images were asked for.",
    coming: "The network is on its way to this browser.",
    here: "Drawn in this browser: the server and what it trains have no work with it.",
    large: "This network is large: the server draws it.",
    slow: "The server draws this network faster than this browser.",
  },
  here: { server: "Chosen for this browser: the network is fetched with the next image.", coming: "The network is on its way to this browser.", here: "Chosen for this browser: the server has no work with it." },
  server: { server: "Chosen for this browser: the server draws." },
};

export class DrawingSwitch {
  /** @param storeNow the store of the run that is shown, or nothing */
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
    put(this.node, ready ? "drawn in this browser" : state === "coming" ? "coming to this browser" : "drawn by the server");
    const why = state === "refused" ? `The server draws this network. ${words}` : WHY[choice][state] ?? WHY.auto[state];
    const other = ready || choice === "here" ? "Press to let the server draw." : "Press to draw in this browser.";
    this.node.title = `${why.replaceAll("`", "")} ${other}`;
    Object.assign(this.node.dataset, { state, choice });
  }
}
