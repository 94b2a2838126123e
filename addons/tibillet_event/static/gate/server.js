/** Questions to the server: each has an end, and tells the clock what time it is there. */

/** No answer in time, no network, or an answer that is none. */
export class Unreachable extends Error {
    constructor(message, { status = 0, retryAfterS = 0 } = {}) {
        super(message);
        this.status = status;
        this.retryAfterS = retryAfterS;
    }
}

export class Server {
    /**
     * @param {import("./clock.js").Clock} clock
     * @param {{fetch?: Function, base?: string}} options
     */
    constructor(clock, { fetch = (...args) => globalThis.fetch(...args), base = "" } = {}) {
        this.clock = clock;
        this.fetch = fetch;
        this.base = base;
        this.device = null;
    }

    /**
     * @param {string} door `redeem`, `sync` …
     * @param {Object} body
     * @param {number} timeoutMs the answer that comes later is thrown away
     * @returns {Promise<Object>}
     * @throws {Unreachable}
     */
    async ask(door, body, timeoutMs = 10000) {
        const sent = this.clock.own();
        const headers = { "Content-Type": "application/json" };
        if (this.device) {
            const { id, secret } = this.device;
            headers.Authorization = `TiBillet-Gate ${id}.${secret}`;
        }
        let response, answer;
        try {
            response = await this.fetch(`${this.base}/tibillet/gate/${door}`, {
                method: "POST",
                headers,
                body: JSON.stringify(body),
                credentials: "omit",
                cache: "no-store",
                signal: AbortSignal.timeout(timeoutMs),
            });
            answer = await response.json();
        } catch (error) {
            throw new Unreachable(error.message, { status: response?.status });
        }
        const { status } = response;
        if (status === 429 || status >= 500) {
            const retryAfterS = Number(answer?.retry_after_s) || 0;
            throw new Unreachable(`status ${status}`, { status, retryAfterS });
        }
        if (status === 401) {
            return { ...answer, ok: false, code: "device_revoked" };
        }
        this.clock.contact(answer.now, sent);
        return answer;
    }
}
