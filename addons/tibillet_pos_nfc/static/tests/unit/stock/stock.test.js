import { describe as suite, expect, test } from "@odoo/hoot";
import { readQuantity } from "@tibillet_pos_nfc/app/stock/quantity";
import { Stock } from "@tibillet_pos_nfc/app/stock/stock";
import { DeviceJournal } from "@tibillet_pos_nfc/app/till/device_journal";
import { MemoryStorage } from "../till/helpers";

const NOW = Date.UTC(2026, 10, 20, 22, 0, 0);
const row = (id, values = {}) => ({
    product_tmpl_id: id,
    since: "2026-11-20 21:50:00",
    person: "Ana",
    automatic: false,
    ...values,
});
const line = (templateId, minutes, values = {}) => ({
    qty: 1,
    product_id: { id: templateId + 100, product_tmpl_id: { id: templateId, name: "Beer" } },
    tibillet_added_at: luxon.DateTime.fromMillis(NOW - minutes * 60000),
    ...values,
});

function makeStock(answers = [], known = [row(7)]) {
    const shown = [];
    const calls = [];
    const journal = new DeviceJournal(new MemoryStorage(), "till");
    const stock = new Stock({
        state: {},
        journal,
        client: {
            call: (method, args) => calls.push([method, ...args]),
            patiently: async (send) => {
                send();
                return answers.shift();
            },
        },
        band: { show: (band) => shown.push(band) },
        pairing: { unpair: () => shown.push("unpaired") },
        known,
        templateOf: (id) => ({ name: `Product ${id}` }),
        cashier: () => ({ id: 5, mayTouch: true }),
        now: () => NOW,
    });
    return { stock, shown, calls, journal };
}

suite.current.tags("tibillet");

test("what is sold out comes with the page, then one change at a time", () => {
    const { stock } = makeStock();
    expect(stock.isOut({ id: 7 })).toBe(true);
    stock.heard({ out: [row(8)], back: [] });
    expect(stock.rows.map((one) => one.product_tmpl_id)).toEqual([7, 8]);
    stock.heard({ out: [], back: [7] });
    stock.heard({ out: [], back: [7] });
    expect(stock.rows.map((one) => one.product_tmpl_id)).toEqual([8]);
});

test("a touch on what is sold out offers the one that puts it back", () => {
    const { stock, shown } = makeStock();
    expect(stock.refusesProduct({ id: 8, name: "Cider" })).toBe(false);
    expect(stock.refusesProduct({ id: 7, name: "Beer" })).toBe(true);
    expect(shown[0].code).toBe("sold_out");
    expect(shown[0].keys).toEqual(["back_in_sale", "close"]);
    stock.cashier = () => ({ id: 5, mayTouch: false });
    stock.refusesProduct({ id: 7, name: "Beer" });
    expect(shown[1].keys).toEqual(["close"]);
});

test("what was served before it was sold out is still paid", () => {
    const { stock, shown } = makeStock();
    const order = (...lines) => ({ lines, payment_ids: [] });
    expect(stock.admits(order(line(7, 30)))).toBe(true);
    expect(stock.admits(order(line(7, 5)))).toBe(false);
    expect(shown[0].keys).toInclude("remove");
    expect(stock.admits(order(line(7, 5, { qty: -1 })))).toBe(true);
    expect(stock.admits(order(line(8, 5)))).toBe(true);
    const paid = { tibillet_device_id: {}, isDone: () => true };
    expect(stock.admits({ lines: [line(7, 5)], payment_ids: [paid] })).toBe(true);
    expect(stock.facts(order(line(7, 30), line(7, 5), line(8, 1))).ages).toEqual({
        107: 300,
        108: 60,
    });
});

test("a loss without an answer is kept, and sent again with its own number and key", async () => {
    const { stock, calls, journal, shown } = makeStock([
        { ok: false, code: "server_gone" },
        { ok: true, code: "lost", message: "" },
    ]);
    const answer = await stock.lose({ productId: 1, quantity: 2, reasonId: 3, note: "" });
    expect(answer.ok).toBe(false);
    expect(journal.pending("stock")).toHaveLength(1);
    await stock.settle();
    expect(journal.pending("stock")).toHaveLength(0);
    expect(calls[1]).toEqual(calls[0]);
    expect(shown).toHaveLength(0);
});

test("a loss that the server refuses is settled and told", async () => {
    const { stock, journal } = makeStock([{ ok: false, code: "invalid", message: "No." }]);
    const answer = await stock.lose({ productId: 1, quantity: 2, reasonId: 3, note: "" });
    expect(answer.message).toBe("No.");
    expect(journal.pending("stock")).toHaveLength(0);
});

test("a quantity is read as people type it", () => {
    const read = ["12", "2,5", "2.5", " 1/2 ", "2 1/2", "0", "1/0", "", "x", "-1", "1/2/3", "1e3"];
    expect(read.map(readQuantity)).toEqual([
        12,
        2.5,
        2.5,
        0.5,
        2.5,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
    ]);
});
