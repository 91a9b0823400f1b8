// The beginning: draw what is known, then let films and pictures come.

const appearance = preferences.get("appearance", "");
if (appearance) document.documentElement.dataset.appearance = appearance;

const media = new Media(story.media);
const film = new Film(find("film"), media);
const show = new Show(film);
new Teller(show);
const stage = new Stage(show, film, media);
const bar = new Bar(show, film);
const subtitles = new Subtitles(show, film);
const questions = new Questions(show);
const details = new Details(show);
const overview = new Overview(show, media);
let presenter = null;
const keys = new Keys(show, {
  overview,
  details,
  subtitles,
  questions,
  presenter: () => presenter,
});
presenter = new Presenter(show, media, keys);
const course = typeof Course === "undefined" ? null : new Course(show);

const asked = course?.resumed ?? Number(location.hash.slice(1)) - 1;
if (asked > 0 && asked < steps.length) show.rest(asked);
else show.begin(0);

show.addEventListener("step", () => {
  try {
    history.replaceState(null, "", `#${show.index + 1}`);
  } catch {
    // Some browsers do not let a file on the disk change its address.
  }
});

requestAnimationFrame(() => media.load());
