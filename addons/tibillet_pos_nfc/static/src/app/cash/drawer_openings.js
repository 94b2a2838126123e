const KEY = "tibillet_drawer_openings";

/** Openings of the drawer that the server has not counted yet; they survive a reload. */
export class DrawerOpenings {
    /**
     * @param {Storage} storage
     * @param {string} scope of this till
     * @param {(reason: string) => Promise<Object>} send
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

    note(reason) {
        this.storage.setItem(this.key, JSON.stringify([...this.waiting, reason]));
        return this.flush();
    }

    async flush() {
        if (this.sending) {
            return;
        }
        this.sending = true;
        try {
            while (this.waiting.length) {
                const answer = await this.send(this.waiting[0]);
                if (!answer.ok) {
                    return;
                }
                this.storage.setItem(this.key, JSON.stringify(this.waiting.slice(1)));
            }
        } catch {
            // the next opening, or the next start of the till, sends it
        } finally {
            this.sending = false;
        }
    }
}
