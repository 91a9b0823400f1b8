// Subtitles: the script's sentences, each while it is said.

class Subtitles {
  constructor(show, film) {
    this.show = show;
    this.film = film;
    // Where the film has them in the picture, nobody needs them twice; a still has only the last.
    const inPicture = story.captioned && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.isOn = preferences.get("subtitles", inPicture ? "off" : "on") === "on";
    find("player").classList.toggle("captioned", story.captioned);
    for (const name of ["time", "change"]) show.addEventListener(name, () => this.update());
    find("subtitles").addEventListener("click", () => this.toggle());
    this.update();
  }

  toggle() {
    this.isOn = !this.isOn;
    preferences.set("subtitles", this.isOn ? "on" : "off");
    this.update();
  }

  update() {
    const { step, present, state } = this.show;
    const isWanted = this.isOn && state !== "asking"; // the question stands below by itself
    const cue = isWanted && step.cues.find(([from, until]) => from <= present && present < until);
    find("subtitles").setAttribute("aria-pressed", this.isOn);
    find("subtitle").hidden = !cue;
    find("subtitle").textContent = cue ? cue[2] : "";
  }
}
