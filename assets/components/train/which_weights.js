// Whether a grid shows the averaged weights or the raw ones: the EMA's half-life may be 0, and is a knob.
/** @import { RunEvent } from "../shared/types" */

/**
 * Whether what was drawn at a step was averaged: a knob that was turned takes effect at the next step.
 * @param {number} halfLife with which the run was started
 * @param {RunEvent[]} events
 * @param {number} step
 */
export function averagedAt(halfLife, events, step) {
  let now = halfLife;
  for (const event of events) {
    const change = event.changes?.ema_half_life;
    if (change && event.step < step) now = change[1];
  }
  return now > 0;
}
