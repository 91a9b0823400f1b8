// The text of a step beside the picture: what is said, what is to be seen, its numbers as a table.

class Details {
  constructor(show) {
    this.show = show;
    find("details-open").addEventListener("click", () => this.toggle());
    show.addEventListener("step", () => this.fill());
    // On a telephone held upright there is room below the picture.
    this.tall = matchMedia("(max-width: 60rem) and (orientation: portrait)");
    this.open(this.tall.matches);
    this.tall.addEventListener("change", () => this.tall.matches && this.open(true));
    this.fill();
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

  fill() {
    const { step } = this.show;
    find("details-title").textContent = step.title;
    find("details-script").textContent = step.script;
    find("details-seen").replaceChildren(...step.seen.map((it) => make("li", {}, it)));
    find("details-seen-part").hidden = step.seen.length === 0;
    const rows = step.numbers.map(([name, text, value]) =>
      make("tr", {}, make("td", {}, text), make("td", {}, name), make("td", {}, value)),
    );
    find("numbers-rows").replaceChildren(...rows);
    find("numbers").hidden = rows.length === 0;
    find("no-numbers").hidden = rows.length > 0;
    find("details").scrollTop = 0;
  }
}
