/**
 * What the phone keeps: in IndexedDB, or in memory where storage is refused (private window,
 * full or old phone). No name is ever written: what is known of a ticket stays in its box, and
 * the box of a ticket whose text waits in the queue is dropped.
 */

const NAME = "tibillet-gate";
const STORES = { queue: "nonce", used: "handle", guests: "handle", meta: "key" };

function asked(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

function opened(indexed) {
    const request = indexed.open(NAME, 1);
    request.onupgradeneeded = () => {
        for (const [store, keyPath] of Object.entries(STORES)) {
            request.result.createObjectStore(store, { keyPath });
        }
    };
    return asked(request);
}

class Durable {
    durable = true;

    constructor(database) {
        this.database = database;
        // Another tab wants a newer form: let it, this page opens the new one when it reloads.
        database.onversionchange = () => database.close();
    }

    get(store, key) {
        return asked(this.database.transaction(store).objectStore(store).get(key));
    }

    all(store, most) {
        return asked(this.database.transaction(store).objectStore(store).getAll(null, most));
    }

    count(store) {
        return asked(this.database.transaction(store).objectStore(store).count());
    }

    /**
     * Write all or nothing, and answer when it is on the disk.
     *
     * @param {Array} changes `["put", store, row]`, `["delete", store, key]`, `["clear", store]`
     */
    write(changes) {
        const names = [...new Set(changes.map(([, store]) => store))];
        if (!names.length) {
            return Promise.resolve();
        }
        const work = this.database.transaction(names, "readwrite", { durability: "strict" });
        for (const [verb, store, value] of changes) {
            const rows = work.objectStore(store);
            verb === "clear" ? rows.clear() : rows[verb](value);
        }
        return new Promise((resolve, reject) => {
            work.oncomplete = () => resolve();
            work.onabort = work.onerror = () => reject(work.error);
        });
    }
}

export class InMemory {
    durable = false;

    constructor() {
        this.stores = Object.fromEntries(Object.keys(STORES).map((name) => [name, new Map()]));
    }

    async get(store, key) {
        return this.stores[store].get(key);
    }

    async all(store, most = Infinity) {
        return [...this.stores[store].values()].slice(0, most);
    }

    async count(store) {
        return this.stores[store].size;
    }

    async write(changes) {
        for (const [verb, store, value] of changes) {
            const rows = this.stores[store];
            if (verb === "put") {
                rows.set(value[STORES[store]], structuredClone(value));
            } else {
                verb === "clear" ? rows.clear() : rows.delete(value);
            }
        }
    }
}

/** The phone's store; `durable` says whether it outlives the page. */
export async function openStore(indexed = globalThis.indexedDB) {
    try {
        const store = new Durable(await opened(indexed));
        await store.write([["put", "meta", { key: "probe" }]]);
        return store;
    } catch {
        return new InMemory();
    }
}
