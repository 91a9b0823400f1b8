// The show: at which step it is, and what "next", "back" and "play" do there.
//
// A step is played and then stands at its last frame. `place` is where in the step the film is
// ("start", "middle", "end"), `state` what it does ("stopped", "playing", "asking"). `isSettled`
// says that the frame which belongs there is on the screen.

const FRAMES_BEFORE_END = 1.25;

class Show extends EventTarget {
  constructor(film) {
    super();
    this.film = film;
    this.index = 0;
    this.place = "start";
    this.state = "stopped";
    this.isSettled = false;
    this.goesThrough = false;
    this.question = null;
    this.coming = null; // the next question of this step
    this.answers = new Map();
    this.passed = new Set(); // ids of the questions behind which the viewer has been
    this.turn = 0;
    film.addEventListener("frame", (event) => this.onFrame(event.detail));
    film.addEventListener("broken", () => this.state === "playing" && this.goOn());
  }

  get step() {
    return steps[this.index];
  }

  get isLast() {
    return this.index === steps.length - 1;
  }

  /** The first question of a step whose answer the viewer has neither given nor seen, or null. */
  openQuestion(step) {
    const isOpen = (it) => !this.answers.has(it.id) && !this.passed.has(it.id);
    return step.questions.find(isOpen) ?? null;
  }

  /** Count the questions of a step that are over at a time: there its picture has the answer. */
  pass(step, time) {
    const over = step.questions.filter((it) => it.until <= time + 0.01);
    for (const question of over) this.passed.add(question.id);
  }

  /** Take a new place; what was under way gives way to it. */
  take(index, place, state) {
    const isNew = this.index !== index;
    if (place === "end") this.pass(steps[index], Infinity);
    Object.assign(this, { index, place, state, isSettled: false, question: null });
    this.turn += 1;
    this.tell(isNew ? "step" : "change");
    return this.turn;
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
    if (name === "step") this.dispatchEvent(new Event("change"));
  }

  settle() {
    this.isSettled = true;
    this.tell("change");
  }

  /** Stand at a time of a step. */
  async stand(index, place, time) {
    this.film.video.pause();
    const turn = this.take(index, place, "stopped");
    await this.film.open(this.step.lesson);
    if (turn !== this.turn) return;
    await this.film.seek(time);
    if (turn !== this.turn) return;
    this.settle();
    if (place === "end") this.tell("rest");
  }

  /** Stand at the last frame of a step. */
  rest(index) {
    return this.stand(index, "end", steps[index].rest);
  }

  begin(index) {
    return this.stand(index, "start", steps[index].start);
  }

  /** Play from a time of a step: to its end, or through all that follows. */
  async run(index, time, goesThrough) {
    const step = steps[index];
    if (time >= step.end - FRAMES_BEFORE_END / step.lesson.fps) {
      if (goesThrough && index + 1 < steps.length) return this.runFrom(index + 1, true);
      return this.rest(index);
    }
    this.goesThrough = goesThrough;
    this.expect(step, time);
    const turn = this.take(index, "middle", "playing");
    const film = this.film;
    if (film.isBroken) return this.coming ? this.ask(this.coming) : this.rest(index);
    if (!film.isOpen(step.lesson)) await film.open(step.lesson);
    if (turn !== this.turn) return undefined;
    if (!film.isAt(time)) await film.seek(time);
    if (turn !== this.turn) return undefined;
    try {
      await film.video.play();
    } catch {
      if (turn === this.turn) this.pause();
      return undefined;
    }
    if (turn === this.turn) this.settle();
    return undefined;
  }

  /** Go on from where the film is. */
  goOn() {
    return this.run(this.index, this.present, this.goesThrough);
  }

  runFrom(index, goesThrough) {
    return this.run(index, steps[index].start, goesThrough);
  }

  /** Know which question comes next in a step. */
  expect(step, time) {
    this.coming = step.questions.find((it) => it.at > time + 0.01) ?? null;
  }

  onFrame(time) {
    if (this.state !== "playing" || !this.isSettled) return;
    const { step } = this;
    if (this.film.lesson !== step.lesson) return;
    if (this.coming && time >= this.coming.at) {
      this.ask(this.coming);
    } else if (time >= step.end - FRAMES_BEFORE_END / step.lesson.fps) {
      this.reachEnd();
    } else {
      this.tell("time");
    }
  }

  /** Stop at the end of a step, or go on into the next one. */
  reachEnd() {
    const { index, step } = this;
    if (!this.goesThrough || this.isLast) {
      this.rest(index);
    } else if (steps[index + 1].lesson === step.lesson) {
      this.expect(steps[index + 1], steps[index + 1].start - 1);
      this.index += 1;
      this.tell("step");
    } else {
      this.runFrom(index + 1, true);
    }
  }

  ask(question) {
    this.film.video.pause();
    this.take(this.index, "middle", "asking");
    this.question = question;
    this.sought = question.at;
    this.settle();
    this.tell("ask");
  }

  /** Go on behind a question, with the number of a choice or without an answer. */
  answer(choice = null) {
    const { question } = this;
    if (!question) return;
    this.passed.add(question.id);
    if (choice !== null && !this.answers.has(question.id)) {
      this.answers.set(question.id, choice);
      this.dispatchEvent(new CustomEvent("answer", { detail: { question, choice } }));
    }
    this.run(this.index, question.until, this.goesThrough);
  }

  pause() {
    this.film.video.pause();
    this.take(this.index, "middle", "stopped");
    this.settle();
  }

  /** Let the film be where it asks something. */
  async jumpTo(question) {
    this.film.video.pause();
    const turn = this.take(this.index, "middle", "stopped");
    await this.film.open(this.step.lesson);
    if (turn !== this.turn) return;
    await this.film.seek(question.at);
    if (turn === this.turn) this.ask(question);
  }

  /** One step on; in the middle of one, to its next question, or to its end. */
  next() {
    if (this.state === "asking") this.answer();
    else if (this.state === "playing" && this.coming) this.jumpTo(this.coming);
    else if (this.state === "playing") this.rest(this.index);
    else if (this.place !== "end") this.run(this.index, this.present, false);
    else if (!this.isLast) this.runFrom(this.index + 1, false);
  }

  back() {
    if (this.index > 0) this.rest(this.index - 1);
    else this.begin(0);
  }

  toggle() {
    if (this.state === "playing") this.pause();
    else if (this.state === "asking") this.answer();
    else if (this.place !== "end") this.run(this.index, this.present, true);
    else this.runFrom(this.isLast ? 0 : this.index + 1, true);
  }

  again() {
    this.runFrom(this.index, false);
  }

  /** Stand at a time of the whole lecture. */
  seek(seconds) {
    const { step, time } = placeAt(seconds);
    const place = time >= step.rest - 0.01 ? "end" : "middle";
    this.expect(step, time);
    this.pass(step, time);
    this.sought = time;
    this.stand(step.index, place, time);
  }

  /** The time in the lesson. */
  get present() {
    const { step, place } = this;
    if (place === "start") return step.start;
    if (place === "end") return step.end;
    if (this.film.lesson !== step.lesson || this.film.video.seeking) return this.sought ?? step.start;
    return Math.min(Math.max(this.film.time, step.start), step.end);
  }

  get isOver() {
    return this.isLast && this.place === "end";
  }
}
