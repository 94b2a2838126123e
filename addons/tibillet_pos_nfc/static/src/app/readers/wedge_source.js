import { ReaderSource } from "./reader_source";

/** Longest pause between two keys of a reader; nobody types a whole number that fast. */
export const MAX_GAP_MS = 50;

/** How a reader may write the number, as the till's setting calls it. */
const FORMATS = {
    hex: { decimal: false, reversed: false },
    hex_reversed: { decimal: false, reversed: true },
    decimal: { decimal: true, reversed: false },
    decimal_reversed: { decimal: true, reversed: true },
};
const HEX_LENGTHS = [8, 14, 20];
const DECIMAL_BYTES = { 10: 4, 17: 7 };
const SEPARATORS = ":-";
const EDITABLE = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

/**
 * A reader that types: it poses as a keyboard, writes the card's number and presses Enter.
 *
 * Keys that could belong to a number are held back for as long as the next key of a reader may
 * take, and handed on when it does not come: what a person types arrives, 50 ms later. In a text
 * field nothing is held back; a card's number is taken out of it again.
 *
 * A reader made for American keyboards writes "&é" for "12" on a French one. So each key is read
 * twice, by its letter and by its place, and the reading that makes a number counts.
 *
 * A number that is also a valid bar code (8 or 14 digits and their check digit) is left to the
 * bar code reader.
 */
export class WedgeSource extends ReaderSource {
    name = "wedge";

    /**
     * @param {Object} [options]
     * @param {"hex"|"hex_reversed"|"decimal"|"decimal_reversed"} [options.format] how the reader
     *   writes the number: in which digits, first or last byte first
     * @param {number} [options.maxGap] ms
     * @param {EventTarget} [options.target]
     */
    constructor({ format = "hex", maxGap = MAX_GAP_MS, target = window } = {}) {
        super();
        this.format = FORMATS[format] || FORMATS.hex;
        this.maxGap = maxGap;
        this.target = target;
        this.replayed = new WeakSet();
        /** What was last typed at a reader's speed and is no card number: for whoever asks why. */
        this.lastTyped = "";
        this.onKey = this.onKey.bind(this);
        this.forget();
    }

    start() {
        for (const type of ["keydown", "keyup"]) {
            this.target.addEventListener(type, this.onKey, { capture: true });
        }
    }

    stop() {
        for (const type of ["keydown", "keyup"]) {
            this.target.removeEventListener(type, this.onKey, { capture: true });
        }
        this.handOn();
    }

    // -- keys ------------------------------------------------------------------------------

    onKey(event) {
        if (this.replayed.has(event)) {
            return;
        }
        if (event.type === "keydown") {
            this.onKeyDown(event);
        } else if (this.down.has(event.code)) {
            this.onKeyUp(event);
        }
    }

    onKeyDown(event) {
        if (event.key === "Shift" || event.key === "CapsLock") {
            return;
        }
        const late = event.timeStamp - this.lastAt > this.maxGap;
        if (late) {
            this.handOn();
        }
        if (event.key === "Enter") {
            this.onEnter(event);
            return;
        }
        const byKey = numeral(event.key);
        const byCode = numeralOfCode(event.code);
        const combined = event.ctrlKey || event.altKey || event.metaKey || event.repeat;
        if (combined || (byKey === null && byCode === null)) {
            this.handOn();
            return;
        }
        if (!this.count) {
            this.field = event.target.closest?.(EDITABLE) || null;
            this.before = this.field?.value;
        }
        this.byKey = join(this.byKey, byKey);
        this.byCode = join(this.byCode, byCode);
        this.count++;
        this.lastAt = event.timeStamp;
        if (!this.field) {
            this.hold(event);
        }
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.handOn(), this.maxGap + 10);
    }

    /** A key that is held, or was a reader's, goes up as it came down. */
    onKeyUp(event) {
        if (this.count && !this.field) {
            this.hold(event);
        } else {
            swallow(event);
        }
        this.down.delete(event.code);
    }

    onEnter(event) {
        const uid = this.count ? this.recognise() : "";
        if (!uid) {
            const bySpeed = this.count > 1 && !this.field;
            if (bySpeed) {
                this.lastTyped = this.byKey || this.byCode || "";
                this.hold(event); // the Enter of a bar code must not overtake its digits
            }
            this.handOn();
            return;
        }
        swallow(event);
        this.down.add(event.code);
        if (this.field && this.before !== undefined) {
            this.field.value = this.before;
            this.field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
        this.forget({ keepDown: true });
        this.emit("card", { uid, reader: "keyboard", at: Date.now() });
    }

    hold(event) {
        swallow(event);
        this.held.push({ event, target: event.target });
        if (event.type === "keydown") {
            this.down.add(event.code);
        }
    }

    /** It was a person, or a bar code: give the keys back in the order they came. */
    handOn() {
        const { held } = this;
        this.forget();
        for (const { event, target } of held) {
            const copy = new KeyboardEvent(event.type, {
                key: event.key,
                code: event.code,
                keyCode: event.keyCode,
                which: event.which,
                charCode: event.charCode,
                location: event.location,
                shiftKey: event.shiftKey,
                bubbles: true,
                cancelable: true,
                composed: true,
                view: event.view,
            });
            this.replayed.add(copy);
            target.dispatchEvent(copy);
        }
    }

    forget({ keepDown = false } = {}) {
        clearTimeout(this.timer);
        this.held = [];
        this.byKey = "";
        this.byCode = "";
        this.count = 0;
        this.field = null;
        this.before = undefined;
        this.lastAt = -Infinity;
        // Keys still down when they are given back keep their own keyup.
        this.down = keepDown ? this.down : new Set();
    }

    // -- numbers ---------------------------------------------------------------------------

    recognise() {
        return this.toUid(this.byKey) || this.toUid(this.byCode);
    }

    /** @returns {string} the card's number, or "" when the text is none */
    toUid(text) {
        if (!text || isBarcode(text)) {
            return "";
        }
        const hex = this.format.decimal ? fromDecimal(text) : text.toUpperCase();
        if (!HEX_LENGTHS.includes(hex.length) || !/^[0-9A-F]+$/.test(hex)) {
            return "";
        }
        return this.format.reversed ? hex.match(/../g).reverse().join("") : hex;
    }
}

function swallow(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
}

/** @returns {string|null} what the key adds to a number: a digit, or "" for a separator */
function numeral(key) {
    if (/^[0-9A-Fa-f]$/.test(key)) {
        return key;
    }
    return key?.length === 1 && SEPARATORS.includes(key) ? "" : null;
}

function numeralOfCode(code) {
    const [, digit, letter] = /^(?:Digit|Numpad)(\d)$|^Key([A-F])$/.exec(code) || [];
    return digit ?? letter ?? null;
}

/** A reading that met a key it cannot be is given up. */
function join(text, more) {
    return text === null || more === null ? null : text + more;
}

function fromDecimal(text) {
    const bytes = /^\d+$/.test(text) && DECIMAL_BYTES[text.length];
    if (!bytes) {
        return "";
    }
    return BigInt(text)
        .toString(16)
        .toUpperCase()
        .padStart(2 * bytes, "0");
}

/** GTIN-8 and GTIN-14: the last digit completes the others, weighted 3 and 1, to a ten. */
function isBarcode(text) {
    if (!/^(\d{8}|\d{14})$/.test(text)) {
        return false;
    }
    const sum = [...text]
        .reverse()
        .reduce((total, digit, index) => total + Number(digit) * (index % 2 ? 3 : 1), 0);
    return sum % 10 === 0;
}
