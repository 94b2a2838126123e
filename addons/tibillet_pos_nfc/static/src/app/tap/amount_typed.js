const LONGEST = 9;

/**
 * An amount as it is typed, key by key.
 *
 * @param {string} typed so far
 * @param {string} key a digit, `,` or `.`, `back`, or `rest` to begin again
 * @param {number} decimals of the currency
 * @returns {string} what is typed now; a key that cannot be is left out
 */
export function typeKey(typed, key, decimals) {
    if (key === "rest") {
        return "";
    }
    if (key === "back") {
        return typed.slice(0, -1);
    }
    if (key === "," || key === ".") {
        return decimals && !typed.includes(".") ? `${typed || "0"}.` : typed;
    }
    const [, cents = ""] = typed.split(".");
    if (
        !/^\d$/.test(key) ||
        typed.length >= LONGEST ||
        cents.length >= decimals + (decimals ? 0 : 1)
    ) {
        return typed;
    }
    return typed === "0" ? key : typed + key;
}

/**
 * @param {string} typed
 * @param {number} restMinor what is missing
 * @returns {number} what is asked next, in minor units: never more than what is missing
 */
export function nextAmount(typed, restMinor, decimals) {
    const minor = Math.round(Number(typed || 0) * 10 ** decimals);
    return minor > 0 ? Math.min(minor, restMinor) : restMinor;
}
