/**
 * One scan after the other: asked at the server, decided here when it does not answer in time,
 * and handed in afterwards under the same nonce. Scans do not wait for each other.
 */

import { newNonce } from "./bytes.js";
import { decide } from "./decide.js";
import { handleOf } from "./guests.js";
import { Unreachable } from "./server.js";

export const DECISION_MS = 1500;
const SAME_SCAN_MS = 2000;
const LONGEST_SHOWN = 400; // no ticket is so long: what was shown is told to the server so far
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;

export class Gatekeeper {
    /** @param {Object} parts `{store, queue, server, clock, signatures}` */
    constructor(parts) {
        Object.assign(this, parts);
        this.config = null;
        this.guests = null;
        this.counts = null;
        this.syncedAt = 0;
        this.failures = 0;
        this.revoked = false;
        this.shown = new Map();
        this.running = null;
    }

    /** What the phone kept from before; the reload of a page forgets nothing. */
    async load() {
        const kept = await this.store.get("meta", "state");
        if (kept) {
            this.config = kept.config;
            this.guests = kept.guests;
            this.counts = kept.counts || null;
            this.syncedAt = kept.syncedAt;
            this.revoked = kept.revoked;
            this.clock.offset = kept.offset;
            this.server.device = kept.device;
        }
    }

    async keep() {
        const { config, guests, counts, syncedAt, revoked } = this;
        const row = { key: "state", config, guests, counts, syncedAt, revoked };
        Object.assign(row, { offset: this.clock.offset, device: this.server.device });
        await this.store.write([["put", "meta", row]]);
    }

    /** True: the camera still sees the code that it just saw. */
    again(text) {
        const now = this.clock.own();
        const before = this.shown.get(text);
        this.shown.set(text, now);
        for (const [other, at] of this.shown) {
            if (now - at > SAME_SCAN_MS) {
                this.shown.delete(other);
            }
        }
        return before !== undefined && now - before <= SAME_SCAN_MS;
    }

    /** The guest list is older than the place allows. */
    get old() {
        const most = this.config?.offline?.old_ms;
        return Boolean(most) && this.clock.now() - this.syncedAt > most;
    }

    /**
     * @param {Object} scan `{text|uid|pick, direction, ageSeen, nonce?}`; the answer to the
     *     question of age comes with the nonce of the first time
     * @returns {Promise<Object>} a decision, with `nonce` and `offline`
     */
    async scan({ nonce = newNonce(), ...scan }) {
        const at = this.clock.now();
        if (this.revoked) {
            return { ok: false, code: "device_revoked", nonce };
        }
        const { uid, pick, direction = "in", ageSeen = false } = scan;
        const text = scan.text?.slice(0, LONGEST_SHOWN);
        const body = { nonce, direction, age_seen: ageSeen, at };
        Object.assign(body, uid ? { uid } : pick ? { pick } : { text });
        let answer;
        try {
            answer = await this.server.ask("redeem", body, DECISION_MS);
            answer = { ...(await this._answered(answer, scan, at)), nonce, offline: false };
        } catch (error) {
            if (!(error instanceof Unreachable)) {
                throw error;
            }
            answer = { ...(await this._alone(body)), nonce, offline: true };
        }
        if (answer.code === "entry" && !answer.repeat && !answer.counts && this.counts) {
            this.counts = { ...this.counts, entries: this.counts.entries + 1 }; // until the next contact
        }
        return answer;
    }

    async _answered(answer, { text, direction }, at) {
        this.counts = answer.counts || this.counts;
        if (answer.code === "device_revoked") {
            this.revoked = true;
            await this.keep();
        }
        if (answer.ok && text) {
            const use = { count: answer.count || 1, inside: direction !== "out", at };
            await this.queue.remember(await handleOf(text), {
                ...use,
                gate: this.config?.gate?.name || "",
            });
        }
        return answer;
    }

    async _alone(body) {
        if (typeof body.text !== "string" || !this.config) {
            return { ok: false, code: "offline" };
        }
        const known = {
            config: this.config,
            now: body.at,
            signatures: this.signatures,
            box: async (handle) => (await this.store.get("guests", handle))?.box,
            own: (handle) => this.queue.own(handle),
        };
        const { text, direction } = body;
        const decision = await decide({ text, direction, ageSeen: body.age_seen }, known);
        if (decision.code === "age_needed") {
            return decision; // asked first: the answer comes back with this nonce
        }
        // What the phone's own clock showed, and how far it was ahead of the server's.
        const off = { at: body.at - this.clock.offset, clock_offset: -this.clock.offset };
        const scan = { ...body, ...off, list: this.guests };
        await this.queue.add(scan, decision, this.config.gate?.name || "");
        return decision;
    }

    /** Hand the queue in, then bring rules and guests; one at a time, whoever asks. */
    sync(about = {}) {
        this.running ??= this._sync(about).finally(() => (this.running = null));
        return this.running;
    }

    /** How long to wait before the next try. */
    get waitMs() {
        return Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    }

    async _sync(about) {
        try {
            await this._handIn();
            if (!this.revoked) {
                await this._fetch(about);
            }
            this.failures = 0;
            await this.keep();
            return true;
        } catch (error) {
            if (!(error instanceof Unreachable)) {
                throw error;
            }
            this.failures += 1;
            return false;
        }
    }

    async _handIn() {
        for (;;) {
            const scans = await this.queue.waiting();
            if (!scans.length) {
                return;
            }
            const answer = await this.server.ask("sync", { scans });
            this.revoked ||= Boolean(answer.revoked) || answer.code === "device_revoked";
            const sent = new Set(scans.map(({ nonce }) => nonce));
            const taken = (answer.taken || []).map(({ nonce }) => nonce);
            const gone = taken.filter((nonce) => sent.has(nonce));
            await this.queue.taken(gone);
            if (!gone.length) {
                throw new Unreachable("nothing was taken");
            }
        }
    }

    async _fetch(about) {
        const state = await this.server.ask("state", {
            ...about,
            queue: await this.queue.length,
            config: this.config?.version ?? null,
            guests: this.guests,
        });
        if (!state.ok) {
            this.revoked = state.code === "device_revoked";
            return;
        }
        this.config = state.config || this.config;
        this.counts = state.counts || this.counts;
        if (state.guests !== this.guests) {
            await this._guests();
        }
        this.syncedAt = this.clock.now();
    }

    async _guests() {
        const answer = await this.server.ask("guests", { since: this.guests }, 30000);
        if (!answer.ok) {
            return;
        }
        const changes = answer.full ? [["clear", "guests"]] : [];
        for (const [handle, box] of answer.rows) {
            changes.push(["put", "guests", { handle, box }]);
        }
        for (const handle of answer.gone) {
            changes.push(["delete", "guests", handle]);
        }
        await this.store.write(changes);
        this.guests = answer.version;
    }
}
