// Cards of the list: a set, and what waits to be kept.
import { ago, button, clock, el, icon } from "../shared/base.js";
import { BUSY, failedOf, pictureOf, progress } from "./waiting.js";
import { bytes, counted, sentences, unitOf } from "./words.js";
import { urlOf } from "../shared/place.js";
import { t, unmarked } from "../shared/words.js";
/** @import { Acts, Waiting } from "./types" */

const HIGH = 56; // pixels of a card's well

/**
 * A set: its name is a link, and the whole card is the name's. `acts` has open, fetch and stop.
 * @type {(set: any, fetching: any, acts: Acts) => HTMLElement}
 */
export function setCard(set, fetching, acts) {
  const link = el("a", { href: `data?set=${encodeURIComponent(set.name)}` }, set.name);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; // another tab is the browser's
    event.preventDefault();
    acts.open(set.name);
  });
  const card = el(
    "article",
    { class: "card", "data-name": set.name },
    well(set.image),
    el("span", { class: "ct" }, link, set.tag ? el("span", { class: "tag" }, set.tag) : null),
    el("span", { class: "cd" }, set.words),
    set.problem || set.warning
      ? el("span", { class: "why" }, sentences(set.problem || set.warning)[0])
      : null,
    el("span", { class: "cap cf" }, set.facts),
    set.terms ? el("span", { class: "cap" }, set.terms) : null,
  );
  if (fetching) card.append(...fetchingParts(set, fetching, acts));
  else if (set.download)
    card.append(
      el(
        "span",
        { class: "acts" },
        button(
          t("Download"),
          () => acts.fetch(set.name),
          { class: "btn changes" },
          icon("download"),
        ),
      ),
    );
  return card;
}

/** @type {(set: any, fetching: any, acts: Acts) => HTMLElement[]} */
function fetchingParts(set, { done, total, left, error }, acts) {
  if (error) {
    return [
      el("span", { class: "why" }, unmarked(error)),
      el(
        "span",
        { class: "acts" },
        button(
          t("Try again"),
          () => acts.fetch(set.name),
          { class: "btn changes" },
          icon("download"),
        ),
      ),
    ];
  }
  const bar = el("b", { style: `width:${total ? (100 * done) / total : 0}%` });
  return [
    el(
      "div",
      {
        class: "meter",
        role: "progressbar",
        "aria-label": t("Download of {name}", { name: set.name }),
        "aria-valuemin": 0,
        "aria-valuemax": total,
        "aria-valuenow": done,
      },
      bar,
    ),
    el(
      "span",
      { class: "cap" },
      t("{done} of {total}{left}", {
        done: bytes(done),
        total: bytes(total),
        left: left ? t(", {left} left", { left: clock(left) }) : "",
      }),
    ),
    el(
      "span",
      { class: "acts" },
      button(t("Cancel"), () => acts.stop(set.name), { class: "btn changes" }, icon("close")),
    ),
  ];
}

/**
 * What waits: going on, or leaving nothing behind.
 * @type {(item: Waiting, acts: { open(id: string): void, discard(id: string): void }) => HTMLElement}
 */
export function waitingCard(item, acts) {
  const busy = BUSY.includes(item.phase);
  const [failed] = failedOf([item]);
  const photos = (item.firsts ?? []).map((index) => pictureOf(item.id, index, 112, item.stamp));
  const card = el(
    "article",
    { class: "card off", "data-waiting": item.id },
    el(
      "span",
      { class: `cwell photos changes${photos.length ? "" : " empty"}`, "aria-hidden": "true" },
      ...photos.slice(0, 6).map((src) => el("img", { src, alt: "", loading: "lazy" })),
    ),
    el("span", { class: "ct" }, item.title),
    el(
      "span",
      { class: "cd" },
      failed
        ? t("Cannot be used.")
        : busy
          ? progress(item)
          : t("Not kept yet. The check-up is waiting for you."),
    ),
    item.error ? el("span", { class: "why" }, sentences(item.error)[0]) : null,
    el("span", { class: "cap" }, facts(item)),
  );
  if (busy && item.total)
    card.append(
      el("div", { class: "meter" }, el("b", { style: `width:${(100 * item.done) / item.total}%` })),
    );
  const go = button(
    failed ? t("See why") : t("Go on"),
    () => acts.open(item.id),
    { "aria-label": `${failed ? t("See why") : t("Go on with")} ${item.title}` },
    icon("newest"),
  );
  card.append(
    el(
      "span",
      { class: "acts changes" },
      go,
      button(
        t("Discard"),
        () => acts.discard(item.id),
        { class: "btn ghost changes", "aria-label": t("Discard {title}", { title: item.title }) },
        icon("close"),
      ),
    ),
  );
  return card;
}

/** @type {(item: Waiting) => string} */
function facts(item) {
  const files = item.files ? counted(item.files, unitOf(item.unit).noun) : "";
  const read = item.since ? ago(Date.now() / 1000 - item.since) : "";
  return [[files, read].filter(Boolean).join(", "), t("gone in a day")].filter(Boolean).join(", ");
}

/**
 * Whole images only, at the largest whole zoom that fits the well.
 * @type {(image: string) => HTMLElement}
 */
function well(image) {
  if (!image) return el("span", { class: "cwell empty", "aria-hidden": "true" });
  const img = el("img", { src: urlOf(image), alt: "" });
  const frame = el("span", {}, img);
  img.addEventListener("load", () => {
    const tile = img.naturalHeight * Math.max(1, Math.floor(HIGH / img.naturalHeight));
    Object.assign(img.style, {
      height: `${tile}px`,
      width: `${(img.naturalWidth * tile) / img.naturalHeight}px`,
    });
    frame.style.width = `min(${img.style.width}, round(down, 100%, ${tile}px))`;
  });
  return el("span", { class: "cwell", "aria-hidden": "true" }, frame);
}
