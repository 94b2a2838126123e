/**
 * A typed amount in minor units; a comma or a point before the decimals, nothing else.
 *
 * @param {string} text
 * @param {number} decimals
 * @returns {number} 0 when it is no amount
 */
export function parseMinor(text, decimals) {
    const form = decimals ? new RegExp(`^(\\d{1,6})(?:[.,](\\d{1,${decimals}}))?$`) : /^(\d{1,6})$/;
    const found = form.exec((text || "").replace(/[\s\u00a0\u202f€]/g, ""));
    if (!found) {
        return 0;
    }
    const [, whole, part = ""] = found;
    return Number(whole) * 10 ** decimals + Number(part.padEnd(decimals, "0") || 0);
}

/** The same amount as somebody would type it. */
export function typed(amountMinor, decimals) {
    const text = (amountMinor / 10 ** decimals).toFixed(decimals);
    return decimals ? text.replace(".", ",") : text;
}
