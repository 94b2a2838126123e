import { ReaderSource } from "./reader_source";

/**
 * A reader made of air, for demonstrations and tests: whoever can open the till could pay with any
 * card through it. So it works only where the server has said that this database is one for trying
 * things; the default is no.
 */
export class SimulatedSource extends ReaderSource {
    name = "simulated";

    /**
     * @param {Object} [options]
     * @param {boolean} [options.allowed] what the server said
     */
    constructor({ allowed = false } = {}) {
        super();
        this.allowed = allowed === true;
        this.running = false;
        this.uid = "";
    }

    start() {
        this.running = this.allowed;
        if (!this.allowed) {
            this.emit("error", { code: "not_allowed" });
        }
    }

    stop() {
        this.remove();
        this.running = false;
    }

    /** Put a card down. */
    insert(uid) {
        if (!this.running) {
            return;
        }
        if (this.uid) {
            this.emit("error", { code: "two_cards", reader: "simulated" });
            return;
        }
        this.uid = uid;
        this.emit("card", { uid, reader: "simulated", at: Date.now() });
    }

    /** Take it away. */
    remove() {
        if (this.uid) {
            this.uid = "";
            this.emit("removed", { reader: "simulated" });
        }
    }

    /** Hold a card on the reader for a moment. */
    tap(uid) {
        this.insert(uid);
        this.remove();
    }

    /** Have a reader's misfortune happen. */
    fail(code) {
        if (this.running) {
            this.emit("error", { code, reader: "simulated" });
        }
    }
}
