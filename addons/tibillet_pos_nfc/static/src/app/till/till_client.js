import { RPCError } from "@web/core/network/rpc";

export const SLOW_MS = 3000;
export const LEAVE_MS = 10000;
export const RETRY_MS = 1000;

/** What a request that failed at the server says: whether its number was written is not known. */
export function failed(error) {
    const message = error instanceof RPCError ? error.data?.message : "";
    return {
        ok: false,
        code: "not_allowed",
        message: message || String(error.message),
        unnumbered: true,
        repeated: true,
    };
}

/**
 * Asks the server for a tap, and knows how to wait.
 *
 * After three seconds without answer it asks again with the same number and key: the server
 * gives the first result to both. After ten, the cashier may leave. Nothing is ever asked
 * with another key for the same tap.
 */
export class TillClient {
    /**
     * @param {(method: string, args: Array) => Promise<Object>} call one RPC on pos.session
     * @param {{wait?: Function, isConnectionLost?: Function}} [tools] clocks and errors, for tests
     */
    constructor(call, { wait = defaultWait, isConnectionLost = () => false } = {}) {
        this.call = call;
        this.wait = wait;
        this.isConnectionLost = isConnectionLost;
    }

    /**
     * @param {Function} send () => Promise of an answer; may be called several times
     * @param {(code: "server_slow"|"may_leave") => void} onWait
     * @param {Promise} left resolves when the cashier leaves
     * @returns {Promise<Object>} the server's answer (`repeated` when another question may still
     *     be on its way and this one's number was not written), or `{ok: false, code}` of a
     *     screen code
     */
    async patiently(send, { onWait = () => {}, left = new Promise(() => {}) } = {}) {
        let over = false;
        const answered = [];
        const ask = () =>
            answered.push(
                send().then(
                    (answer) => ({ answer }),
                    (error) => ({ error })
                )
            );
        const leaving = left.then(() => ({ left: true }));
        const slow = this.wait(SLOW_MS).then(() => ({ slow: true }));
        ask();
        let first = await Promise.race([...answered, slow, leaving]);
        if (first.slow) {
            onWait("server_slow");
            ask();
            this.wait(LEAVE_MS - SLOW_MS).then(() => !over && onWait("may_leave"));
            first = await Promise.race([...answered, leaving]);
        } else if (first.error && this.isConnectionLost(first.error)) {
            await this.wait(RETRY_MS);
            ask();
            first = await Promise.race([answered.at(-1), leaving]);
        }
        over = true;
        if (first.answer) {
            const repeated = first.answer.unnumbered && answered.length > 1;
            return repeated ? { ...first.answer, repeated } : first.answer;
        }
        if (first.left) {
            return { ok: false, code: "server_slow", left: true };
        }
        if (this.isConnectionLost(first.error)) {
            return { ok: false, code: "server_gone" };
        }
        throw first.error;
    }

    hold(credential, act, { uid, lines, upTo = null, facts = null }, waiting) {
        const args = [credential, act.seq, act.key, uid, lines, upTo, facts];
        return this.patiently(() => this.call("tibillet_hold", args), waiting);
    }

    lookup(credential, uid, waiting) {
        return this.patiently(() => this.call("tibillet_lookup", [credential, uid]), waiting);
    }

    renew(credential, keys) {
        return this.call("tibillet_renew", [credential, keys]);
    }

    /** Several keys at once: `acts` are `{seq, key}`. */
    release(credential, acts) {
        return this.call("tibillet_release", [credential, acts]);
    }

    pair(code, name) {
        return this.call("tibillet_pair", [code || false, name || false]);
    }
}

function defaultWait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
}
