import { ReaderSource } from "./reader_source";

export const BRIDGE_URL = "ws://127.0.0.1:8765";
export const SUBPROTOCOL = "tibillet.nfc.v1";
export const TOKEN_KEY = "tibillet.nfc.bridge_token";

/** A connection to the loopback that awaits a person's leave neither opens nor fails. */
export const PATIENCE_MS = 2000;
/** With the question on the screen it stays open this long: closing it would take it away. */
export const ASKED_MS = 60000;
/** The bridge hides a tap that the browser, asleep, would deliver to the next customer. */
export const STALE_MS = 10000;
export const RETRY_MS = [250, 500, 1000, 2000, 5000];
export const RATE_LIMITED_MS = 60000;
export const ANSWER_MS = 5000;

const NOT_PAIRED = [4401];
const RATE_LIMITED = 4429;
const PERMISSIONS = ["loopback-network", "local-network-access"];

/**
 * The PC/SC reader on this machine, through the bridge program (`bridge/README.md`).
 *
 * Status codes: `ready` · `reader_unplugged` (the bridge has no reader) · `bridge_unpaired` (no
 * pairing token, or a wrong one) · `bridge_absent` · `permission_asked` (the browser asks the
 * cashier) · `permission_refused`. Each is told with `permission` (`asked`, `refused`, `granted`,
 * or `none` where the browser knows no such question) and `readers`.
 */
export class BridgeSource extends ReaderSource {
    name = "bridge";

    /**
     * @param {Object} [options]
     * @param {string} [options.url]
     * @param {Storage} [options.storage] keeps the pairing token
     * @param {Permissions} [options.permissions]
     * @param {typeof WebSocket} [options.Socket]
     */
    constructor({
        url = BRIDGE_URL,
        storage = window.localStorage,
        permissions = window.navigator.permissions,
        Socket = window.WebSocket,
    } = {}) {
        super();
        this.url = url;
        this.storage = storage;
        this.permissions = permissions;
        this.Socket = Socket;
        this.running = false;
        this.socket = null;
        this.paired = false;
        this.readers = [];
        this.failures = 0;
        this.code = "";
        this.permission = "none";
        this.questions = [];
        this.watched = null;
        this.onPermissionChange = () => this.reconnect();
    }

    // -- life ------------------------------------------------------------------------------

    start() {
        if (!this.running) {
            this.running = true;
            this.failures = 0;
            this.code = "";
            this.connect();
        }
    }

    stop() {
        this.running = false;
        this.hangUp();
        this.watch(null);
    }

    /** @returns {string} */
    get token() {
        return this.storage.getItem(TOKEN_KEY) || "";
    }

    /** Keep the token that the bridge showed, and connect with it. */
    pair(token) {
        this.storage.setItem(TOKEN_KEY, token.trim());
        this.reconnect();
    }

    /** Forget the token; the bridge is not called any more. */
    unpair() {
        this.storage.removeItem(TOKEN_KEY);
        this.reconnect();
    }

    reconnect() {
        if (this.running) {
            this.hangUp();
            this.failures = 0;
            this.connect();
        }
    }

    // -- what a till may ask ---------------------------------------------------------------

    /** Sound and light of the reader itself, where it has them. */
    beep(ok = true) {
        if (this.paired) {
            this.socket.send(JSON.stringify({ type: "beep", ok }));
        }
    }

    /**
     * Read what is stored in the card on the reader.
     *
     * @returns {Promise<{uid: string, message: string, records: Object[]}>} rejected with an
     *  Error whose `code` says why
     */
    readNdef() {
        return new Promise((resolve, reject) => {
            if (!this.paired) {
                reject(failure("bridge_absent"));
                return;
            }
            const question = { resolve, reject };
            question.timer = setTimeout(() => {
                this.questions = this.questions.filter((other) => other !== question);
                reject(failure("bridge_absent"));
            }, ANSWER_MS);
            this.questions.push(question);
            this.socket.send(JSON.stringify({ type: "read_ndef" }));
        });
    }

    answer(act) {
        const question = this.questions.shift();
        if (question) {
            clearTimeout(question.timer);
            act(question);
        }
    }

    // -- connecting ------------------------------------------------------------------------

