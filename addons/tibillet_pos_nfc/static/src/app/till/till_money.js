import { fromMinor, toMinor } from "./basket";

/** Amounts of the till's currency: counted in minor units, shown as the till shows money. */
export class TillMoney {
    /**
     * @param {number} decimals of the currency
     * @param {(amount: number) => string} formatCurrency
     */
    constructor(decimals, formatCurrency) {
        this.decimals = decimals;
        this.formatCurrency = formatCurrency;
    }

    toMinor(amount) {
        return toMinor(amount, this.decimals);
    }

    fromMinor(amountMinor) {
        return fromMinor(amountMinor, this.decimals);
    }

    format(amount) {
        return this.formatCurrency(amount);
    }

    formatMinor(amountMinor) {
        return this.format(this.fromMinor(amountMinor));
    }
}
