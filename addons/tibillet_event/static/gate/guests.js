/** The guest list's boxes: what is known of a ticket can be read only with the ticket's text. */

import { fromBase64Url, sha256, toBase64Url } from "./bytes.js";

const SHORT = 12;

/** The name of a ticket's box. */
export async function handleOf(text) {
    return toBase64Url((await sha256("TBG1" + text)).subarray(0, SHORT));
}

/** The name of a ticket in lists of revoked ones. */
export async function digestOf(text) {
    return toBase64Url((await sha256(text)).subarray(0, SHORT));
}

/**
 * @param {string} text
 * @param {string} handle
 * @param {string} box
 * @returns {Promise<Object|null>} null: the box is not this ticket's, or was altered
 */
export async function openBox(text, handle, box) {
    try {
        const bytes = fromBase64Url(box);
        const raw = await sha256("TBG1-key" + text);
        const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
        const plain = await crypto.subtle.decrypt(
            {
                name: "AES-GCM",
                iv: bytes.subarray(0, SHORT),
                additionalData: new TextEncoder().encode(handle),
            },
            key,
            bytes.subarray(SHORT)
        );
        return JSON.parse(new TextDecoder().decode(plain));
    } catch {
        return null;
    }
}
