// A slider whose track is a film-strip of what it does; the thumb is a frame with the current image.
import { activeIn, el, signed } from "./base.js";
import { onDrag, within } from "./drag.js";
import { paint, scaleFor } from "./pixels.js";
import { t } from "./words.js";
/** @import { Pixels, Shape, StripOptions } from "./types" */

const FINE = 0.02; // of the range: one arrow key

/**
 * Options: `name`, `count` images, `most` scale, `limit` (the value goes from -limit to limit, or
 * `low` to `high`), `unit` that shown values are divided by, `value()`, `move(value, dragging)`,
 * `lock(on)`, `rename(name)` and `drop()` where it can be locked, named and removed.
 */
export class Strip {
  /** @param {StripOptions} options */
  constructor({
    name,
    count,
    most,
    limit,
    low = -limit,
    high = limit,
    unit = 1,
    digits = 2,
    value,
    move,
    lock,
    rename,
    drop,
  }) {
    this.name = name;
    this.count = count;
    this.most = most;
    this.low = low;
    this.high = high;
    this.unit = unit;
    this.digits = digits;
    this.value = value;
    this.move = move;
    this.lock = lock;
    this.rename = rename;
    this.drop = drop;
    this.title = el("span", { class: "name" }, this.name);
    this.bar = el("b");
    this.effect = el("span", { class: "effect", title: t("Effect on the image") }, this.bar);
    this.number = el("input", {
      type: "text",
      inputmode: "decimal",
      class: "value",
      "aria-label": t("{name}, exact value", { name: this.name }),
      maxlength: 9,
      onchange: () => this.typed(),
    });
    this.locker = this.lock
      ? el(
          "button",
          {
            type: "button",
            class: "lock",
            "aria-label": t("Lock {name}", { name: this.name }),
            "aria-pressed": "false",
            onclick: () => this.toggle(),
          },
          t("lock"),
        )
      : null;
    this.namer = this.rename
      ? el(
          "button",
          {
            type: "button",
            class: "lock",
            "aria-label": t("Name {name}", { name: this.name }),
            title: t("Name it and keep it with the run"),
            onclick: () => this.ask(),
          },
          t("name"),
        )
      : null;
    this.dropper = this.drop
      ? el(
          "button",
          {
            type: "button",
            class: "lock",
            "aria-label": t("Remove {name}", { name: this.name }),
            onclick: () => this.drop(),
          },
          t("remove"),
        )
      : null;
    if (this.rename) this.title.addEventListener("dblclick", () => this.ask());
    this.canvas = el("canvas", { width: 1, height: 1 });
    this.face = el("canvas", { width: 1, height: 1 });
    this.thumb = el(
      "div",
      {
        class: "thumb",
        role: "slider",
        tabindex: 0,
        "aria-label": this.name,
        "aria-valuemin": this.shownValue(this.low),
        "aria-valuemax": this.shownValue(this.high),
      },
      this.face,
    );
    this.track = el("div", { class: "track well" }, this.canvas, this.thumb);
    this.node = el(
      "div",
      { class: "strip" },
      el(
        "div",
        { class: "top" },
        this.title,
        this.effect,
        this.locker,
        this.namer,
        this.dropper,
        this.number,
      ),
      this.track,
    );
    onDrag(this.track, {
      start: () => !this.locked && Boolean(this.tile),
      move: (event) => this.drag(event),
      end: () => this.release(),
    });
    this.thumb.addEventListener("keydown", (event) => this.key(event));
    this.scale = 1;
  }

  /** Evenly spaced values, one per image. */
  values() {
    return Array.from(
      { length: this.count },
      (_, i) => this.low + ((this.high - this.low) * i) / (this.count - 1),
    );
  }

  /** @type {(value: number) => number} */
  shownValue(value) {
    return Number((value / this.unit).toFixed(this.digits));
  }

