// Giving the person a file: the one way that everything leaves the page, also one that was exported (assets/web_page),
// which takes no more modules with it than it must: so this one needs no other.

const KEPT = 10000; // ms that a file's address stays; the browser may begin later than the click

/**
 * Save `content`, a Blob or the address of a file (also `data:`), under a name.
 * @type {(content: Blob | string, name: string) => void}
 */
export function saveFile(content, name) {
  const own = content instanceof Blob;
  const address = own ? URL.createObjectURL(content) : content;
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  if (own) setTimeout(() => URL.revokeObjectURL(address), KEPT);
}

/**
 * Save text as a file of this media type.
 * @type {(text: string, name: string, type: string) => void}
 */
export function saveText(text, name, type) {
  saveFile(new Blob([text], { type }), name);
}

/**
 * Save what a canvas shows as a PNG.
 * @type {(canvas: HTMLCanvasElement, name: string) => void}
 */
export function savePng(canvas, name) {
  canvas.toBlob((blob) => saveFile(blob, name), "image/png");
}
