/** base45 (RFC 9285), strict: one text for the same bytes. */

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/**
 * @param {string} text
 * @returns {Uint8Array}
 * @throws {RangeError} the text is no base45
 */
export function decodeBase45(text) {
    const values = [...text].map((letter) => LETTERS.indexOf(letter));
    if (values.includes(-1) || values.length % 3 === 1) {
        throw new RangeError("no base45");
    }
    const bytes = [];
    for (let index = 0; index < values.length; index += 3) {
        const whole = index + 2 < values.length;
        const value =
            values[index] + 45 * values[index + 1] + (whole ? 2025 * values[index + 2] : 0);
        if (value > (whole ? 0xffff : 0xff)) {
            throw new RangeError("no base45");
        }
        if (whole) {
            bytes.push(value >> 8);
        }
        bytes.push(value & 0xff);
    }
    return Uint8Array.from(bytes);
}
