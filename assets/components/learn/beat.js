// A game: which of ten digits were made? Two score boards, of the player and of D, kept in this browser.
import { button, decimal, el, icon } from "../shared/base.js";
import { get } from "../shared/fetch.js";
import { paint } from "../shared/pixels.js";

const SETS = [["bundled-digits", "Digits"], ["bundled-fashion", "Clothes"]];
const KEPT = "ganscope-beat";
const MOST = 2 ** 31 - 1;

/** What D calls an image: real where it beats more fakes than real images beat it; both shares, 0 to 1. */
export const callsReal = ({ beats_real: real, beats_fake: fake }) => fake > 1 - real;

/** How many of the answers are right; both arrays of booleans, "this one was made". */
export const rightOf = (answers, truth) => answers.filter((each, i) => each === truth[i]).length;

/** Scores so far {you, d, of}, with one round more; of what somebody else wrote only numbers count. */
export function added(kept, round) {
  const known = (name) => (Number.isInteger(kept?.[name]) && kept[name] >= 0 ? kept[name] : 0);
  return Object.fromEntries(Object.entries(round).map(([name, value]) => [name, known(name) + value]));
}

function read() {
  try { return JSON.parse(window.localStorage.getItem(KEPT) ?? "{}"); } catch { return {}; }
}

export class Beat {
  constructor(leave) {
    this.source = SETS[0][0];
    const sets = el("select", { "aria-label": "Images", onchange: () => { this.source = sets.value; this.deal(); } }, ...SETS.map(([value, text]) => el("option", { value }, text)));
    this.title = el("h2", { tabindex: -1 }, "Beat the discriminator");
    this.tiles = el("div", { class: "tiles", role: "group", "aria-label": "Ten images" });
    this.done = button("Done", () => this.judge(), { class: "btn primary" }, icon("check"));
    this.next = button("Next round", () => this.deal(), {}, icon("newest"));
    this.said = el("p", { class: "told", "aria-live": "polite" });
    this.board = el("p", { class: "cap" });
    this.node = el("section", { class: "panel beat", hidden: true, "aria-label": "Game" }, el("div", { class: "head" }, this.title, el("span", { class: "cap" }, "you against D, two minutes"), el("span", { class: "right tools" }, sets, button("All chapters", () => this.close(leave), {}, icon("close")))),
      el("p", { class: "ask" }, "Some of these ten were made by a generator, the others are real. Tick those that were made."), this.tiles, el("div", { class: "tools" }, this.done, this.next), this.said, this.board);
  }

  open() {
    this.node.hidden = false;
    this.title.focus();
    this.score();
    return this.deal();
  }

  close(leave) {
    this.node.hidden = true;
    this.turn = null;
    leave();
  }

  /** Ten images: of each class a real or a made one, as a coin falls. */
  async deal() {
    const turn = (this.turn = {}), path = `/api/explore/${this.source}/`, seeds = Array.from({ length: 10 }, () => Math.floor(Math.random() * MOST));
    delete this.node.dataset.told;
    this.done.disabled = this.next.disabled = true;
    this.said.textContent = "Ten images are being drawn.";
    try {
      const about = await get(`${path}about`), [drawn, reals] = await Promise.all([get(`${path}z?seeds=${seeds}`), get(`${path}reals?seed=${seeds[0]}`)]);
      const rows = bodies(drawn.parts[0], about), made = await get(`${path}images`, { body: new Float32Array(rows.flatMap((row) => [...row])).buffer });
      if (this.turn === turn) this.show(rows, reals, made);
    } catch (error) {
      if (this.turn === turn) this.said.textContent = error.message;
    }
    this.next.disabled = false;
  }

  show(rows, reals, made) {
    this.shape = made.header.parts[0][2].slice(1);
    const size = this.shape.reduce((a, b) => a * b, 1);
    this.round = rows.map((row, i) => {
      const fake = Math.random() < 0.5, pixels = (fake ? made : reals).parts[0].slice(i * size, (i + 1) * size), canvas = el("canvas", { "aria-hidden": "true" });
      const word = el("span", { class: "cap" }), node = el("button", { type: "button", class: "tile", "aria-pressed": "false", "aria-label": `Image ${i + 1}, ticked as made`, onclick: () => tick(node) }, canvas, word);
      paint(canvas, pixels, this.shape);
      return { row, pixels, fake, node, word };
    });
    this.tiles.replaceChildren(...this.round.map(({ node }) => node));
    this.said.textContent = "";
    this.done.disabled = false;
  }

  /** D sees the same ten; then all is told. */
  async judge() {
    const { round, turn } = this, answers = round.map(({ node }) => node.getAttribute("aria-pressed") === "true"), truth = round.map(({ fake }) => fake);
    this.done.disabled = true;
    this.said.textContent = "D looks at them.";
    try {
      const opinions = [];
      for (const { row, pixels } of round) opinions.push((await get(`/api/explore/${this.source}/opinion?image=1`, { body: new Blob([row, pixels]), patience: 30000 })).header);
      if (this.turn === turn) this.tell(answers, opinions.map((each) => !callsReal(each)), truth);
    } catch (error) {
      if (this.turn === turn) [this.said.textContent, this.done.disabled] = [error.message, false];
    }
  }

  tell(answers, others, truth) {
    const you = rightOf(answers, truth), d = rightOf(others, truth), verdict = you > d ? "You beat D." : you < d ? "D was better." : "A draw.";
    this.round.forEach(({ node, word }, i) => {
      node.disabled = true;
      node.classList.toggle("made", truth[i]);
      word.replaceChildren(truth[i] ? "made" : "real", el("br"), icon(answers[i] === truth[i] ? "check" : "close"), "you ", icon(others[i] === truth[i] ? "check" : "close"), "D");
    });
    this.said.textContent = `You: ${you} of 10. D: ${d} of 10. ${verdict}`;
    this.node.dataset.told = "true";
    try { window.localStorage.setItem(KEPT, JSON.stringify(added(read(), { you, d, of: truth.length }))); } catch { /* full, or forbidden: the board then stays empty */ }
    this.score();
    this.next.focus();
  }

  score() {
    const { you, d, of } = added(read(), { you: 0, d: 0, of: 0 });
    this.board.textContent = of ? `In this browser so far: you ${decimal(you / of)}, D ${decimal(d / of)} of ${of} images. 0.5 is guessing; D knows its own generator well.` : "0.5 is guessing. D has trained against this very generator.";
  }
}

function tick(node) {
  node.setAttribute("aria-pressed", String(node.getAttribute("aria-pressed") !== "true"));
}

/** Rows [z, class weights], the i-th of class i. */
function bodies(z, { latent_dim: size, num_classes: classes }) {
  return Array.from({ length: z.length / size }, (_, i) => Float32Array.from([...z.subarray(i * size, (i + 1) * size), ...Array.from({ length: classes }, (_, k) => Number(k === i % classes))]));
}
