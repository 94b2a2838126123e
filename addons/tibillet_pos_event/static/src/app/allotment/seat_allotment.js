/**
 * The seats that this device may sell without asking: what the server put aside for it, less
 * what was sold of it since and has not arrived there yet.
 *
 * Everything is written down in the browser before it is used: a reload without network forgets
 * neither what may be sold nor what was.
 */
export class SeatAllotment {
    /**
     * @param {Storage} storage survives a reload (localStorage)
     * @param {string} scope one till of one database
     */
    constructor(storage, scope) {
        this.storage = storage;
        this.name = `tibillet_seats.${scope}`;
    }

    read() {
        try {
            return { rates: {}, taken: {}, ...JSON.parse(this.storage.getItem(this.name)) };
        } catch {
            return { rates: {}, taken: {} };
        }
    }

    write(changes) {
        this.storage.setItem(this.name, JSON.stringify({ ...this.read(), ...changes }));
    }

    keeps(rate) {
        return rate in this.read().rates;
    }

    /** Seats of a rate that can still be sold. */
    left(rate) {
        const { rates, taken } = this.read();
        const sold = Object.values(taken).filter((one) => one.rate === rate);
        return (rates[rate]?.left || 0) - sold.reduce((sum, one) => sum + one.quantity, 0);
    }

    /**
     * Take seats for a line of the basket.
     *
     * @returns {"ok"|"none"|"least"|"most"} what stands against it
     */
    take(line, rate, quantity) {
        const { rates, taken } = this.read();
        const kept = rates[rate];
        if (!kept || this.left(rate) < quantity) {
            return "none";
        }
        if (quantity < kept.least) {
            return "least";
        }
        if (kept.most && quantity > kept.most) {
            return "most";
        }
        this.write({ taken: { ...taken, [line]: { rate, quantity } } });
        return "ok";
    }

    has(line) {
        return line in this.read().taken;
    }

    /** Lines that left the basket, or that are another device's affair now. */
    giveBack(lines) {
        const { taken } = this.read();
        const kept = Object.entries(taken).filter(([line]) => !lines.includes(line));
        this.write({ taken: Object.fromEntries(kept) });
    }

    /**
     * What the server says is left now.
     *
     * @param {{ticket: number, left: number, least: number, most: number}[]} rates
     * @param {string[]} arrived lines that had reached the server before it was asked: it has
     *     counted them, and they are counted here no longer
     */
    refresh(rates, arrived) {
        this.giveBack(arrived);
        this.write({ rates: Object.fromEntries(rates.map((rate) => [rate.ticket, rate])) });
    }

    get lines() {
        return Object.keys(this.read().taken);
    }
}
