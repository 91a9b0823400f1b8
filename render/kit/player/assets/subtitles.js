// Subtitles: the script's sentences, each while it is said.

class Subtitles {
  constructor(show, film) {
    this.show = show;
    this.film = film;
    // Where the film has them in the picture, nobody needs them twice.
    this.isOn = preferences.get("subtitles", story.captioned ? "off" : "on") === "on";
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
    const { step, present } = this.show;
    const cue = this.isOn && step.cues.find(([from, until]) => from <= present && present < until);
    find("subtitles").setAttribute("aria-pressed", this.isOn);
    find("subtitle").hidden = !cue;
    find("subtitle").textContent = cue ? cue[2] : "";
  }
}