    async connect() {
        if (!this.token) {
            this.setStatus("bridge_unpaired");
            return;
        }
        const call = (this.call = {}); // a later call makes this one void
        this.permission = await this.askPermission();
        if (call !== this.call || !this.running) {
            return;
        }
        if (this.permission === "refused") {
            this.setStatus("permission_refused");
            return; // the browser tells when that changes
        }
        const socket = (this.socket = new this.Socket(this.url, [SUBPROTOCOL]));
        this.timer = setTimeout(() => this.onSilence(socket), PATIENCE_MS);
        socket.addEventListener("open", () => {
            if (socket === this.socket) {
                socket.send(JSON.stringify({ type: "pair", token: this.token }));
            }
        });
        socket.addEventListener("message", ({ data }) => {
            if (socket === this.socket) {
                this.onMessage(JSON.parse(data));
            }
        });
        socket.addEventListener("close", ({ code }) => {
            if (socket === this.socket) {
                this.onClose(code);
            }
        });
    }

    /** Neither open nor refused: somebody has to say yes, or nobody is there. */
    async onSilence(socket) {
        const permission = await this.askPermission();
        if (socket !== this.socket || this.paired) {
            return;
        }
        this.permission = permission;
        if (permission === "asked") {
            this.setStatus("permission_asked");
            this.timer = setTimeout(() => this.onClose(), ASKED_MS);
        } else if (permission === "refused") {
            this.hangUp();
            this.setStatus("permission_refused");
        } else {
            this.onClose();
        }
    }

    onClose(code) {
        const wasPaired = this.paired;
        this.hangUp();
        if (NOT_PAIRED.includes(code)) {
            this.setStatus("bridge_unpaired"); // the same token again would only be refused again
            return;
        }
        // A bridge that restarts is back before anybody has seen a word about it.
        if (!wasPaired) {
            this.setStatus("bridge_absent");
        }
        const delay =
            code === RATE_LIMITED
                ? RATE_LIMITED_MS
                : RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
        this.failures++;
        this.timer = setTimeout(() => this.connect(), delay);
    }

    hangUp() {
        const { socket } = this;
        this.call = null;
        this.socket = null;
        this.paired = false;
        this.readers = [];
        clearTimeout(this.timer);
        while (this.questions.length) {
            this.answer(({ reject }) => reject(failure("bridge_absent")));
        }
        socket?.close();
    }

    // -- permission ------------------------------------------------------------------------

    /** @returns {Promise<"granted"|"asked"|"refused"|"none">} */
    async askPermission() {
        for (const name of PERMISSIONS) {
            try {
                const status = await this.permissions.query({ name });
                this.watch(this.running ? status : null);
                return { granted: "granted", denied: "refused" }[status.state] || "asked";
            } catch {
                continue; // this browser does not know the question under this name
            }
        }
        return "none";
    }

    watch(status) {
        this.watched?.removeEventListener?.("change", this.onPermissionChange);
        this.watched = status;
        this.watched?.addEventListener?.("change", this.onPermissionChange);
    }

    // -- what the bridge says --------------------------------------------------------------

    onMessage(message) {
        const { type, reader } = message;
        if (type === "hello") {
            clearTimeout(this.timer);
            this.paired = true;
            this.failures = 0;
            this.readers = message.readers;
            this.setStatus(message.readers.length ? "ready" : "reader_unplugged");
        } else if (type === "card") {
            this.onCard(message);
        } else if (type === "removed") {
            this.emit("removed", { reader });
        } else if (type === "ndef") {
            this.answer(({ resolve }) => resolve(message));
        } else if (type === "error" && message.about === "read_ndef") {
            this.answer(({ reject }) => reject(failure(message.code)));
        } else if (type === "error" && this.paired) {
            this.emit("error", { code: message.code, reader });
        }
    }

    onCard({ uid, reader, at }) {
        const time = Date.parse(at) || Date.now();
        if (Date.now() - time > STALE_MS) {
            this.emit("error", { code: "card_withdrawn", reader });
        } else {
            this.emit("card", { uid, reader, at: time });
        }
    }

    setStatus(code) {
        const { permission, readers } = this;
        if (code !== this.code || code === "ready") {
            this.code = code;
            this.emit("status", { code, permission, readers });
        }
    }
}

function failure(code) {
    return Object.assign(new Error(code), { code });
}
