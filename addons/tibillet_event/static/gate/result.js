/** The answer fills the screen: rate at the top, shape and word, reason and what to do. */

import { announce, h, say, shape, words } from "./dom.js";

export const YES_MS = 1200;

/** Hour and minute of an entry, in the gate's own time zone. */
export function hourOf(at, zone) {
    const lang = document.documentElement.lang;
    return new Intl.DateTimeFormat(lang, {
        hour: "2-digit",
        minute: "2-digit",
        timeZone: zone,
    }).format(at);
}

function kindOf(answer) {
    if (answer.ok) {
        return answer.warn ? "look" : "yes";
    }
    return answer.code === "age_needed" ? "look" : "no";
}

/** What is said of an answer: the word, the reason, what to do. */
function saidOf(answer, config) {
    if (answer.ok) {
        const word = say(answer.warn ? "look" : answer.code);
        return { word, title: answer.warn ? say("unlisted") : "", todo: "" };
    }
    if (answer.code === "offline") {
        return { word: say("ask"), title: say("offline_title"), todo: say("offline_todo") };
    }
    const { refusals } = words;
    const { title, todo } =
        refusals[`${answer.code}_${answer.detail}`] || refusals[answer.code] || refusals.invalid;
    const gate = answer.used_gate || config?.gate?.name || "";
    const used =
        answer.code === "already_used" && answer.used_at
            ? say("used", { time: hourOf(answer.used_at, config?.list.tz), gate })
            : "";
    return { word: say("no"), title, todo: used ? `${used}. ${todo}` : todo };
}

export class Result {
    /** @param {Object} parts `{signals, foot(), back()}`; `foot` the line at the bottom */
    constructor({ signals, foot, back }) {
        this.signals = signals;
        this.foot = foot;
        this.back = back;
        this.element = h("section.result", { hidden: true });
        this.timer = null;
    }

    get shown() {
        return !this.element.hidden;
    }

    /** True while the next ticket may come without a touch. */
    get passing() {
        return this.timer !== null;
    }

    show(answer, config) {
        const kind = answer.code === "offline" ? "look" : kindOf(answer);
        const { word, title, todo } = saidOf(answer, config);
        const lines = [answer.name, title, answer.instruction, todo].filter(Boolean);
        const count = answer.ok && answer.count > 1 ? say("times", answer) : "";
        const left = answer.left ? say("left", { count: answer.left }) : "";
        const order = !answer.ok && answer.order ? say("order", answer) : "";
        this._fill(
            kind,
            h("p.rate", {}, answer.rate || ""),
            shape(kind),
            h("h1", {}, word),
            answer.name && h("p.name", {}, answer.name),
            title && h("p.why", {}, title),
            answer.ok && answer.instruction && h("p.instruction", {}, answer.instruction),
            todo && h("p.todo", {}, todo),
            [count, left, order].filter(Boolean).map((text) => h("p.more", {}, text)),
            h("button.next", { type: "button", onclick: () => this.close() }, say("next"))
        );
        announce([word, answer.rate, ...lines].filter(Boolean).join(". "));
        this.signals.give(kind);
        if (kind === "yes") {
            this.timer = setTimeout(() => this.close(), YES_MS);
        }
    }

    /** Ask for the age: `answered(true)` sends the same scan again. */
    ask(answer, answered) {
        const age = answer.age || 18;
        const choose = (seen) => {
            this.close();
            answered(seen);
        };
        this._fill(
            "look",
            h("p.rate", {}, answer.rate || ""),
            shape("look"),
            h("h1", {}, say("age", { age })),
            answer.name && h("p.name", {}, answer.name),
            h("p.todo", {}, words.refusals.age_needed.todo),
            h("button.next", { type: "button", onclick: () => choose(true) }, say("age_yes")),
            h("button.other", { type: "button", onclick: () => choose(false) }, say("age_no"))
        );
        announce(say("age", { age }));
        this.signals.give("look");
    }

    _fill(kind, ...inside) {
        clearTimeout(this.timer);
        this.timer = null;
        this.element.className = `result ${kind}`;
        this.element.replaceChildren(
            ...inside.flat().filter(Boolean),
            h("p.bottom", { "aria-hidden": true }, this.foot())
        );
        this.element.hidden = false;
        this.element.querySelector(".next").focus({ preventScroll: true });
    }

    close() {
        if (!this.shown) {
            return;
        }
        clearTimeout(this.timer);
        this.timer = null;
        this.element.hidden = true;
        this.element.replaceChildren();
        this.back();
    }
}
