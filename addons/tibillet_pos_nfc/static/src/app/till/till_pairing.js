/** The right of this browser to hold money: given once by a manager, proven at each act. */
export class TillPairing {
    /**
     * @param {Object} parts
     * @param {{paired: boolean}} parts.state
     * @param {import("./device_journal").DeviceJournal} parts.journal keeps the credential
     * @param {import("./till_client").TillClient} parts.client
     * @param {{get: Function, load: Function}} parts.devices the paired tills that Odoo loaded
     */
    constructor({ state, journal, client, devices }) {
        this.state = state;
        this.journal = journal;
        this.client = client;
        this.devices = devices;
        state.paired = journal.isPaired;
    }

    /** @returns {Object|undefined} the record of this browser */
    get device() {
        return this.devices.get(this.journal.deviceId);
    }

    /** @returns {Promise<Object>} the server's answer; the credential stays in this browser */
    async pair(code = "") {
        const answer = await this.client.pair(code, "");
        if (answer.ok) {
            this.journal.pair(answer);
            this.state.paired = true;
            await this.loadDevice();
        }
        return answer;
    }

    /** The server no longer knows this browser. */
    unpair() {
        this.journal.unpair();
        this.state.paired = false;
    }

    async loadDevice() {
        const id = this.journal.deviceId;
        if (id && !this.device) {
            await this.devices.load(id).catch(() => {});
        }
    }
}
