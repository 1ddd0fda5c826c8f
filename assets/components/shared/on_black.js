// Colours on black, in wells and on canvases, the same in both themes: the roles' as the dark theme has them
// (gan_core/metric_table/roles.py), and the selection's (--mark of base.css).

/** Red, green and blue, 0 to 255. */
export const G = [244, 122, 69];
export const FAKE = [246, 206, 94];
export const REAL = [69, 214, 196];
export const MARK = [240, 111, 190];

/**
 * A colour as canvases read it.
 * @type {(colour: number[]) => string}
 */
export const ink = (colour) => `rgb(${colour})`;
