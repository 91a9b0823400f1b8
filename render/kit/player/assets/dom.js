// Small means for the page: finding and making elements, clocks, what is remembered.

const find = (id) => document.getElementById(id);

/** Make an element; `about` has its properties, or attributes where there is no such property. */
function make(tag, about = {}, ...inner) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inner);
  return element;
}

/** Tell those who do not see the page. */
function say(text) {
  find("live").textContent = text;
}

/** Seconds as minutes and seconds, with hours where there are any. */
function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 0.001));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** What a viewer prefers; a browser that remembers nothing for files on the disk only forgets it. */
const preferences = {
  get(name, otherwise) {
    try {
      return localStorage.getItem(`backprop-studio.${name}`) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`backprop-studio.${name}`, value);
    } catch {
      // Nothing depends on it.
    }
  },
};

/** Let the browser paint and hear keys before going on. */
const breath = () => new Promise((go) => setTimeout(go, 0));
