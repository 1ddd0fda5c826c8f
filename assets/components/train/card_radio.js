// A radio group of cards. Python owns the choice (data.value); a click or an arrow key proposes another.
/** @import { Cards, Option } from "./types" */
/** @import { Component } from "../shared/types" */

/** @type {WeakMap<Element, Cards>} */
const groups = new WeakMap();

const CARD = `<div class="well" aria-hidden="true"><div><img alt=""></div></div>
<span class="title"><span class="name"></span><span class="tag"></span>
<svg class="check" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 8.5 3.2 3.2L13 4.8"/></svg></span>
<span class="summary"></span><span class="warning"></span><span class="foot"></span>`;

function makeCard() {
  const card = document.createElement("div");
  card.className = "card";
  card.setAttribute("role", "radio");
  card.innerHTML = CARD;
  return card;
}

/**
 * Text with what stands in back-ticks as code; an unpaired one opens nothing.
 * @type {(node: HTMLElement, text: string) => void}
 */
function say(node, text) {
  if (node.dataset.text === text) return;
  node.dataset.text = text;
  const parts = text.split("`"),
    closed = parts.length - Number(parts.length % 2 === 0);
  node.replaceChildren(
    ...parts.map((part, i) => {
      if (!(i % 2) || i >= closed) return part;
      const code = document.createElement("code");
      code.textContent = part;
      return code;
    }),
  );
}

/**
 * Whole images only, at the largest whole zoom that fits the well.
 * @type {(img: HTMLImageElement) => void}
 */
function fitImage(img) {
  const zoom = Math.max(1, Math.floor(56 / img.naturalHeight));
  const tile = img.naturalHeight * zoom;
  img.style.height = `${tile}px`;
  img.style.width = `${img.naturalWidth * zoom}px`;
  img.parentElement.style.width = `min(${img.style.width}, round(down, 100%, ${tile}px))`;
}

/** @type {(card: HTMLElement, option: Option, checked: boolean, tabbable: boolean) => void} */
function fillCard(card, option, checked, tabbable) {
  /** @type {(name: string) => HTMLElement} */
  const part = (name) => card.querySelector(`.${name}`);
  const img = card.querySelector("img");
  part("name").textContent = option.title;
  part("tag").textContent = option.tag;
  say(part("summary"), option.summary);
  say(part("warning"), option.warning);
  say(part("foot"), option.misfit || option.other || option.foot);
  card.dataset.name = option.name;
  for (const name of ["title", "summary", "warning", "foot"])
    part(name).id = `${option.name}-${name}`;
  card.setAttribute("aria-labelledby", `${option.name}-title`);
  card.setAttribute(
    "aria-describedby",
    `${option.name}-summary ${option.name}-warning ${option.name}-foot`,
  );
  card.setAttribute("aria-checked", String(checked));
  card.setAttribute("aria-disabled", String(Boolean(option.misfit)));
  card.classList.toggle("other", Boolean(option.other));
  card.tabIndex = tabbable ? 0 : -1;
  part("well").hidden = !option.image;
  if (option.image && img.getAttribute("src") !== option.image) {
    img.onload = () => fitImage(img);
    img.src = option.image;
  }
}

/** @type {(group: Cards) => void} */
function draw(group) {
  const { root, options, value } = group;
  while (root.children.length > options.length) root.lastChild.remove();
  while (root.children.length < options.length) root.append(makeCard());
  const known = options.some((o) => o.name === value);
  options.forEach((option, i) =>
    fillCard(
      /** @type {HTMLElement} */ (root.children[i]),
      option,
      option.name === value,
      known ? option.name === value : i === 0,
    ),
  );
}

/** @type {(group: Cards, name: string) => void} */
function pick(group, name) {
  const option = group.options.find((o) => o.name === name);
  if (!option || option.misfit || name === group.value) return;
  group.value = name;
  draw(group);
  group.send("pick", [name, Date.now()]);
}

/** @type {(group: Cards, event: KeyboardEvent) => void} */
function onKey(group, event) {
  const cards = /** @type {HTMLElement[]} */ ([...group.root.children]);
  const target = /** @type {HTMLElement} */ (event.target);
  const at = cards.indexOf(target);
  /** @type {Record<string, number>} */
  const moves = {
    ArrowRight: 1,
    ArrowDown: 1,
    ArrowLeft: -1,
    ArrowUp: -1,
    Home: -at,
    End: cards.length - 1 - at,
  };
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " || event.key === "Enter") pick(group, target.dataset.name);
  else if (event.key in moves) {
    const next = cards[(at + moves[event.key] + cards.length) % cards.length];
    pick(group, next.dataset.name);
    next.focus();
  } else return;
  event.preventDefault();
}

/** @type {(component: Component) => () => void} */
export default function ({ data, parentElement, setStateValue }) {
  let group = groups.get(parentElement);
  if (!group) {
    group = {
      root: parentElement.querySelector(".cards"),
      options: [],
      value: "",
      send: setStateValue,
    };
    groups.set(parentElement, group);
    const made = group;
    group.root.addEventListener("click", (e) => {
      const card = /** @type {HTMLElement} */ (/** @type {Element} */ (e.target).closest(".card"));
      if (card) {
        card.focus();
        pick(made, card.dataset.name);
      }
    });
    group.root.addEventListener("keydown", (e) => onKey(made, e));
  }
  group.send = setStateValue;
  group.options = data.options;
  group.value = data.value;
  group.root.setAttribute("aria-label", data.label);
  draw(group);
  return () => groups.delete(parentElement);
}
