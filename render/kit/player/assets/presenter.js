// The presenter's view: a window of its own for the lecturer's screen.
//
// It is an empty window that this page fills, not the page a second time: so a long lecture is in
// memory once, and it works for files on the disk, where two pages may not speak to each other.

class Presenter {
  constructor(show, media, keys) {
    this.show = show;
    this.media = media;
    this.keys = keys;
    this.window = null;
    this.begun = null;
    find("presenter-open").addEventListener("click", () => this.open());
    for (const name of ["step", "change"]) show.addEventListener(name, () => this.update());
    show.addEventListener("time", () => this.markSentence());
    addEventListener("pagehide", () => this.window?.close());
  }

  get isOpen() {
    return Boolean(this.window && !this.window.closed);
  }

  open() {
    if (this.isOpen) {
      this.window.focus();
      return;
    }
    this.window = open("", "backprop-studio-presenter", "popup,width=1100,height=760");
    if (!this.window) {
      find("hint").textContent = word("no_window");
      find("hint").hidden = false;
      say(word("no_window"));
      return;
    }
    this.fill(this.window.document);
    this.begun ??= Date.now();
    this.update();
  }

  fill(page) {
    Object.assign(page.documentElement, { lang: story.language });
    page.documentElement.dataset.appearance = document.documentElement.dataset.appearance ?? "";
    page.head.replaceChildren(page.importNode(find("style"), true));
    page.title = `${word("presenter")} · ${story.title}`;
    page.body.replaceChildren(page.importNode(find("presenter").content, true));
    this.parts = {};
    for (const it of page.querySelectorAll("[data-part]")) this.parts[it.dataset.part] = it;
    const names = { "now-word": "now", "then-word": "then", "script-word": "script" };
    Object.assign(names, { "notes-word": "notes", "clock-word": "clock", "elapsed-word": "elapsed" });
    for (const part of ["back", "play", "next", "black", "reset"]) names[part] = part;
    for (const [part, key] of Object.entries(names)) this.parts[part].textContent = word(key);
    this.parts["script-section"].setAttribute("aria-label", word("script"));
    this.parts.back.addEventListener("click", () => this.show.back());
    this.parts.next.addEventListener("click", () => this.show.next());
    this.parts.play.addEventListener("click", () => this.show.toggle());
    this.parts.black.addEventListener("click", () => this.keys.black());
    this.parts.reset.addEventListener("click", () => {
      this.begun = Date.now();
      this.tick();
    });
    page.addEventListener("keydown", (event) => this.keys.press(event));
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), 500);
  }

  tick() {
    if (!this.isOpen) {
      clearInterval(this.timer);
      return;
    }
    const now = new Date();
    const digits = { hour: "2-digit", minute: "2-digit" };
    this.parts.clock.textContent = now.toLocaleTimeString(story.language, digits);
    this.parts.elapsed.textContent = clockText((now - this.begun) / 1000);
  }

  update() {
    if (!this.isOpen) return;
    const { step, isLast, state } = this.show;
    const { parts } = this;
    const following = isLast ? null : steps[this.show.index + 1];
    const where = word("step_of", { number: step.index + 1, count: steps.length });
    parts.where.textContent = `${step.lesson.title} · ${where}`;
    parts.title.textContent = step.title;
    parts["then-title"].textContent = following ? following.title : word("last_step");
    parts.play.textContent = word(state === "playing" ? "pause" : "play");
    parts.notes.textContent = step.lesson.notes;
    parts["notes-word"].hidden = !step.lesson.notes;
    this.picture(parts.now, step);
    this.picture(parts.then, following);
    this.markSentence();
    this.tick();
  }

  async picture(image, step) {
    image.hidden = !step;
    image.dataset.step = step ? step.index : "";
    const address = step && (await this.media.address(step.still));
    if (address && image.dataset.step === String(step.index)) image.src = address;
  }

  /** Mark what is said now. */
  markSentence() {
    if (!this.isOpen) return;
    const { step, present } = this.show;
    const joint = story.language === "en" ? " " : "";
    const pieces = step.cues.flatMap(([from, until, text]) => {
      const line = text.replaceAll("\n", joint);
      const isNow = from <= present && present < until;
      return [isNow ? make("mark", {}, line) : line, joint];
    });
    this.parts.script.replaceChildren(...pieces);
  }
}
