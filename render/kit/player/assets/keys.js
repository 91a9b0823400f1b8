// Keys, remote controls, fingers and the buttons of headphones.

const KEYS = [
  [["→", "↓", "Page Down"], "key_next"],
  [["←", "↑", "Page Up"], "key_back"],
  [["space"], "key_play"],
  [["Home", "End"], "key_first"],
  [["1…9", "enter"], "key_number"],
  [["R"], "key_again"],
  [["O"], "overview"],
  [["N"], "details"],
  [["C"], "subtitles"],
  [["P"], "presenter"],
  [["F", "F5"], "full_screen"],
  [["B", "."], "key_black"],
  [["Esc"], "key_close"],
];

const SWIPE = 45; // pixels

class Keys {
  constructor(show, parts) {
    this.show = show;
    this.parts = parts;
    this.typed = "";
    this.named = {
      ArrowRight: () => show.next(),
      ArrowDown: () => show.next(),
      PageDown: () => show.next(),
      ArrowLeft: () => show.back(),
      ArrowUp: () => show.back(),
      PageUp: () => show.back(),
      " ": () => show.toggle(),
      Home: () => show.begin(0),
      End: () => show.rest(steps.length - 1),
      Enter: () => this.jump(),
      Escape: () => this.close(),
      F5: () => this.fill(), // what a remote's button for the beginning of slides sends
      MediaTrackNext: () => show.next(),
      MediaTrackPrevious: () => show.back(),
      MediaPlayPause: () => show.toggle(),
      MediaPlay: () => this.play(true),
      MediaPause: () => this.play(false),
      MediaStop: () => this.play(false),
    };
    this.letters = {
      r: () => show.again(),
      o: () => parts.overview.toggle(),
      n: () => parts.details.toggle(),
      c: () => parts.subtitles.toggle(),
      p: () => parts.presenter().open(),
      f: () => this.fill(),
      b: () => this.black(),
      ".": () => this.black(),
      "?": () => this.help(),
    };
    addEventListener("keydown", (event) => this.press(event));
    this.listen();
  }

