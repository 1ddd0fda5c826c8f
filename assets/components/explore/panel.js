// A part of Explore: all parts of a run share one store.
import { Panel as Part } from "../shared/panel.js";
import { storeOf } from "./store.js";

export { segments } from "../shared/panel.js";

export class Panel extends Part {
  openStore(run) { return storeOf(run); }
}
