// Questions: the film waits, and goes on with an answer or without one.

class Questions {
  constructor(show) {
    this.show = show;
    this.told = new Set();
    show.addEventListener("change", () => this.update());
    show.addEventListener("ask", () => this.open());
    show.addEventListener("rest", () => this.tellResult());
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
    const offered = question.choices.map((text, number) => `${number + 1}: ${text}`);
    say([word("question"), question.text, ...offered, word("think")].join(". "));
    on.focus({ preventScroll: true });
  }

  choose(number) {
    const { question } = this.show;
    if (question && number < question.choices.length) this.show.answer(number);
  }

  /** Say once whether a prediction was right: when the film has shown it. */
  tellResult() {
    for (const question of this.show.step.questions) {
      const choice = this.show.answers.get(question.id);
      if (choice === undefined || question.right === null || this.told.has(question.id)) continue;
      this.told.add(question.id);
      const verdict = word(choice === question.right ? "right" : "wrong");
      say(`${word("question")}: ${question.choices[choice]}, ${verdict}`);
    }
  }
}

/** How many predictions were right, of those that can be judged. */
function rightAnswers(show) {
  return judged.filter((it) => show.answers.get(it.id) === it.right).length;
}

/** Tell those who do not see the page. */
function say(text) {
  find("live").textContent = text;
}
