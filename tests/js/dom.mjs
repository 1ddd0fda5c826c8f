// As much of a document as our elements need to be made and looked at; what a browser does with them is
// the matter of tests/browser.

class Classes extends Set {
  toggle(name, on) {
    return on ? this.add(name) : this.delete(name);
  }
}

class Element extends EventTarget {
  attributes = {};
  children = [];
  style = {
    setProperty(name, value) {
      this[name] = value;
    },
  };
  dataset = {};
  hidden = false;
  classList = new Classes();

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get textContent() {
    return this.children.map((child) => child.textContent ?? child).join("");
  }
  set textContent(text) {
    this.children = [text];
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  getBoundingClientRect() {
    return { left: 0, top: 0, ...this.box };
  }
  setPointerCapture() {}
  scrollIntoView() {}
  remove() {}
  focus() {
    globalThis.document.activeElement = this;
  }
  getRootNode() {
    return globalThis.document;
  }
  matches() {
    return true;
  }

  /** All elements in it, itself first. */
  *all() {
    yield this;
    for (const child of this.children) if (child instanceof Element) yield* child.all();
  }

  find(test) {
    return [...this.all()].find(test);
  }
}

/** Give the modules a document and a window of `density` device pixels a pixel. */
export function makeDocument(density = 1) {
  globalThis.window = Object.assign(new EventTarget(), { devicePixelRatio: density });
  globalThis.document = {
    createElement: (tag) => new Element(tag),
    createElementNS: (_, tag) => new Element(tag),
  };
}

/** An event of a pointer or a key. */
export const event = (type, more) =>
  Object.assign(
    new Event(type, { cancelable: true }),
    { button: 0, buttons: 1, pointerId: 1 },
    more,
  );
