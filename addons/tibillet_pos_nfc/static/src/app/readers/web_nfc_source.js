import { ReaderSource } from "./reader_source";

/** What the browser's refusal to read means, by the name of its error. */
const REFUSALS = {
    NotAllowedError: "nfc_refused",
    SecurityError: "nfc_refused",
    NotReadableError: "nfc_off",
    NotSupportedError: "nfc_absent",
};

/**
 * The phone's own reader, by the browser: Chrome on Android, on a page served over HTTPS. It sees
 * cards that are formatted for NDEF, and only those.
 *
 * The browser asks the person once, after a touch; so until leave is given the source waits for
 * the next touch of the screen. Reading rests while the page is hidden and goes on afterwards.
 *
 * Status codes: `ready` · `nfc_absent` (this browser or this phone has none) · `nfc_touch` (waits
 * for a touch) · `nfc_refused` (the person said no) · `nfc_off` (switched off in the phone).
 */
export class WebNfcSource extends ReaderSource {
    name = "phone";

    /**
     * @param {Object} [options]
     * @param {typeof NDEFReader} [options.Reader]
     * @param {Permissions} [options.permissions]
     * @param {EventTarget} [options.target] where a touch is waited for
     */
    constructor({
        Reader = window.NDEFReader,
        permissions = window.navigator.permissions,
        target = window,
    } = {}) {
        super();
        this.Reader = Reader;
        this.permissions = permissions;
        this.target = target;
        this.running = false;
        this.onTouch = () => this.scan();
    }

    async start() {
        this.stop();
        this.running = true;
        if (!this.Reader) {
            this.setStatus("nfc_absent");
            return;
        }
        const leave = await this.askPermission();
        if (!this.running) {
            return;
        }
        if (leave === "granted") {
            await this.scan();
        } else if (leave === "denied") {
            this.setStatus("nfc_refused");
        } else {
            this.setStatus("nfc_touch");
            this.target.addEventListener("click", this.onTouch, { once: true, capture: true });
        }
    }

    stop() {
        this.running = false;
        this.target.removeEventListener("click", this.onTouch, { capture: true });
        this.reading?.abort();
        this.reading = null;
    }

    /** @returns {Promise<"granted"|"denied"|"prompt">} */
    async askPermission() {
        try {
            return (await this.permissions.query({ name: "nfc" })).state;
        } catch {
            return "prompt"; // this browser does not know the question: scanning asks it
        }
    }

    async scan() {
        if (!this.running || this.reading) {
            return;
        }
        const reading = (this.reading = new AbortController());
        const { signal } = reading;
        const reader = new this.Reader();
        reader.addEventListener("reading", (event) => this.onReading(event), { signal });
        reader.addEventListener(
            "readingerror",
            () => this.emit("error", { code: "card_withdrawn", reader: this.name }),
            { signal }
        );
        try {
            await reader.scan({ signal });
        } catch (error) {
            if (reading === this.reading) {
                this.reading = null;
                this.setStatus(REFUSALS[error.name] || "nfc_off");
            }
            return;
        }
        this.setStatus("ready");
    }

    onReading({ serialNumber }) {
        const uid = String(serialNumber || "").replaceAll(":", "");
        this.emit("card", { uid, reader: this.name, at: Date.now() });
    }

    setStatus(code) {
        this.emit("status", { code });
    }
}
