import { expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { ConnectionLostError } from "@web/core/network/rpc";
import { TillClient } from "@tibillet_pos_nfc/app/till/till_client";
import { SaleUndo, UNDO_MS } from "@tibillet_pos_nfc/app/undo/sale_undo";
import { makeParts } from "./helpers";

const SALE = { uuid: "order-1", amount: "6.00 €", reason: "" };
const DONE = { ok: true, code: "undone", message: "6.00 € is back.", split: [], todo: [] };

function makeUndo(answer = async () => DONE) {
    const parts = makeParts();
    const asked = [];
    parts.client = new TillClient(
        async (method, args) => {
            asked.push([method, ...args]);
            return answer(asked.length);
        },
        {
            wait: () => new Promise(() => {}),
            isConnectionLost: (error) => error instanceof ConnectionLostError,
        }
    );
    const reloaded = [];
    const undo = new SaleUndo({
        ...parts,
        orders: { send: async () => {} },
        orderOf: (uuid) => ({ uuid }),
        reload: async (uuids) => reloaded.push(...uuids),
    });
    return { ...parts, undo, asked, reloaded };
}

const order = (values = {}) => ({ uuid: "order-1", priceIncl: 6, isRefund: false, ...values });

test("a sale is offered for two minutes, a refund is not", async () => {
    const { undo, state } = makeUndo();
    undo.remember(order());
    expect(state.lastSale).toEqual({ uuid: "order-1", amount: "6.00 €" });
    await advanceTime(UNDO_MS + 1);
    expect(state.lastSale).toBe(null);
    undo.remember(order({ uuid: "order-2" }));
    undo.remember(order({ uuid: "order-3", isRefund: true, priceIncl: -6 }));
    expect(state.lastSale).toBe(null);
});

test("two touches: the first asks, the second does", async () => {
    const { undo, band, asked, journal, reloaded } = makeUndo();
    undo.remember(order());
    undo.offerLast();
    expect(asked).toHaveLength(0);
    expect(band.shown.keys).toEqual(["undo_now", "close"]);
    await undo.confirm(band.shown);
    const [[method, credential, seq, key, uuid, reason]] = asked;
    expect([method, credential, seq, uuid, reason]).toEqual([
        "tibillet_undo",
        "3.secret",
        1,
        "order-1",
        false,
    ]);
    expect(band.shown.code).toBe("undone");
    expect(journal.acts).toHaveLength(0);
    expect(reloaded).toEqual(["order-1", key]);
});

test("what a hand has to do stays on the screen", async () => {
    const { undo, band } = makeUndo(async () => ({ ...DONE, todo: ["Take 4.00 € out."] }));
    await undo.confirm({ undo: SALE });
    expect(band.shown.tone).toBe("look");
    expect(band.shown.text).toInclude("Take 4.00 € out.");
    expect(band.shown.keys).toEqual(["close"]);
});

test("a lost answer is asked again with the same number and key", async () => {
    let gone = true;
    const { undo, band, asked, journal } = makeUndo(async () => {
        if (gone) {
            throw new ConnectionLostError("away");
        }
        return DONE;
    });
    undo.client.wait = (ms) => (ms === 1000 ? Promise.resolve() : new Promise(() => {}));
    await undo.confirm({ undo: SALE });
    expect(band.shown.code).toBe("undo_unknown");
    expect(journal.pending("undo")).toHaveLength(1);
    await undo.confirm({ undo: SALE }); // touched again: nothing new is asked
    expect(journal.pending("undo")).toHaveLength(1);
    gone = false;
    await undo.settle();
    expect(new Set(asked.map((args) => args.slice(2, 4).join())).size).toBe(1);
    expect(band.shown.code).toBe("undone");
    expect(journal.acts).toHaveLength(0);
});

test("a sale that has not reached the server is not undone yet", async () => {
    const { undo, band, asked, unsent } = makeUndo();
    unsent.add("order-1");
    await undo.confirm({ undo: SALE });
    expect(band.shown.code).toBe("undo_unsent");
    expect(asked).toHaveLength(0);
});

test("a refusal says why and leaves nothing to repeat", async () => {
    const { undo, band, journal } = makeUndo(async () => ({
        ok: false,
        code: "not_allowed",
        message: "Call a manager.",
    }));
    await undo.confirm({ undo: SALE });
    expect(band.shown.text).toBe("Call a manager.");
    expect(journal.acts).toHaveLength(0);
});
