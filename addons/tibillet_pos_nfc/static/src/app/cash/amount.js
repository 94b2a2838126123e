const SPACES = /[\s\u00a0\u202f€]+/g;
const PLAIN = /^\d+$/;
const DECIMAL = /^(\d+)[.,](\d*)$/;
const GROUPED = /^(\d{1,3}(?:([.,'])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d{1,2}))$/;
export const MAX_MINOR = 10 ** 9;

/**
 * An amount as people type it: comma and point are both decimal marks, whatever the language
 * of the screen. The server reads amounts by the same rules.
 *
 * @param {string|number} typed
 * @param {number} decimals of the currency
 * @returns {number|null} minor units, or null when it is no amount
 */
export function readAmount(typed, decimals = 2) {
    const text = String(typed ?? "").replace(SPACES, "");
    let minor = null;
    const decimal = DECIMAL.exec(text);
    const grouped = GROUPED.exec(text);
    if (PLAIN.test(text)) {
        minor = Number(text) * 10 ** decimals;
    } else if (decimal && decimal[2].length <= decimals) {
        minor = whole(decimal[1], decimal[2], decimals);
    } else if (grouped && grouped[3].length <= decimals) {
        minor = whole(grouped[1].replace(/\D/g, ""), grouped[3], decimals);
    }
    return minor !== null && minor <= MAX_MINOR ? minor : null;
}

function whole(units, fraction, decimals) {
    return Number(units) * 10 ** decimals + Number(fraction.padEnd(decimals, "0") || 0);
}
