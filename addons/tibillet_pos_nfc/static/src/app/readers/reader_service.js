const EVENTS = ["card", "removed", "error", "status"];
const UID = /^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$/;

/**
 * The till's one reader, made of as many sources as there are. Emits what they emit
 * (see `ReaderSource`) and adds `source`, the name of the one that spoke.
 *
 * A card number that is not 4, 7 or 10 whole bytes never gets further: it becomes the error
 * `card_unknown`, whatever the source.
 */
export class ReaderService extends EventTarget {
    constructor() {
        super();
        /** @type {Map<ReaderSource, Function>} sources and how to stop listening to each */
        this.sources = new Map();
        this.running = false;
    }

    /**
     * @param {import("./reader_source").ReaderSource} source
     */
    addSource(source) {
        if (this.sources.has(source)) {
            return;
        }
        const relay = (event) => this.relay(source, event);
        for (const type of EVENTS) {
            source.addEventListener(type, relay);
        }
        this.sources.set(source, () => {
            for (const type of EVENTS) {
                source.removeEventListener(type, relay);
            }
        });
        if (this.running) {
            source.start();
        }
    }

    /** Stop a source and forget it. */
    removeSource(source) {
        const forget = this.sources.get(source);
        if (forget) {
            source.stop();
            forget();
            this.sources.delete(source);
        }
    }

    start() {
        if (!this.running) {
            this.running = true;
            for (const source of this.sources.keys()) {
                source.start();
            }
        }
    }

    stop() {
        if (this.running) {
            this.running = false;
            for (const source of this.sources.keys()) {
                source.stop();
            }
        }
    }

    relay(source, { type, detail }) {
        if (!this.running) {
            return; // a word that was on its way when the reader was stopped
        }
        const told = { ...detail, source: source.name };
        if (type === "card") {
            told.uid = String(told.uid ?? "").toUpperCase();
            told.at ??= Date.now();
            if (!UID.test(told.uid)) {
                const { reader } = told;
                this.tell("error", { code: "card_unknown", reader, source: source.name });
                return;
            }
        }
        this.tell(type, told);
    }

    tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}
