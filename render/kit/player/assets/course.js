// A learning platform that speaks SCORM 1.2: how far the viewer is, when it is done, what was
// predicted. Without a platform, nothing of it happens.

const MOST_WINDOWS = 10;

/** The platform's interface: in this window's frames, or those of the window that opened it. */
function findPlatform(start) {
  let here = start;
  for (let k = 0; here && k < MOST_WINDOWS; k++) {
    try {
      if (here.API) return here.API;
    } catch {
      return null; // a page of somebody else's
    }
    if (here.parent === here) break;
    here = here.parent;
  }
  return null;
}

class Course {
  constructor(show) {
    this.show = show;
    this.platform = findPlatform(window) ?? (window.opener && findPlatform(window.opener));
    this.begun = Date.now();
    this.isOver = false;
    this.told = 0; // interactions so far
    if (!this.platform || this.platform.LMSInitialize("") !== "true") {
      this.platform = null;
      return;
    }
    this.recall();
    show.addEventListener("step", () => this.keepPlace());
    show.addEventListener("change", () => show.isOver && this.complete());
    show.addEventListener("answer", (event) => this.record(event.detail));
    addEventListener("pagehide", () => this.finish());
    addEventListener("beforeunload", () => this.finish());
  }

  get(name) {
    return this.platform.LMSGetValue(`cmi.${name}`);
  }

  set(name, value) {
    this.platform.LMSSetValue(`cmi.${name}`, String(value));
  }

  /** Take up what was there the last time. */
  recall() {
    this.isDone = ["completed", "passed"].includes(this.get("core.lesson_status"));
    if (!this.isDone) this.set("core.lesson_status", "incomplete");
    for (const row of this.get("suspend_data").split(";")) {
      const [id, choice] = row.split("=");
      if (judged.some((it) => it.id === id)) this.show.answers.set(id, Number(choice));
    }
    this.told = Number(this.get("interactions._count")) || 0;
    const place = this.get("core.lesson_location");
    const step = steps.find((it) => `${it.lesson.id}.${it.id}` === place);
    if (step && step.index > 0) this.resumed = step.index;
    this.platform.LMSCommit("");
  }

  keepPlace() {
    const { step } = this.show;
    this.set("core.lesson_location", `${step.lesson.id}.${step.id}`);
    this.platform.LMSCommit("");
  }

  complete() {
    if (this.isDone) return;
    this.isDone = true;
    this.set("core.lesson_status", "completed");
    this.platform.LMSCommit("");
  }

  /** Tell a prediction, and the score of those that can be judged. */
  record({ question, choice }) {
    const name = `interactions.${this.told}`;
    this.told += 1;
    const letter = (number) => "abcdefghijklmnopqrstuvwxyz"[number];
    this.set(`${name}.id`, question.id.replace(/[^\w.-]/g, "_"));
    this.set(`${name}.type`, "choice");
    this.set(`${name}.student_response`, letter(choice));
    if (question.right !== null) {
      this.set(`${name}.correct_responses.0.pattern`, letter(question.right));
      this.set(`${name}.result`, choice === question.right ? "correct" : "wrong");
      this.set("core.score.min", 0);
      this.set("core.score.max", 100);
      const share = rightAnswers(this.show) / judged.length;
      this.set("core.score.raw", Math.round(100 * share));
    }
    const kept = judged.filter((it) => this.show.answers.has(it.id));
    const rows = kept.map((it) => `${it.id}=${this.show.answers.get(it.id)}`);
    this.set("suspend_data", rows.join(";").slice(0, 4096));
    this.platform.LMSCommit("");
  }

  finish() {
    if (this.isOver) return;
    this.isOver = true;
    this.set("core.session_time", this.spent());
    this.set("core.exit", this.isDone ? "" : "suspend");
    this.platform.LMSCommit("");
    this.platform.LMSFinish("");
  }

  /** The time of this session as the specification writes it. */
  spent() {
    const hundredths = Math.round((Date.now() - this.begun) / 10);
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    const hours = String(Math.floor(hundredths / 360000)).padStart(4, "0");
    const minutes = two((hundredths / 6000) % 60);
    return `${hours}:${minutes}:${two((hundredths / 100) % 60)}.${two(hundredths % 100)}`;
  }
}
