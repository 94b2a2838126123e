import { tillScope } from "@tibillet_pos_nfc/app/till/unsent_orders";

const name = () => `tibillet_training.${tillScope()}`;

/**
 * Whether this browser practises: the till sells as ever, and nothing of it leaves the browser.
 * Kept over a reload, so that nobody leaves training without knowing, or enters it so.
 */
export function isTraining(storage = window.localStorage) {
    return storage.getItem(name()) === "on";
}

/** Takes effect when the page is loaded again: every part starts in the one mode or the other. */
export function setTraining(on, storage = window.localStorage) {
    if (on) {
        storage.setItem(name(), "on");
    } else {
        storage.removeItem(name());
    }
}

/** A storage that forgets everything with the page, begun with what another one holds. */
export class MemoryStorage {
    constructor(storage) {
        this.items = new Map(Object.entries({ ...storage }));
    }

    getItem(key) {
        return this.items.get(key) ?? null;
    }

    setItem(key, value) {
        this.items.set(key, String(value));
    }

    removeItem(key) {
        this.items.delete(key);
    }
}
