/**
 * Scans decided by this phone, until the server has taken them in. Two tabs share them: each
 * scan is sent by its nonce, and the server takes a nonce in once.
 */

const AT_ONCE = 200;

export class Queue {
    constructor(store) {
        this.store = store;
    }

    get length() {
        return this.store.count("queue");
    }

    /** What this phone knows of a ticket by its own doing. */
    own(handle) {
        return this.store.get("used", handle);
    }

    /**
     * Write a scan down; when this comes back it is safe to say yes.
     *
     * @param {Object} scan row of `sync`, without `decided`
     * @param {Object} decision of `decide`
     */
    async add(scan, decision, gate = "") {
        const changes = [["put", "queue", { ...scan, decided: decision.code }]];
        if (decision.handle) {
            // The ticket's text opens its box, so from now on the box is not kept beside it.
            changes.push(["delete", "guests", decision.handle]);
            changes.push(["put", "used", this._used(scan, decision, gate)]);
        }
        await this.store.write(changes);
    }

    /** The server let somebody in or out at this phone: known here when the network is gone. */
    async remember(handle, use) {
        const before = (await this.own(handle)) || {};
        await this.store.write([["put", "used", { ...before, ...use, handle }]]);
    }

    /** The oldest scans, as many as are sent at once. */
    async waiting() {
        const rows = await this.store.all("queue");
        return rows.sort((one, other) => one.at - other.at).slice(0, AT_ONCE);
    }

    /** Only what the server says it took leaves the queue. */
    async taken(nonces) {
        await this.store.write(nonces.map((nonce) => ["delete", "queue", nonce]));
    }

    _used(scan, { handle, ok, use, box }, gate) {
        const nameless = { ...box };
        delete nameless.n;
        delete nameless.o;
        const row = { ...use, handle };
        if (box) {
            row.box = nameless;
            if (scan.age_seen) {
                row.box.a = 1;
            }
        }
        if (ok) {
            const entering = scan.direction !== "out";
            row.count += entering ? 1 : 0;
            Object.assign(row, { inside: entering, at: scan.at - (scan.clock_offset || 0), gate });
        }
        return row;
    }
}