  /** @type {(pixels: Pixels, shape: Shape) => void} */
  show(pixels, shape) {
    paint(this.canvas, pixels, shape, this.count);
    this.tile = [shape[1], shape[0]];
    this.fit(this.width);
  }

  /** @type {(width: number) => void} */
  fit(width) {
    this.width = width;
    if (!width || !this.tile) return;
    this.scale = scaleFor(this.tile[0] * this.count, width, this.most);
    for (const canvas of [this.canvas, this.face]) {
      canvas.style.width = `${canvas.width * this.scale}px`;
      canvas.style.height = `${canvas.height * this.scale}px`;
    }
    this.place();
  }

  /**
   * The thumb at the present value, with the present image.
   * @type {(pixels: Pixels, shape: Shape, more?: { locked?: boolean, effect?: number | null }) => void}
   */
  here(pixels, shape, { locked = false, effect = null } = {}) {
    paint(this.face, pixels, shape);
    this.tile = [shape[1], shape[0]];
    this.locked = locked;
    this.locker?.setAttribute("aria-pressed", String(locked));
    this.node.classList.toggle("locked", locked);
    if (effect !== null) this.bar.style.width = `${100 * effect}%`;
    this.fit(this.width);
  }

  place() {
    const value = this.held ?? this.value();
    const tile = this.tile[0] * this.scale;
    const length = tile * (this.count - 1);
    const share = Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low)));
    this.track.style.width = `${tile * this.count}px`;
    this.thumb.style.left = `${tile / 2 + share * length}px`;
    const text = signed(value / this.unit, this.digits);
    if (activeIn(this.number) !== this.number) this.number.value = text;
    this.thumb.setAttribute("aria-valuenow", String(this.shownValue(value)));
    this.thumb.setAttribute("aria-valuetext", text);
    this.thumb.setAttribute("aria-disabled", String(Boolean(this.locked)));
  }

  /** @type {(event: PointerEvent) => void} */
  drag(event) {
    const tile = this.tile[0] * this.scale;
    const share = (within(event, this.track).x - tile / 2) / (tile * (this.count - 1));
    this.held = this.low + (this.high - this.low) * Math.min(1, Math.max(0, share));
    this.place();
    this.move(this.held, true);
  }

  release() {
    const last = this.held;
    this.held = null;
    this.move(last, false);
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const range = this.high - this.low;
    const step = range * (event.shiftKey ? 10 * FINE : FINE);
    /** @type {number | undefined} */
    const by = {
      ArrowLeft: -step,
      ArrowDown: -step,
      ArrowRight: step,
      ArrowUp: step,
      PageDown: -10 * FINE * range,
      PageUp: 10 * FINE * range,
      Home: -Infinity,
      End: Infinity,
    }[event.key];
    if (by === undefined || this.locked) return;
    event.preventDefault();
    this.set(this.value() + by);
  }

  typed() {
    const value =
      Number(this.number.value.trim().replace("\u2212", "-").replace(",", ".")) * this.unit;
    const good = Number.isFinite(value) && !this.locked;
    this.number.blur();
    if (good) this.set(value);
    else this.place();
  }

  /** A field in place of the name; Enter keeps it. */
  ask() {
    const field = el("input", {
      type: "text",
      class: "naming",
      maxlength: 60,
      "aria-label": t("New name of {name}", { name: this.name }),
      placeholder: this.name,
    });
    /** @type {(take: boolean) => void} */
    const back = (take) => {
      const name = field.value.trim();
      field.replaceWith(this.title);
      if (take && name) this.rename(name);
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") field.blur();
      if (event.key === "Escape") {
        field.value = "";
        field.blur();
      }
    });
    field.addEventListener("blur", () => back(true), { once: true });
    this.title.replaceWith(field);
    field.focus();
  }

  /** @type {(value: number) => void} */
  set(value) {
    this.move(Math.min(this.high, Math.max(this.low, value)), false);
  }

  toggle() {
    this.lock(!this.locked);
  }
}
