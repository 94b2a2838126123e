/**
 * Orders that are paid and not yet on the server.
 *
 * Odoo drops a paid order from the browser's database as soon as it has a server number, even
 * when the payment itself was not sent. This list keeps such orders until the server has them.
 */
export class UnsentOrders {
    constructor(storage, scope) {
        this.storage = storage;
        this.name = `tibillet_unsent.${scope}`;
    }

    get uuids() {
        try {
            return JSON.parse(this.storage.getItem(this.name)) || [];
        } catch {
            return [];
        }
    }

    add(uuid) {
        if (!this.has(uuid)) {
            this.storage.setItem(this.name, JSON.stringify([...this.uuids, uuid]));
        }
    }

    remove(uuid) {
        const rest = this.uuids.filter((known) => known !== uuid);
        this.storage.setItem(this.name, JSON.stringify(rest));
    }

    has(uuid) {
        return this.uuids.includes(uuid);
    }
}

export function tillScope() {
    return `${odoo.info?.db}.${odoo.pos_config_id}`;
}
