// The stage: the film, and the stills over it while there is no film or none is wanted.

class Stage {
  constructor(show, film, media) {
    this.show = show;
    this.film = film;
    this.media = media;
    this.images = [find("still-one"), find("still-two")];
    this.covering = null; // number of the still that covers the film
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    this.motion.addEventListener("change", () => this.update());
    show.addEventListener("change", () => this.update());
    film.addEventListener("broken", () => this.update());
    find("start").addEventListener("click", () => show.next());
    this.update();
  }

  /** Whether stills are shown in place of what moves. */
  get isCalm() {
    return this.motion.matches || this.film.isBroken;
  }

  update() {
    const { show } = this;
    const { lesson } = show.step;
    find("player").classList.toggle("calm", this.isCalm);
    find("stage").style.setProperty("--ground", lesson.ground);
    find("frame").style.setProperty("--ratio", lesson.width / lesson.height);
    find("start").hidden = !(show.index === 0 && show.place === "start" && show.state === "stopped");
    this.cover(this.wanted());
    find("hint").hidden = this.hint() === "";
    find("hint").textContent = this.hint();
  }

  hint() {
    if (this.film.isBroken) return word("no_film");
    const isLate = this.show.state === "playing" && this.film.video.readyState < 2;
    return isLate ? word("loading") : "";
  }

  /** The still that is to cover the film, or null. */
  wanted() {
    const { show } = this;
    const { step } = show;
    const isCard = show.place === "start" && step.number === 0 && step.lesson.card !== null;
    if (isCard && show.state === "stopped") return step.lesson.card;
    if (this.isCalm) {
      // Before a question is answered, the last picture of its step would give the answer away.
      if (show.state === "asking") return this.film.isBroken ? this.before(step) : null;
      const isOpen = show.place !== "end" && show.coming && show.coming.step === step;
      return isOpen || show.place === "start" ? this.before(step) : step.still;
    }
    return show.place === "end" && !show.isSettled ? step.still : null;
  }

  before(step) {
    return step.number ? step.lesson.steps[step.number - 1].still : step.lesson.card;
  }

  /** Lay a still over the film, or take it away. */
  async cover(number) {
    if (number === this.covering) return;
    this.covering = number;
    const [old, fresh] = this.images;
    if (number !== null) {
      fresh.src = await this.media.address(number);
      await fresh.decode().catch(() => {});
      if (this.covering !== number) return;
      fresh.hidden = false;
      void fresh.offsetWidth; // so that it fades in
      fresh.classList.add("seen");
      fresh.parentNode.insertBefore(old, fresh);
      this.images.reverse();
    }
    const leaving = number === null ? this.images : [this.images[1]];
    if (number === null || !this.isCalm) this.leave(leaving);
    else setTimeout(() => this.covering === number && this.leave(leaving), 500);
  }

  leave(images) {
    for (const image of images) {
      image.classList.remove("seen");
      image.hidden = !this.isCalm;
    }
  }
}
