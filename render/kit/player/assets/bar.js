// The bar: position, and a button for everything that has a key.

class Bar {
  constructor(show, film) {
    this.show = show;
    this.film = film;
    this.segments = steps.map((step) => {
      const segment = make("span", {}, make("i"));
      segment.style.setProperty("--long", Math.max(step.end - step.start, 0.1));
      segment.classList.toggle("lesson", step.number === 0 && step.index > 0);
      return segment;
    });
    find("segments").append(...this.segments);
    find("segments").classList.toggle("dense", steps.length > 120);
    find("position").max = wholeSeconds;
    find("position").addEventListener("input", (event) => show.seek(Number(event.target.value)));
    find("back").addEventListener("click", () => show.back());
    find("next").addEventListener("click", () => show.next());
    find("play").addEventListener("click", () => show.toggle());
    find("sound").hidden = !story.spoken;
    find("sound").addEventListener("click", () => this.mute());
    for (const button of document.querySelectorAll("[data-word]")) {
      button.setAttribute("aria-label", word(button.dataset.word));
      button.title = word(button.dataset.word);
    }
    for (const name of ["time", "change"]) show.addEventListener(name, () => this.update());
    find("lecture-title").textContent = story.title;
    this.update();
  }

  mute() {
    const { video } = this.film;
    video.muted = !video.muted;
    find("sound").setAttribute("aria-pressed", !video.muted);
    find("sound-icon").setAttribute("href", video.muted ? "#icon-mute" : "#icon-sound");
  }

  update() {
    const { show } = this;
    const { step } = show;
    const root = find("player").dataset;
    root.state = show.isSettled ? show.state : "moving";
    root.place = show.place;
    root.step = step.index + 1;
    const isPlaying = show.state === "playing";
    const label = word(isPlaying ? "pause" : "play");
    find("play-icon").setAttribute("href", isPlaying ? "#icon-pause" : "#icon-play");
    if (find("play").title !== label) {
      find("play").title = label;
      find("play").setAttribute("aria-label", label);
    }
    find("next").setAttribute("aria-disabled", show.isOver);
    const where = word("step_of", { number: step.index + 1, count: steps.length });
    find("lesson-title").textContent = step.lesson.title === story.title ? "" : step.lesson.title;
    find("step-number").textContent = where;
    this.showTime(where);
  }

  showTime(where) {
    const { step, present } = this.show;
    const seconds = step.lesson.begin + present;
    const time = word("at_time", { time: clockText(seconds), whole: clockText(wholeSeconds) });
    find("time").textContent = time;
    find("position").value = seconds;
    find("position").setAttribute("aria-valuetext", `${where}, ${step.title}, ${time}`);
    for (const [index, segment] of this.segments.entries()) {
      const share = (present - step.start) / (step.end - step.start);
      const done = index < step.index ? 1 : index > step.index ? 0 : share;
      segment.firstChild.style.setProperty("--done", `${(100 * done).toFixed(1)}%`);
    }
  }
}
