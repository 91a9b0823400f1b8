// The film of the lesson that is open: to a frame, on from there, and what each new frame is.

class Film extends EventTarget {
  constructor(video, media) {
    super();
    this.video = video;
    this.media = media;
    this.lesson = null;
    this.isBroken = false;
    video.addEventListener("ended", () => this.tell(this.lesson.seconds));
    video.addEventListener("timeupdate", () => this.tell(video.currentTime));
    video.addEventListener("error", () => this.fail());
    if ("requestVideoFrameCallback" in video) this.follow();
  }

  get time() {
    return this.video.currentTime;
  }

  tell(time) {
    this.dispatchEvent(new CustomEvent("frame", { detail: time }));
  }

  /** Hear of each frame when it is shown, where the browser can say so. */
  follow() {
    this.video.requestVideoFrameCallback((_, about) => {
      this.tell(about.mediaTime);
      this.follow();
    });
  }

  fail() {
    if (!this.video.getAttribute("src")) return;
    this.isBroken = true;
    this.dispatchEvent(new Event("broken"));
  }

  isOpen(lesson) {
    return this.lesson === lesson && this.video.readyState > 0;
  }

  /** Open a lesson's film; later calls go before earlier ones. */
  async open(lesson) {
    if (this.isOpen(lesson) || this.isBroken) return;
    this.lesson = lesson;
    this.video.pause();
    const address = await this.media.address(lesson.film);
    if (this.lesson !== lesson) return;
    if (this.video.getAttribute("src") !== address) this.video.src = address;
    await this.once("loadedmetadata", () => this.video.readyState > 0);
  }

  isAt(time) {
    return Math.abs(this.video.currentTime - time) <= 1 / this.lesson.fps;
  }

  /** Stand at a time, and return when its frame is there. */
  async seek(time) {
    if (this.isBroken) return;
    this.video.currentTime = Math.min(time, this.video.duration || time);
    await this.once("seeked", () => !this.video.seeking && this.video.readyState > 1);
  }

  /** Wait for an event, unless what it brings about is so already, or the film is broken. */
  once(name, isSo) {
    return new Promise((go) => {
      const look = () => {
        if (!this.isBroken && !isSo()) return;
        this.video.removeEventListener(name, look);
        this.removeEventListener("broken", look);
        go();
      };
      this.video.addEventListener(name, look);
      this.addEventListener("broken", look);
      look();
    });
  }
}
