// A part of Translate: all parts of a run share one store.
import { Panel as Part } from "../shared/panel.js";
import { storeOf } from "./store.js";

export { segments, stepOptions } from "../shared/panel.js";

/** @extends {Part<ReturnType<typeof storeOf>>} */
export class Panel extends Part {
  /** @type {(run: string) => ReturnType<typeof storeOf>} */
  openStore(run) {
    return storeOf(run);
  }
}
