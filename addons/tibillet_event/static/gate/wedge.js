/**
 * A scanner or card reader that types like a keyboard: quick keys and an Enter, wherever the
 * focus is. What a person types slowly into a field is left alone.
 */

const QUICK_MS = 60;
const SHORTEST = 6;

export class Wedge {
    /** @param {(text: string) => void} give */
    constructor(give) {
        this.give = give;
        this.keys = "";
        this.last = 0;
    }

    /** Listen to the whole page. */
    listen(target = document) {
        target.addEventListener("keydown", (event) => this.key(event), true);
    }

    key(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
            return;
        }
        const now = event.timeStamp;
        if (now - this.last > QUICK_MS) {
            this.keys = "";
        }
        this.last = now;
        if (event.key === "Enter" || event.key === "Tab") {
            const text = this.keys;
            this.keys = "";
            if (text.length >= SHORTEST) {
                event.preventDefault();
                event.stopPropagation();
                const field = event.target;
                if (field instanceof HTMLInputElement) {
                    field.value = ""; // the scanner has typed into it meanwhile
                }
                this.give(text);
            }
        } else if (event.key.length === 1) {
            this.keys += event.key;
        }
    }
}

const CARD = /^(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/i;

/** What was read: a card's number or a ticket's text. */
export function understood(text) {
    const plain = text.replace(/[\r\n]+$/, "");
    const card = plain.replace(/[\s:-]/g, "");
    return CARD.test(card) ? { uid: card.toUpperCase() } : { text: plain.trimStart() };
}
