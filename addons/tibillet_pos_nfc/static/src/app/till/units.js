import { formatCurrency } from "@web/core/currency";
import { formatFloat } from "@web/views/fields/formatters";
import { fromMinor } from "./basket";

/**
 * An amount of an asset as people read it: euros as the till writes euros, any other unit
 * with its own label.
 *
 * @param {{amount_minor: number, scale: number, unit: string}} part
 * @param {{id: number, symbol: string}} currency of the till
 */
export function formatUnit(part, currency) {
    const amount = fromMinor(part.amount_minor, part.scale);
    if (!part.unit || part.unit === currency.symbol) {
        return formatCurrency(amount, currency.id);
    }
    return `${formatFloat(amount, { digits: [16, part.scale] })} ${part.unit}`;
}
