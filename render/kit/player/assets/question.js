// Questions: the film waits, and goes on with an answer or without one.

class Questions {
  constructor(show) {
    this.show = show;
    show.addEventListener("change", () => this.update());
    show.addEventListener("ask", () => this.open());
  }

  update() {
    const box = find("question");
    const isOpen = this.show.state === "asking";
    if (!isOpen && box.contains(document.activeElement)) find("stage").focus();
    box.hidden = !isOpen;
  }

  open() {
    const { question } = this.show;
    find("question-text").textContent = question.text;
    const given = this.show.answers.get(question.id);
    const choices = question.choices.map((text, number) => {
      const key = make("kbd", {}, String(number + 1));
      const button = make("button", { type: "button" }, key, text);
      button.setAttribute("aria-pressed", given === number);
      button.addEventListener("click", () => this.show.answer(number));
      return button;
    });
    const on = make("button", { type: "button", className: "main" }, word("go_on"));
    on.addEventListener("click", () => this.show.answer());
    find("choices").replaceChildren(...choices, on);
    on.focus({ preventScroll: true });
  }

  choose(number) {
    const { question } = this.show;
    if (question && number < question.choices.length) this.show.answer(number);
  }
}

/** How many predictions were right, of those that can be judged. */
function rightAnswers(show) {
  return judged.filter((it) => show.answers.get(it.id) === it.right).length;
}
