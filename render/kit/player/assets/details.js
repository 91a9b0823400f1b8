// The text of a step beside the picture: what is said, what is to be seen, its numbers as a table.

class Details {
  constructor(show) {
    this.show = show;
    find("details-open").addEventListener("click", () => this.toggle());
    show.addEventListener("change", () => this.update());
    // On a telephone held upright there is room below the picture.
    this.tall = matchMedia("(max-width: 60rem) and (orientation: portrait)");
    this.open(this.tall.matches);
    this.tall.addEventListener("change", () => this.tall.matches && this.open(true));
    this.update();
  }

  get isOpen() {
    return !find("details").hidden;
  }

  toggle() {
    this.open(!this.isOpen);
  }

  open(isOpen) {
    find("details").hidden = !isOpen;
    find("details-open").setAttribute("aria-pressed", isOpen);
  }

  /** Fill in what belongs to the step, once; what would answer its question, behind it. */
  update() {
    const question = this.show.question ?? this.show.openQuestion(this.show.step);
    if (this.filled?.step === this.show.step && this.filled.question === question) return;
    this.filled = { step: this.show.step, question };
    this.fill(question);
  }

  fill(question) {
    const { step } = this.show;
    find("details-title").textContent = step.title;
    const said = question ? saidOf(step, (time) => time < question.at) : step.script;
    find("details-script").textContent = said;
    find("details-later").hidden = !question;
    find("details-answers").hidden = Boolean(question);
    const seen = question ? [] : step.seen;
    find("details-seen").replaceChildren(...seen.map((it) => make("li", {}, it)));
    find("details-seen-part").hidden = seen.length === 0;
    const numbers = question ? [] : step.numbers;
    const rows = numbers.map(([name, text, value]) =>
      make("tr", {}, make("td", {}, text), make("td", {}, name), make("td", {}, value)),
    );
    find("numbers-rows").replaceChildren(...rows);
    find("numbers").hidden = rows.length === 0;
    find("no-numbers").hidden = rows.length > 0;
    find("details").scrollTop = 0;
  }
}
