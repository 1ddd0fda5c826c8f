// Which checkpoint is explored, how old it is, how fast it answers; link and downloads.
import { ago, button, el, mounted, put, whole } from "./base.js";
import { encode } from "./explore_link.js";
import { paint, saveBlob, savePng } from "./explore_pixels.js";
import { Panel } from "./explore_panel.js";

class Source extends Panel {
  get early() { return true; }

  build() {
    this.select = el("select", { "aria-label": "Checkpoint", onchange: () => this.store.setStep(Number(this.select.value)) });
    this.toggle = button("Follow newest", () => this.store.setFollow(!this.store.follow), { role: "switch" });
    this.info = el("span", { class: "cap facts" });
    [this.epoch, this.age, this.speed] = ["epoch", "age", "speed"].map((name) => el("span", { class: name }));
    this.info.append(this.epoch, this.age, this.speed);
    this.link = button("Link", () => this.copy(), { title: "Copy a link to this view" });
    this.menu = el("details", { class: "menu" }, el("summary", { class: "btn" }, "Download"), el("div", {},
      button("Image, PNG", () => this.png()), button("Every class, PNG", () => this.strip()),
      button("z, JSON", () => this.json())));
    this.said = el("p", { class: "said", role: "status" });
    this.root.append(
      el("div", { class: "bar" },
        el("div", { class: "field" }, el("span", { class: "cap", "aria-hidden": "true" }, "Checkpoint"), this.select),
        this.toggle, this.info, el("span", { class: "right tools" }, this.link, this.menu)),
      this.said);
    this.clock = setInterval(() => this.tick(), 1000);
  }

  stop() { clearInterval(this.clock); }
  forget() { this.select.replaceChildren(); this.known = ""; this.problem(""); }

  facts() {
    const { steps, newest } = this.store.facts;
    if (!steps.length) this.problem("This run has no weights yet. They come with its first step.");
    else if (!this.store.ready && !this.store.words) this.problem("Loading the generator. The first one takes some seconds longer.", false);
    const known = `${steps.length} ${newest}`;
    if (known === this.known) return this.press();
    this.known = known;
    const rows = [...steps].reverse().map((s) => el("option", { value: s }, `${whole(s)}${s === newest ? ", newest" : ""}`));
    this.select.replaceChildren(...rows);
    this.press();
  }

  about() { this.press(); this.tick(); }
  images() { this.problem(this.store.words); this.tick(); this.press(); }

  press() {
    const { follow, at } = this.store;
    this.toggle.setAttribute("aria-checked", follow);
    this.toggle.classList.toggle("on", follow);
    if (at !== null) this.select.value = String(at);
  }

  tick() {
    const { about, facts, ms, shown } = this.store;
    if (!about) return;
    fact(this.epoch, "epoch ", about.epoch === null ? "\u2013" : about.epoch.toFixed(2), "");
    fact(this.age, "written ", about.written ? ago(facts.now - about.written) : "\u2013", "");
    const each = ms === null ? "\u2013" : `${(ms / (1 + this.store.classes)).toFixed(1)} ms`;
    fact(this.speed, "", each, " per image");
    this.root.dataset.step = shown ?? "";
    this.root.dataset.newest = facts.newest;
  }

  problem(words, bad = true) {
    put(this.said, words);
    this.said.classList.toggle("bad", Boolean(words) && bad);
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(window.location.href).then(() => true, () => false);
    this.link.lastChild.textContent = done ? "Copied" : "It is in the address";
    setTimeout(() => { this.link.lastChild.textContent = "Link"; }, 2000);
  }

  name(rest) { return `${this.store.run}-${this.store.shown}-${rest}`; }

  png() {
    const canvas = el("canvas");
    paint(canvas, this.store.current, this.store.shape);
    savePng(canvas, this.name(`seed${this.store.seed}.png`));
  }

  strip() {
    const canvas = el("canvas");
    const all = this.store.classes ? this.store.row : this.store.current;
    paint(canvas, all, this.store.shape, this.store.classes || 1);
    savePng(canvas, this.name("classes.png"));
  }

  json() {
    const { run, shown, seed, label, psi, z, weights, classes } = this.store;
    const view = { run, step: shown, seed, truncation: psi, z: [...z.map((v) => v * psi)], class: classes ? label : null, class_weights: [...weights], packed: encode(z) };
    saveBlob(new Blob([JSON.stringify(view, null, 1)], { type: "application/json" }), this.name("z.json"));
  }
}

function fact(node, before, value, after) {
  if (node.dataset.value === value) return;
  node.dataset.value = value;
  node.replaceChildren(before, el("b", {}, value), after);
}

export default mounted((component) => new Source(component, "source"));
