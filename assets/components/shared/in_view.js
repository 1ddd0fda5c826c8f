// Whether an element is on the screen: what nobody sees is not drawn.

const NEAR = "200px"; // around the screen, so that what is scrolled to is there already

/** `is` says whether it can be seen, or nearly; `back()` is called whenever it comes into view. */
export class InView {
  /**
   * @param {Element} node
   * @param {() => void} back
   */
  constructor(node, back) {
    this.is = true; // until the browser says otherwise
    this.observer = new IntersectionObserver(
      (entries) => {
        const was = this.is;
        this.is = entries.at(-1).isIntersecting;
        if (this.is && !was) back();
      },
      { rootMargin: NEAR, scrollMargin: NEAR },
    );
    this.observer.observe(node);
  }

  dispose() {
    this.observer.disconnect();
  }
}
