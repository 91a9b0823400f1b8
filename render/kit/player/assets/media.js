// Pictures and films: files beside the page, or pieces in it that are decoded one by one.

class Media {
  constructor(entries) {
    this.addresses = entries.map((it) => it.source ?? null);
    this.kinds = entries.map((it) => it.kind);
    this.pieces = entries.map(() => []);
    this.waiting = new Map();
  }

  /** The address of a medium, as soon as it is there. */
  address(number) {
    if (this.addresses[number] !== null) return Promise.resolve(this.addresses[number]);
    return new Promise((told) => {
      this.waiting.set(number, [...(this.waiting.get(number) ?? []), told]);
    });
  }

  /**
   * Decode what the page carries, piece by piece while it is still being read. Each piece goes to
   * the browser's store at once, so that this page's own memory stays as it is however long the
   * lecture.
   */
  async load() {
    for (;;) {
      const piece = document.querySelector("script[data-medium]");
      const isWhole = piece && (piece.nextElementSibling || document.readyState !== "loading");
      if (isWhole) this.take(piece);
      else if (document.readyState !== "loading") return;
      await breath();
    }
  }

  take(piece) {
    const number = Number(piece.dataset.medium);
    if ("whole" in piece.dataset) {
      const whole = new Blob(this.pieces[number], { type: this.kinds[number] });
      this.pieces[number] = [];
      this.arrive(number, URL.createObjectURL(whole));
    } else {
      const letters = atob(piece.textContent);
      const bytes = new Uint8Array(letters.length);
      for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
      this.pieces[number].push(new Blob([bytes]));
    }
    piece.remove();
  }

  arrive(number, address) {
    this.addresses[number] = address;
    for (const told of this.waiting.get(number) ?? []) told(address);
    this.waiting.delete(number);
  }
}
