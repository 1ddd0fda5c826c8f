// A picture by the camera: shown live, taken with a press, let go at once.
import { button, el, icon } from "../shared/base.js";
import { t } from "../shared/words.js";

const NAME = "Camera.png";

export class Camera {
  /** @type {MediaStream} */
  stream = null;

  /**
   * `took(file)`; `failed(words)`.
   * @param {(file: File) => void} took
   * @param {(words: string) => void} failed
   */
  constructor(took, failed) {
    this.took = took;
    this.failed = failed;
    this.video = el("video", {
      autoplay: "",
      muted: "",
      playsinline: "",
      "aria-label": t("The camera"),
    });
    this.node = el(
      "div",
      { class: "camera" },
      this.video,
      el(
        "div",
        { class: "line" },
        button(t("Take it"), () => this.take(), { class: "btn primary" }, icon("snapshot")),
        button(t("Cancel"), () => this.close()),
      ),
    );
    this.node.hidden = true;
  }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia)
      return this.failed(
        t("This browser gives no camera to a page at this address. Upload a picture instead."),
      );
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1024 } },
      });
    } catch (error) {
      const why =
        error.name === "NotFoundError"
          ? t("There is no camera.")
          : error.name === "NotAllowedError"
            ? t("The browser was not allowed to use the camera.")
            : t("The camera does not answer.");
      return this.failed(t("{why} Upload a picture instead.", { why }));
    }
    this.video.srcObject = this.stream;
    this.node.hidden = false;
    return null;
  }

  take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const canvas = el("canvas", { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    canvas.toBlob((blob) => this.took(new File([blob], NAME, { type: "image/png" })), "image/png");
    this.close();
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    this.node.hidden = true;
  }
}
