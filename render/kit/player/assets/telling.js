// What is told to those who do not see the page: each step once, questions, and what came out.

class Teller {
  constructor(show) {
    this.show = show;
    this.tellsLater = new Set(); // steps that were told up to their question
    this.judged = new Set();
    show.addEventListener("change", () => this.tellStep());
    show.addEventListener("ask", () => this.tellQuestion());
    show.addEventListener("rest", () => this.tellRest());
  }

  /** Tell each step when it comes; the first one when it begins. */
  tellStep() {
    const { index, place, step } = this.show;
    if (this.toldIndex === index || (index === 0 && place === "start")) return;
    this.toldIndex = index;
    const question = this.show.openQuestion(step);
    if (question) this.tellsLater.add(index);
    say(toldOf(step, question));
  }

  tellQuestion() {
    const { question } = this.show;
    const offered = question.choices.map((text, number) => `${number + 1}: ${text}`);
    say(told([word("question"), question.text, ...offered, word("think")]));
  }

  /** Tell once whether a prediction was right, and what was held back before it. */
  tellRest() {
    const { step, index, answers } = this.show;
    const verdicts = [];
    for (const question of step.questions) {
      const choice = answers.get(question.id);
      if (choice === undefined || question.right === null || this.judged.has(question.id)) continue;
      this.judged.add(question.id);
      const verdict = word(choice === question.right ? "right" : "wrong");
      verdicts.push(`${word("question")}: ${question.choices[choice]}, ${verdict}`);
    }
    const later = this.tellsLater.delete(index) ? [toldAfter(step)] : [];
    const texts = [...verdicts, ...later, ...(this.show.isOver ? this.endOnce() : [])];
    if (texts.length) say(told(texts));
  }

  /** That it is over, the first time. */
  endOnce() {
    if (this.toldEnd) return [];
    this.toldEnd = true;
    return [placeOf(this.show.step), word("end")];
  }
}

/** Which step it is, and its title. */
function placeOf(step) {
  const where = word("step_of", { number: step.index + 1, count: steps.length });
  return `${where}: ${step.title}`;
}

/** What is said in a step before or after a time, in lines as they are spoken. */
function saidOf(step, isWanted) {
  const joint = story.language === "en" ? " " : "";
  const lines = step.cues.filter(([from]) => isWanted(from)).map(([, , text]) => text);
  return lines.join("\n").replaceAll("\n", joint);
}

/**
 * What is to be said of a step to those who do not see it: its place and title, what is spoken and
 * what is to be seen; before an open question is answered, only what is spoken up to it.
 */
function toldOf(step, question) {
  const beginning = question
    ? [saidOf(step, (time) => time < question.at), word("after_question")]
    : [step.script, step.seen.join("; ")];
  return told([placeOf(step), ...beginning]);
}

/** What is to be said of a step when its questions are over. */
function toldAfter(step) {
  const last = step.questions.at(-1);
  return told([saidOf(step, (time) => time >= last.until - 0.01), step.seen.join("; ")]);
}

/** Join what is told, each piece as a sentence of its own. */
function told(pieces) {
  const [stop, joint] = story.language === "en" ? [".", " "] : ["。", ""];
  const kept = pieces.filter(Boolean);
  return kept.map((it) => (/[.!?…。！？]$/.test(it) ? it : it + stop)).join(joint);
}
