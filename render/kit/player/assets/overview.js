// The overview: all steps with their pictures, lesson by lesson.

class Overview {
  constructor(show, media) {
    this.show = show;
    this.media = media;
    this.dialog = find("overview");
    this.buttons = [];
    find("overview-open").addEventListener("click", () => this.toggle());
    show.addEventListener("step", () => this.dialog.open && this.mark());
  }

  toggle() {
    if (this.dialog.open) {
      this.dialog.close();
      return;
    }
    if (this.buttons.length === 0) this.build();
    this.mark();
    this.dialog.showModal();
    const chosen = this.buttons[this.show.index];
    chosen.focus();
    chosen.scrollIntoView({ block: "center" });
  }

  build() {
    for (const lesson of lessons) {
      const list = make("ol", {}, ...lesson.steps.map((it) => make("li", {}, this.button(it))));
      const isNamed = lessons.length > 1 || lesson.title !== story.title;
      find("overview-body").append(...(isNamed ? [make("h3", {}, lesson.title)] : []), list);
    }
  }

  button(step) {
    const image = make("img", { alt: "", hidden: true, decoding: "async" });
    const label = make("span", {}, make("b", {}, String(step.index + 1)), step.title);
    const button = make("button", { type: "button" }, image, label);
    button.style.setProperty("--ratio", step.lesson.width / step.lesson.height);
    button.style.setProperty("--ground", step.lesson.ground);
    button.addEventListener("click", () => {
      this.dialog.close();
      this.show.runFrom(step.index, false);
    });
    this.buttons[step.index] = button;
    return button;
  }

  /** The steps from an open question on to the end of its lesson: their pictures have the answer. */
  veiled() {
    const found = new Set();
    for (const lesson of lessons) {
      const first = lesson.steps.find((it) => this.show.openQuestion(it));
      if (first) for (const it of lesson.steps.slice(first.number)) found.add(it.index);
    }
    return found;
  }

  async picture(image, step, isVeiled) {
    if (image.dataset.veiled === String(isVeiled)) return;
    image.dataset.veiled = isVeiled;
    image.parentNode.classList.toggle("veiled", isVeiled);
    image.hidden = isVeiled;
    const address = isVeiled ? null : await this.media.address(step.still);
    if (address && image.dataset.veiled === "false") image.src = address;
  }

  /** Mark the step that is shown, and say what was predicted. */
  mark() {
    const { answers } = this.show;
    const veiled = this.veiled();
    for (const [index, button] of this.buttons.entries()) {
      this.picture(button.querySelector("img"), steps[index], veiled.has(index));
      if (index === this.show.index) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.querySelector("em")?.remove();
      const given = steps[index].questions.filter((it) => it.right !== null && answers.has(it.id));
      const told = given.map((it) => {
        const verdict = word(answers.get(it.id) === it.right ? "right" : "wrong");
        return `${it.choices[answers.get(it.id)]}: ${verdict}`;
      });
      if (told.length) button.append(make("em", {}, `${word("question")}: ${told.join(", ")}`));
    }
    const tally = { right: rightAnswers(this.show), count: judged.length };
    find("tally").textContent = answers.size ? word("predicted", tally) : "";
  }
}
