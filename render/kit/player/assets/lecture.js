// The lecture: lessons and steps as the page was given them, with their times worked out.

const story = JSON.parse(find("story").textContent);

/** A text of the page in the lecture's language, with {names} filled in. */
function word(key, fields = {}) {
  return story.words[key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);
}

const lessons = story.lessons;
const steps = [];
let wholeSeconds = 0;
for (const lesson of lessons) {
  lesson.begin = wholeSeconds;
  for (const [number, step] of lesson.steps.entries()) {
    step.lesson = lesson;
    step.number = number;
    step.index = steps.length;
    step.start = step.first / lesson.fps;
    step.end = step.last / lesson.fps;
    step.rest = (step.last - 0.5) / lesson.fps; // in the middle of its last frame
    for (const [k, question] of step.questions.entries()) {
      question.id = `${lesson.id}.${step.id}.${k + 1}`;
      question.step = step;
    }
    steps.push(step);
  }
  lesson.seconds = lesson.steps.at(-1).end;
  wholeSeconds += lesson.seconds;
}

/** The step that plays at a time of the whole lecture, and the time in its lesson. */
function placeAt(seconds) {
  const lesson = lessons.findLast((it) => it.begin <= seconds) ?? lessons[0];
  const time = Math.min(seconds - lesson.begin, lesson.steps.at(-1).rest);
  return { step: lesson.steps.findLast((it) => it.start <= time) ?? lesson.steps[0], time };
}

/** All questions that have an answer which can be judged. */
const judged = steps.flatMap((it) => it.questions).filter((it) => it.right !== null);
