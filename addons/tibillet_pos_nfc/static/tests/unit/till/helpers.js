import { reactive } from "@odoo/owl";
import { DeviceJournal } from "@tibillet_pos_nfc/app/till/device_journal";
import { TapGate } from "@tibillet_pos_nfc/app/till/tap_gate";
import { TillBand } from "@tibillet_pos_nfc/app/till/till_band";
import { TillMoney } from "@tibillet_pos_nfc/app/till/till_money";
import { TillPairing } from "@tibillet_pos_nfc/app/till/till_pairing";
import { UnsentOrders } from "@tibillet_pos_nfc/app/till/unsent_orders";

export const CARDS = { id: 1, type: "pay_later", use_payment_terminal: "tibillet_nfc" };
export const CASH = { id: 2, type: "cash" };
export const BANK = { id: 3, type: "bank" };

export class MemoryStorage {
    constructor() {
        this.items = {};
    }
    getItem(name) {
        return this.items[name] ?? null;
    }
    setItem(name, value) {
        this.items[name] = String(value);
    }
}

/** A payment line, as much of Odoo's as the till touches. */
export class Line {
    constructor(values) {
        Object.assign(this, { payment_status: "pending", transaction_id: "" }, values);
    }
    update(values) {
        Object.assign(this, values);
    }
    setPaymentStatus(status) {
        this.payment_status = status;
    }
    isDone() {
        return this.payment_status === "done";
    }
    getAmount() {
        return this.amount;
    }
    setAmount(amount) {
        this.amount = amount;
    }
}

/** An order of one article, as much of Odoo's as the till touches. */
export class Order {
    constructor({ uuid = "order-1", price = 6, ...values } = {}) {
        this.uuid = uuid;
        this.totalDue = price;
        this.lines = [{ product_id: { id: 7 }, priceIncl: price }];
        this.payment_ids = [];
        this.uiState = {};
        Object.assign(this, values);
    }
    get remainingDue() {
        return this.payment_ids
            .filter((line) => line.payment_status === "done")
            .reduce((rest, line) => rest - line.amount, this.totalDue);
    }
    get tibilletHeld() {
        return this.payment_ids
            .filter((line) => line.payment_method_id === CARDS && line.isDone())
            .reduce((sum, line) => sum + line.amount, 0);
    }
    isPaid() {
        return this.remainingDue === 0;
    }
    update(values) {
        Object.assign(this, values);
    }
    addPaymentline(method) {
        const line = new Line({
            uuid: `${this.uuid}-${this.payment_ids.length + 1}`,
            payment_method_id: method,
            pos_order_id: this,
            amount: this.remainingDue,
        });
        this.payment_ids.push(line);
        return { status: true, data: line };
    }
    removePaymentline(line) {
        this.payment_ids.splice(this.payment_ids.indexOf(line), 1);
    }
}

/**
 * What every part of the till stands on, without Odoo: a paired browser and a server whose
 * answers the test gives.
 *
 * @param {Object<string, Function>} server method of the till's client → answer
 */
export function makeParts(server = {}) {
    const storage = new MemoryStorage();
    const journal = new DeviceJournal(storage, "db.1");
    journal.pair({ credential: "3.secret", device: { id: 3, name: "Bar" }, last_seq: 0 });
    const state = reactive({ band: null, busy: false, paired: true, reader: "", unsent: 0 });
    const asked = [];
    const answer = (name) =>
        async function (...args) {
            asked.push([name, ...args]);
            return (server[name] || (() => ({ ok: true })))(...args);
        };
    const client = {};
    for (const name of ["hold", "lookup", "renew", "release", "pair", "call"]) {
        client[name] = answer(name);
    }
    const sounds = { played: [], play: (tone) => sounds.played.push(tone) };
    const parts = { storage, journal, state, asked, client, sounds };
    parts.unsent = new UnsentOrders(storage, "db.1");
    parts.gate = new TapGate();
    parts.money = new TillMoney(2, (amount) => `${amount.toFixed(2)} €`);
    parts.band = new TillBand(state, sounds);
    parts.pairing = new TillPairing({
        ...parts,
        devices: { get: (id) => (id ? { id } : undefined), load: async () => {} },
    });
    return parts;
}

/** The server's yes to a tap. */
export function granted(amountMinor, { leftMinor = 1400 } = {}) {
    return {
        ok: true,
        amount_minor: amountMinor,
        left_minor: leftMinor,
        card: { tail: "2345" },
        split: [{ asset: "local", amount_minor: amountMinor }],
        left: [],
        rights: [],
    };
}
