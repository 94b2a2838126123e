/** Elements, words and shapes: the little that the screens are made of. */

const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const words = read("tb-words");
export const setup = read("tb-setup");

/** A word of the page with its gaps filled: `say("queued", {n: 3})`. */
export function say(name, gaps = {}) {
    return Object.entries(gaps).reduce(
        (text, [gap, value]) => text.replaceAll(`{${gap}}`, value),
        words[name]
    );
}

/**
 * An element. Text becomes text, never markup: names come from the public.
 *
 * @param {string} kind `button.wide`: tag and classes
 * @param {Object} facts attributes; functions are listeners (`onclick`)
 * @param {...(Node|string|null|false)} inside
 */
export function h(kind, facts = {}, ...inside) {
    const [tag, ...classes] = kind.split(".");
    const element = document.createElement(tag);
    element.className = classes.join(" ");
    for (const [name, value] of Object.entries(facts)) {
        if (typeof value === "function") {
            element.addEventListener(name.slice(2), value);
        } else if (value !== null && value !== undefined && value !== false) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...inside.flat().filter((one) => one || one === 0));
    return element;
}

const SHAPES = {
    yes: ["M50 6a44 44 0 1 1 0 88a44 44 0 0 1 0-88z", "m29 51 15 16 28-33"],
    no: ["M32 5h36l27 27v36l-27 27H32L5 68V32z", "m34 34 32 32m0-32L34 66"],
    look: ["M50 8 95 90H5z", "M50 36v26m0 11v5"],
};

/** Tick in a circle, cross in an octagon, bar in a triangle. */
export function shape(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("class", "shape");
    svg.setAttribute("aria-hidden", "true");
    for (const d of SHAPES[name]) {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", d);
        svg.append(path);
    }
    return svg;
}

/** Read out by screen readers at once. */
export function announce(text) {
    document.getElementById("tb-say").textContent = text;
}
