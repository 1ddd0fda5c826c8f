// Where pages are opened from the disk browsers start no worker: the search then runs in a hidden frame.
if (location.protocol === "file:") {
  window.IFrameWorker = window.Worker = class extends EventTarget {
    /** @param {string | URL} url of the script that would have been the worker's */
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.waiting = [];
      this.inside = frame.contentWindow;
      this.inside.postMessage = (data) => this.answer(data);
      const script = this.inside.document.createElement("script");
      script.src = String(url);
      script.addEventListener("load", () => this.begin());
      this.inside.document.body.append(script);
    }

    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else this.inside.dispatchEvent(new MessageEvent("message", { data }));
    }

    begin() {
      const asked = this.waiting;
      this.waiting = null;
      asked.forEach((data) => this.postMessage(data));
    }

    answer(data) {
      this.dispatchEvent(new MessageEvent("message", { data }));
    }
  };
}
