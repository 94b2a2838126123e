const FRACTION = /^(?:(\d{1,5})\s+)?(\d{1,4})\/(\d{1,4})$/;
const NUMBER = /^\d{1,7}(?:[.,]\d{0,4})?$/;

/**
 * A quantity as people type it: 12 · 2,5 · 2.5 · 1/2 · 2 1/2.
 *
 * @returns {number|null} nothing when it is no quantity
 */
export function readQuantity(typed) {
    const text = String(typed ?? "").trim();
    if (NUMBER.test(text)) {
        return Number(text.replace(",", "."));
    }
    const [found, whole, part, of] = FRACTION.exec(text) || [];
    return found && Number(of) ? Number(whole || 0) + Number(part) / Number(of) : null;
}
