/** A ticket's text taken apart (contracts 4): `TBT1:` + base45 of an untagged COSE_Sign1. */

import { decodeBase45 } from "./base45.js";
import { byteStringHead, decodeCbor } from "./cbor.js";

export const PREFIX = "TBT1:";
const LONGEST = 200;
const ALG = 1;
const KID = 4;
const EDDSA = -8;
const FIELDS = ["place", "event", "registration", "rate", "notBefore", "notAfter", "slot"];
const NEEDED = 6;
const SIGNATURE1 = [0x84, 0x6a, ...new TextEncoder().encode("Signature1")];

/** The text is cut, altered, or of another kind than our tickets. */
export class TicketUnreadable extends Error {}

function payloadOf(map) {
    const payload = { slot: 0 };
    for (const [key, value] of map) {
        const field = FIELDS[key - 1];
        if (!field || !Number.isSafeInteger(value) || value < 0) {
            throw new TicketUnreadable("not what a ticket holds");
        }
        payload[field] = value;
    }
    if (FIELDS.slice(0, NEEDED).some((field) => payload[field] === undefined)) {
        throw new TicketUnreadable("something is missing");
    }
    return payload;
}

function taken(text) {
    const message = decodeCbor(decodeBase45(text.slice(PREFIX.length)));
    if (!Array.isArray(message) || message.length !== 4) {
        throw new TicketUnreadable("no COSE_Sign1");
    }
    const [head, unprotected, body, signature] = message;
    const header = decodeCbor(head);
    const kid = header.get(KID);
    const ours = header.size === 2 && header.get(ALG) === EDDSA && kid instanceof Uint8Array;
    if (!ours || !(unprotected instanceof Map) || unprotected.size) {
        throw new TicketUnreadable("another algorithm or header");
    }
    const ascii = kid.length === 8 && kid.every((byte) => byte > 0x20 && byte < 0x7f);
    if (!ascii || !(signature instanceof Uint8Array) || signature.length !== 64) {
        throw new TicketUnreadable("no key or no signature");
    }
    const signed = Uint8Array.from([
        ...SIGNATURE1,
        ...byteStringHead(head.length),
        ...head,
        0x40,
        ...byteStringHead(body.length),
        ...body,
    ]);
    return {
        kid: String.fromCharCode(...kid),
        payload: payloadOf(decodeCbor(body)),
        signed,
        signature: Uint8Array.from(signature),
    };
}

/**
 * @param {string} text
 * @returns {{kid: string, payload: Object, signed: Uint8Array, signature: Uint8Array}}
 * @throws {TicketUnreadable}
 */
export function readTicket(text) {
    if (!text.startsWith(PREFIX) || text.length > LONGEST) {
        throw new TicketUnreadable("no ticket");
    }
    try {
        return taken(text);
    } catch (error) {
        throw error instanceof TicketUnreadable ? error : new TicketUnreadable(error.message);
    }
}
