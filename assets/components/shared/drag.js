// Dragging: the one way in which a pressed pointer is followed, until it is let go or taken away.
/** @import { Dragging } from "./types" */

/**
 * The place of a pointer in an element: {x, y, width, height} in CSS pixels.
 * @type {(event: MouseEvent, node: Element) => { x: number, y: number, width: number, height: number }}
 */
export function within(event, node) {
  const box = node.getBoundingClientRect();
  return {
    x: event.clientX - box.left,
    y: event.clientY - box.top,
    width: box.width,
    height: box.height,
  };
}

/**
 * Let things be dragged on `node`. Returns a function that stops listening.
 *
 * - `start(event)` refuses by returning null or false; all else it returns is `from` to the others.
 * - `move(event, from)` at every move from the press on, which is the first; with `slack`, only once
 *   the pointer was more than so many pixels away.
 * - `end(event, from)` when a drag is over; `event.type` is "pointerup", and another where the pointer
 *   was taken away (a page that scrolls under a finger, a button let go outside the window).
 * - `click(event, from)` instead where the pointer was let go without having left the slack.
 *
 * Only the main button drags, and only one pointer at a time.
 * @type {<F = any>(node: HTMLElement, on: Dragging<F>) => () => void}
 */
export function onDrag(
  node,
  { start = () => /** @type {any} */ ({}), move, end = () => {}, click = () => {}, slack = 0 },
) {
  /** @type {() => void} */
  let leave = null;
  const over = () => {
    leave?.();
    leave = null;
  };
  /** @type {(event: PointerEvent) => void} */
  const press = (event) => {
    if (event.button || leave) return;
    const from = start(event);
    if (from === null || from === false) return;
    let moved = false;
    const begin = () => {
      moved = true;
      node.setPointerCapture?.(event.pointerId);
    };
    /** @type {(last: PointerEvent) => void} */
    const ends = (last) => {
      over();
      if (moved) end(last, from);
      else if (last.type === "pointerup") click(last, from);
    };
    leave = follow(event, (next) => {
      if (next.type !== "pointermove" || !next.buttons) return ends(next);
      if (!moved && Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) > slack)
        begin();
      if (moved) move(next, from);
    });
    if (slack) return;
    begin();
    move(event, from);
  };
  node.addEventListener("pointerdown", press);
  return () => {
    node.removeEventListener("pointerdown", press);
    over();
  };
}

/**
 * All that the same pointer does, wherever it is; returns a function that stops listening.
 * @type {(pressed: { pointerId: number }, heard: (event: PointerEvent) => void) => () => void}
 */
function follow({ pointerId }, heard) {
  const names = /** @type {const} */ (["pointermove", "pointerup", "pointercancel"]);
  /** @type {(event: PointerEvent) => void} */
  const mine = (event) => {
    if (event.pointerId === pointerId) heard(event);
  };
  for (const name of names) window.addEventListener(name, mine);
  return () => {
    for (const name of names) window.removeEventListener(name, mine);
  };
}