  listen() {
    find("full").addEventListener("click", () => this.fill());
    find("full").hidden = !document.fullscreenEnabled;
    find("black").addEventListener("click", () => this.black());
    find("help-open").addEventListener("click", () => this.help());
    find("appearance").addEventListener("click", () => this.turn());
    find("letters").checked = preferences.get("letters", "on") === "on";
    find("letters").addEventListener("change", (event) => {
      preferences.set("letters", event.target.checked ? "on" : "off");
    });
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.querySelector(".close").addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    }
    const rows = KEYS.flatMap(([names, key]) => {
      const shown = names.map((it) => make("kbd", {}, it in story.words ? word(it) : it));
      return [make("dt", {}, ...shown), make("dd", {}, word(key))];
    });
    find("help-keys").append(...rows);
    // Behind a click the focus would stay on the button, and the space bar with it.
    find("player").addEventListener("click", (event) => {
      if (event.detail > 0 && event.target.closest(".buttons button")) find("stage").focus();
    });
    this.feel(find("stage"));
    this.listenToHeadphones();
    document.addEventListener("fullscreenchange", () => {
      document.documentElement.classList.toggle("filling", Boolean(document.fullscreenElement));
      this.wake();
    });
    for (const name of ["pointermove", "pointerdown"]) addEventListener(name, () => this.wake());
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const isLetter = event.key.length === 1 && event.key !== " ";
    if (isLetter && !find("letters").checked) return;
    const onControl = target.closest?.("button, summary, a, input[type=checkbox]");
    // Enter behind a number is for the number, wherever the focus is.
    if (onControl && (event.key === " " || (event.key === "Enter" && !this.typed))) return;
    const open = document.querySelector("dialog[open]");
    const inDialog = open && !["o", "?", "Escape"].includes(event.key.toLowerCase());
    if (inDialog && event.key !== "Escape") return;
    if (open && event.key === "Escape") return; // the dialog closes itself
    const scrolls = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "];
    if (target.closest?.("[tabindex='0']") && scrolls.includes(event.key)) return;
    if (/^[0-9]$/.test(event.key)) this.digit(event.key);
    else if (!this.act(event.key)) return;
    event.preventDefault();
  }

  act(key) {
    const does = this.named[key] ?? this.letters[key.toLowerCase()];
    if (!does) return false;
    if (key !== "Enter") this.typed = "";
    const isBlack = !find("black").hidden;
    if (isBlack) this.black();
    // On a black picture the keys for it, and Escape, only bring the picture back.
    if (!isBlack || !["b", "B", ".", "Escape"].includes(key)) does();
    return true;
  }

  digit(key) {
    if (this.show.state === "asking" && key !== "0") this.parts.questions.choose(Number(key) - 1);
    else this.type(key);
  }

  /** Take a digit of a step's number, which is forgotten after a while. */
  type(key) {
    this.typed = (this.typed + key).slice(-4);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => (this.typed = ""), 5000);
  }

  jump() {
    const index = Number(this.typed) - 1;
    this.typed = "";
    if (index >= 0 && index < steps.length) this.show.runFrom(index, false);
  }

  close() {
    if (this.show.state === "playing") this.show.pause();
    else if (this.parts.details.isOpen) this.parts.details.open(false);
  }

  black() {
    const isBlack = find("black").hidden;
    if (isBlack && this.show.state === "playing") this.show.pause();
    find("black").hidden = !isBlack;
    if (isBlack) find("black").focus();
    else find("stage").focus();
  }

  /** Play, or pause, if it is not so already. */
  play(isWanted) {
    const isPlaying = this.show.state === "playing";
    if (isWanted && !isPlaying) this.show.toggle();
    if (!isWanted && isPlaying) this.show.pause();
  }

  help() {
    if (find("help").open) find("help").close();
    else find("help").showModal();
  }

  /** Turn between light and dark. */
  turn() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const now = root.dataset.appearance ?? system;
    root.dataset.appearance = now === "dark" ? "light" : "dark";
    preferences.set("appearance", root.dataset.appearance);
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  /** Show the controls of a full screen for a while. */
  wake() {
    document.documentElement.classList.add("awake");
    clearTimeout(this.asleep);
    const sleep = () => document.documentElement.classList.remove("awake");
    this.asleep = setTimeout(sleep, 2500);
  }

  /** A click plays and pauses; a finger that wipes goes on or back. */
  feel(stage) {
    let begin = null;
    let isWiped = false;
    stage.addEventListener("pointerdown", (event) => {
      begin = event.isPrimary ? [event.clientX, event.clientY] : null;
      isWiped = false;
    });
    stage.addEventListener("pointerup", (event) => {
      if (!begin || event.pointerType === "mouse") return;
      const [x, y] = [event.clientX - begin[0], event.clientY - begin[1]];
      isWiped = Math.abs(x) > SWIPE && Math.abs(x) > 1.5 * Math.abs(y);
      if (isWiped && x < 0) this.show.next();
      else if (isWiped) this.show.back();
    });
    stage.addEventListener("click", (event) => {
      if (event.target.closest("button, .question") || isWiped) return;
      if (this.show.state !== "asking") this.show.toggle();
    });
  }

  listenToHeadphones() {
    const session = navigator.mediaSession;
    if (!session) return;
    const does = {
      nexttrack: () => this.show.next(),
      previoustrack: () => this.show.back(),
      play: () => this.play(true),
      pause: () => this.play(false),
      stop: () => this.play(false),
    };
    for (const [name, action] of Object.entries(does)) session.setActionHandler(name, action);
    this.show.addEventListener("step", () => this.tellSystem(session));
    this.tellSystem(session);
  }

  /** Let the system show what plays, for instance on a locked telephone. */
  tellSystem(session) {
    const { step } = this.show;
    const about = { title: step.title, artist: step.lesson.title, album: story.title };
    session.metadata = new MediaMetadata(about);
  }
}
