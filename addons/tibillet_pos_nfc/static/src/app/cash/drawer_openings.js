import { uuidv4 } from "@point_of_sale/utils";

const KEY = "tibillet_drawer_openings";

/**
 * Openings of the drawer that the server has not counted yet; they survive a reload. Each has a
 * key: sent again because its answer was lost, it is still the same opening.
 */
export class DrawerOpenings {
    /**
     * @param {Storage} storage
     * @param {string} scope of this till
     * @param {(reason: string, key: string) => Promise<Object>} send
     */
    constructor(storage, scope, send) {
        this.storage = storage;
        this.key = `${KEY}_${scope}`;
        this.send = send;
        this.sending = false;
    }

    get waiting() {
        try {
            return JSON.parse(this.storage.getItem(this.key)) || [];
        } catch {
            return [];
        }
    }

    store(openings) {
        this.storage.setItem(this.key, JSON.stringify(openings));
    }

    note(reason) {
        this.store([...this.waiting, { reason, key: uuidv4() }]);
        return this.flush();
    }

    async flush() {
        if (this.sending) {
            return;
        }
        this.sending = true;
        try {
            while (this.waiting.length) {
                const [{ reason, key }] = this.waiting;
                const answer = await this.send(reason, key);
                if (!answer.ok) {
                    return;
                }
                this.store(this.waiting.slice(1));
            }
        } catch {
            // the next opening, or the next start of the till, sends it
        } finally {
            this.sending = false;
        }
    }
}
