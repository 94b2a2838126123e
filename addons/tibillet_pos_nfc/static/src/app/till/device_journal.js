/**
 * What this browser remembers of itself: the credential given at pairing, the number of its
 * last act, and the acts that the server has not confirmed yet.
 *
 * Everything is written before it is sent, so that a reload or a power cut repeats an act
 * with its own number and key and never invents another.
 */
export class DeviceJournal {
    /**
     * @param {Storage} storage survives a reload (localStorage)
     * @param {string} scope one till of one database
     */
    constructor(storage, scope) {
        this.storage = storage;
        this.name = `tibillet_till.${scope}`;
    }

    read() {
        try {
            return JSON.parse(this.storage.getItem(this.name)) || {};
        } catch {
            return {};
        }
    }

    write(changes) {
        const state = { ...this.read(), ...changes };
        this.storage.setItem(this.name, JSON.stringify(state));
        return state;
    }

    get isPaired() {
        return Boolean(this.read().credential);
    }

    get credential() {
        return this.read().credential || "";
    }

    get deviceId() {
        return this.read().deviceId || false;
    }

    /** Keep what pairing gave; acts of a former pairing stay to be settled. */
    pair({ credential, device, last_seq: lastSeq }) {
        const { seq = 0, deviceId } = this.read();
        const same = deviceId === device.id;
        this.write({
            credential,
            deviceId: device.id,
            deviceName: device.name,
            seq: Math.max(lastSeq || 0, same ? seq : 0),
            acts: same ? this.acts : [],
        });
    }

    /** Forget the credential: the server no longer takes it. */
    unpair() {
        this.write({ credential: "" });
    }

    get acts() {
        return this.read().acts || [];
    }

    /**
     * Number an act and store it before it is sent.
     *
     * @param {"hold"|"void"|"order"|"card"|"undo"|"stock"} kind
     * @param {string} key the client's key, repeated in retries
     * @param {Object} [content] what is needed to send it again
     */
    allot(kind, key, content = {}) {
        const state = this.read();
        const act = { seq: (state.seq || 0) + 1, kind, key, ...content };
        this.write({ seq: act.seq, acts: [...(state.acts || []), act] });
        return act;
    }

    /** The server answered: nothing is left to repeat. */
    settle(seq) {
        this.write({ acts: this.acts.filter((act) => act.seq !== seq) });
    }

    /**
     * The server answered an act: nothing is left to repeat, and no number is left out.
     *
     * One that it refused before it wrote the number down is given back when it is the last;
     * otherwise it is told as given up. So is one that was asked twice: the other question may
     * still arrive.
     *
     * @param {number} seq
     * @param {{unnumbered?: boolean, repeated?: boolean}} [answer]
     */
    answered(seq, { unnumbered = false, repeated = false } = {}) {
        const { seq: last, acts = [] } = this.read();
        const others = acts.filter((act) => act.seq !== seq);
        const act = acts.find((one) => one.seq === seq);
        if (!unnumbered || !act) {
            this.write({ acts: others });
        } else if (seq === last && !repeated) {
            this.write({ seq: seq - 1, acts: others });
        } else {
            this.write({ acts: [...others, { seq, kind: "void", key: act.key }] });
        }
    }

    pending(kind) {
        return this.acts.filter((act) => act.kind === kind);
    }
}
