import { expect, test } from "@odoo/hoot";
import { CardPages } from "@tibillet_pos_nfc/app/till/card_pages";
import { makeParts } from "./helpers";

const UID = "04A1B2C3D4E5F6";

/** One act of a card page, left without an answer; then the till settles what is open. */
async function abandoned(server) {
    const till = makeParts(server);
    const pages = new CardPages(till);
    const act = pages.allot(UID, "gift", { amount_minor: 500 });
    await pages.settle();
    return { till, pages, act };
}

test("an act that nobody waits for is given up, then told under its own number", async () => {
    const { till, act } = await abandoned({ call: () => ({ ok: false, code: "hold_resolved" }) });
    const [release, told] = till.asked;
    expect(release).toEqual(["release", "3.secret", [{ seq: act.seq + 1, key: act.key }]]);
    expect(told.slice(0, 2)).toEqual(["call", "tibillet_card_act"]);
    expect(told[2].slice(0, 3)).toEqual(["3.secret", act.seq, act.key]);
    expect(till.journal.acts).toEqual([]);
});

test("refused for now, both wait for the next turn", async () => {
    let busy = true;
    const limited = { ok: false, code: "rate_limited", unnumbered: true };
    const server = {
        release: () => (busy ? limited : { ok: true }),
        call: () => ({ ok: false, code: "hold_resolved" }),
    };
    const { till, pages } = await abandoned(server);
    expect(till.journal.acts.map((act) => act.kind)).toEqual(["card", "void"]);
    busy = false;
    await pages.settle();
    expect(till.journal.acts).toEqual([]);
});
