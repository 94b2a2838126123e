/**
 * What the phone decides by itself when the server cannot be asked in time. The server decides
 * again when it gets the scan; nothing here is trusted there.
 */

import { PREFIX, readTicket } from "./cose.js";
import { digestOf, handleOf, openBox } from "./guests.js";

/** Places where a ticket's key is looked for: ours, then allied ones. */
function signerOf(config, place) {
    if (place === config.place.number) {
        return { ...config, ally: false };
    }
    const ally = (config.allies || []).find((one) => one.place === place);
    return ally && { ...ally, ally: true };
}

/** A key signs for one purpose and one place, whatever else it could open. */
function opens(key, { kid, payload }) {
    return (
        key.kid === kid &&
        (key.purpose ?? "ticket") === "ticket" &&
        (key.place ?? payload.place) === payload.place
    );
}

const ours = (known) => known && !known.ally;

/** Refusal because of the event or the slot; "" when it may go on. */
function refusalOfPlace(payload, signer, config, box) {
    const allied = signer.ally && signer.events === null;
    const rate = ours(signer) ? config.rates?.[payload.rate] : undefined;
    const opened = box?.p || rate?.events || [];
    const listed = Object.keys(config.events).map(Number);
    const event = signer.events?.[payload.event];
    if (!allied && !event && !opened.some((number) => listed.includes(number))) {
        return "wrong_event";
    }
    return payload.slot && event?.slots && !event.slots[payload.slot] ? "wrong_event" : "";
}

/** Refusal because of what became of the ticket: its row of the list, the list of void ones. */
async function refusalOfState(text, signer, box) {
    if (box?.k && !["ok", "needs_right"].includes(box.k)) {
        return box.k;
    }
    return signer.revoked?.digests.includes(await digestOf(text)) ? "cancelled" : "";
}

/**
 * Refusal because of the rate. A rate that is not in the rules does not enter by them; where the
 * ticket is not in the list either, both may be newer than this phone's last contact.
 */
function refusalOfRate(signer, rate, box) {
    if (ours(signer) && !rate && box) {
        return "not_on_list";
    }
    return rate?.here === false ? "wrong_gate" : "";
}

/**
 * Hours in which a ticket is good: those of each event that it opens here as they are now, for a
 * ticket whose event was moved says the former ones; its own where the event is not known.
 */
function hoursOf(payload, signer, config, box) {
    const own = { opens: payload.notBefore * 1000, closes: payload.notAfter * 1000 };
    const events = box?.p?.length ? [...box.p, payload.event] : [payload.event];
    const known = events
        .filter((number) => signer.events?.[number]?.opens)
        .map((number) => {
            const event = signer.events[number];
            return (number === payload.event && event.slots?.[payload.slot]) || event;
        });
    return known.length ? known : [own];
}

function refusalOfTime(payload, signer, config, now, box) {
    const own = config.list; // its hours win
    const hours = hoursOf(payload, signer, config, box).map((one) => ({
        opens: own.opens || one.opens,
        closes: own.closes || one.closes,
    }));
    if (hours.some((one) => one.opens <= now && now <= one.closes)) {
        return "";
    }
    return hours.some((one) => now < one.opens) ? "too_early" : "too_late";
}

function refusalOfUse(list, use, direction) {
    if (list.mode === "free") {
        return "";
    }
    if (direction === "out") {
        return list.mode === "inout" && use.inside ? "" : "direction";
    }
    if (list.mode === "inout") {
        if (use.inside) {
            return "already_used";
        }
        return list.entries && use.count >= list.entries ? "already_used" : "";
    }
    const most = list.mode === "once" ? 1 : list.entries;
    return most && use.count >= most ? "already_used" : "";
}

/** What is known of a ticket's use: by the list, and by what this phone let in since. */
export function useOf(box, own) {
    const listed = { count: box?.u || 0, inside: Boolean(box?.i), at: box?.w || 0, gate: box?.g };
    if (!own) {
        return listed;
    }
    const later = own.at >= listed.at ? own : listed;
    return { ...later, count: Math.max(own.count, listed.count) };
}

/**
 * @param {Object} scan `{text, direction, ageSeen}`
 * @param {Object} known `{config, now, signatures, box(handle), own(handle)}`: what the phone
 *     holds; `own` what it let in by itself: `{count, inside, at, gate, box}`
 * @returns {Promise<Object>} `{ok, code, warn, …}` with the words of a redeem answer
 */
export async function decide(scan, known) {
    const { config, now, signatures } = known;
    const { text, direction = "in" } = scan;
    const no = (code, more = {}) => ({ ok: false, code, ...more });
    if (!text.startsWith(PREFIX)) {
        return no("unknown");
    }
    let ticket;
    try {
        ticket = readTicket(text);
    } catch {
        return no("unknown"); // cut, altered, or never ours: as the server says
    }
    const { payload } = ticket;
    const signer = signerOf(config, payload.place);
    const jwk = signer?.keys.find((key) => opens(key, ticket));
    if (!jwk || !(await signatures.check(jwk, ticket.signature, ticket.signed))) {
        return no("signature");
    }
    const handle = await handleOf(text);
    const own = await known.own(handle);
    const sealed = await known.box(handle);
    const box = (sealed && (await openBox(text, handle, sealed))) || own?.box;
    const use = useOf(box, own);
    const rate = ours(signer) ? config.rates?.[payload.rate] : undefined;
    const said = {
        handle,
        box,
        use,
        name: box?.n || "",
        order: box?.o || "",
        rate: rate?.name || signer.name || "",
        instruction: rate?.instruction || config.list.instruction || "",
    };
    const entering = direction === "in";
    const refusal =
        refusalOfPlace(payload, signer, config, box) ||
        (await refusalOfState(text, signer, box)) ||
        refusalOfRate(signer, rate, box) ||
        (entering && refusalOfTime(payload, signer, config, now, box)) ||
        (entering && (box ? box.k === "needs_right" : rate?.right) && "needs_right");
    if (refusal) {
        return no(refusal, said);
    }
    const warn = !box && !signer.ally;
    if (warn && config.offline?.unknown === "refuse") {
        return no("not_on_list", { ...said, detail: "guest" });
    }
    const used = refusalOfUse(config.list, use, direction);
    if (used) {
        return no(used, { ...said, used_at: use.at || null, used_gate: use.gate || "" });
    }
    if (direction === "out") {
        return { ok: true, code: "exit", warn, ...said };
    }
    const age = Math.max(config.list.age || 0, rate?.age || 0);
    if (age && !box?.a && !scan.ageSeen) {
        return no("age_needed", { ...said, age });
    }
    return { ok: true, code: "entry", warn, ...said, count: use.count + 1 };
}
