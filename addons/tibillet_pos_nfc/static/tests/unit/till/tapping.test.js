import { describe, expect, test } from "@odoo/hoot";
import { RPCError } from "@web/core/network/rpc";
import { orderBasket } from "@tibillet_pos_nfc/app/till/basket";
import { Completion } from "@tibillet_pos_nfc/app/tap/completion";
import { TapHold } from "@tibillet_pos_nfc/app/till/tap_hold";
import { TapPayment } from "@tibillet_pos_nfc/app/till/tap_payment";
import { WaysOut } from "@tibillet_pos_nfc/app/till/ways_out";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { BANK, CARDS, CASH, granted, makeParts, Order } from "./helpers";

const UID = "04A1B2C3D4E5F6";

function makeTill(server) {
    allowTranslations();
    const parts = makeParts(server);
    const order = new Order();
    parts.order = order;
    parts.holds = {
        drop: (line) => line.transaction_id && expect.step("dropped"),
        giveUp: (key) => key && expect.step("given up"),
        settle: () => expect.step("settle"),
        settleVoids: async () => true,
        isOurs: () => true,
    };
    parts.hold = new TapHold(parts);
    parts.payment = new TapPayment({
        ...parts,
        method: () => CARDS,
        finish: async (_order, { direct = false } = {}) =>
            expect.step(direct ? "till is free" : "finished"),
    });
    parts.pos = {
        config: { payment_method_ids: [CARDS, CASH, BANK] },
        models: { "pos.order": { getBy: (_name, uuid) => uuid === order.uuid && order } },
        getOrder: () => order,
        setOrder: () => {},
        navigate: (screen) => expect.step(screen),
    };
    parts.completion = new Completion({
        ...parts,
        finish: async (_order, { direct = false } = {}) =>
            expect.step(direct ? "till is free" : "finished"),
    });
    parts.waysOut = new WaysOut({
        ...parts,
        others: { retry_reader: () => expect.step("reader") },
    });
    return parts;
}
const shown = ({ band }) => band.shown?.code ?? null;
const paid = ({ order }) =>
    order.payment_ids.map((line) => [
        line.payment_method_id.type,
        line.amount,
        line.payment_status,
    ]);

describe("basket of an order", () => {
    test("a combo is paid by its parts", () => {
        const order = new Order({ price: 6 });
        order.lines.push({ product_id: { id: 8 }, priceIncl: 6, combo_line_ids: [order.lines[0]] });
        expect(orderBasket(order, 2)).toEqual([
            {
                product_id: 7,
                amount_minor: 600,
                refunded_line_id: false,
                qty: null,
                discount: null,
                seen_price: null,
            },
        ]);
    });
});

describe("a tap asks", () => {
    async function take(server, how) {
        const till = makeTill(server);
        const { data: line } = till.order.addPaymentline(CARDS);
        const yes = await till.hold.take(till.order, line, UID, how);
        return { ...till, line, yes };
    }

    test("yes: the line says what paid it, the receipt what is left", async () => {
        const till = await take({ hold: () => granted(600) });
        expect(till.yes).toBe(true);
        expect([till.line.payment_status, till.line.card_no]).toEqual(["done", "2345"]);
        expect(till.order.uiState.tibillet[till.line.uuid].leftMinor).toBe(1400);
        expect([shown(till), till.band.shown.title]).toEqual(["paid", "Paid 6.00 €"]);
        expect([till.journal.acts, till.state.busy]).toEqual([[], false]);
        const [, credential, act, request] = till.asked[0];
        expect([credential, act.key]).toEqual(["3.secret", till.line.transaction_id]);
        expect([request.uid, request.upTo]).toEqual([UID, null]);
    });

    test("less than asked: what is still to pay", async () => {
        const till = await take({ hold: () => granted(450) });
        expect([till.line.amount, till.band.shown.title]).toEqual([4.5, "1.50 € still to pay"]);
    });

    test("money that goes back counts in what is left", async () => {
        const till = makeTill({ hold: () => granted(-600) });
        const order = new Order({ price: -6 });
        const { data: line } = order.addPaymentline(CARDS);
        await till.hold.take(order, line, UID);
        expect([shown(till), till.band.shown.title]).toEqual(["back", "Given back 6.00 €"]);
        expect(order.uiState.tibillet[line.uuid].leftMinor).toBe(2000);
    });

    test("a part of the basket is asked for as such", async () => {
        const till = await take({ hold: () => granted(200) }, { upTo: 200 });
        expect(till.asked[0][3].upTo).toBe(200);
    });

    test("a number that the server did not write is used by the next tap", async () => {
        const closed = { ok: false, code: "not_allowed", unnumbered: true };
        const till = await take({ hold: () => closed });
        const { seq } = till.asked[0][2];
        expect([till.journal.acts, till.journal.allot("hold", "next").seq]).toEqual([[], seq]);
    });

    test("asked twice, or failed at the server: the card is given back what it may hold", async () => {
        const twice = { ok: false, code: "rate_limited", unnumbered: true, repeated: true };
        const fail = () => {
            throw new RPCError("Server error");
        };
        for (const hold of [() => twice, fail]) {
            const till = await take({ hold });
            expect.verifySteps(["given up"]);
            expect(till.journal.pending("hold")).toHaveLength(1);
        }
    });

    test("no: the line may be tried again, the same tap counts again", async () => {
        const till = await take({ hold: () => ({ ok: false, code: "card_blocked" }) });
        expect([till.yes, shown(till)]).toEqual([false, "card_blocked"]);
        expect([till.line.payment_status, till.line.transaction_id]).toEqual(["retry", ""]);
        expect(till.journal.acts).toEqual([]);
        expect(till.gate.last).toBe(null);
    });

    test("without answer: what it may have set aside is given up", async () => {
        const till = await take({ hold: () => ({ ok: false, code: "server_gone" }) });
        expect.verifySteps(["given up"]);
        expect(till.journal.pending("hold")).toHaveLength(1);
        expect(shown(till)).toBe("server_gone");
    });

    test("a server that is in order and refuses says why", async () => {
        const till = await take({
            hold: () => {
                throw Object.assign(new RPCError(), { data: { message: "session closed" } });
            },
        });
        expect([shown(till), till.band.shown.text]).toEqual(["not_allowed", "session closed"]);
        expect(till.state.busy).toBe(false);
        expect.verifySteps(["given up"]); // what it may have held all the same
    });

    test("a browser that is no longer paired is told so", async () => {
        const till = await take({
            hold: () => ({ ok: false, code: "not_allowed", unpaired: true }),
        });
        expect([till.state.paired, till.journal.isPaired]).toEqual([false, false]);
        expect(shown(till)).toBe("not_paired");
    });

    test("a line taken off meanwhile gives back what was granted", async () => {
        const till = makeTill({
            hold: () => {
                till.order.removePaymentline(line);
                return granted(600);
            },
        });
        const { data: line } = till.order.addPaymentline(CARDS);
        expect(await till.hold.take(till.order, line, UID)).toBe(false);
        expect.verifySteps(["given up"]);
        expect([till.journal.acts, shown(till)]).toEqual([[], null]);
    });

    test("a second try drops the first; an answer tells what was given up meanwhile", async () => {
        const till = makeTill({ hold: () => granted(600) });
        const { data: line } = till.order.addPaymentline(CARDS);
        line.transaction_id = "former";
        till.journal.allot("void", "former");
        await till.hold.take(till.order, line, UID);
        expect.verifySteps(["dropped", "settle"]);
    });

    test("the cashier leaves a silence, and only a silence", async () => {
        const till = makeTill({
            hold: async (_credential, _act, _request, { onWait, left }) => {
                onWait("may_leave");
                await left;
                return { ok: false, code: "server_slow", left: true };
            },
        });
        await till.waysOut.press("leave");
        const { data: line } = till.order.addPaymentline(CARDS);
        const taking = till.hold.take(till.order, line, UID);
        expect([...till.band.shown.keys]).toEqual(["leave"]);
        await till.waysOut.press("leave");
        expect(await taking).toBe(false);
        expect(shown(till)).toBe(null);
        expect.verifySteps(["given up"]);
    });
});

describe("which line a tap pays", () => {
    test("from the product screen: all, or no trace", async () => {
        const till = makeTill({ hold: () => granted(600) });
        await till.payment.payDirectly(till.order, UID, 1000);
        expect(paid(till)).toEqual([["pay_later", 6, "done"]]);
        expect.verifySteps(["till is free"]);

        const short = makeTill({ hold: () => ({ ok: false, code: "insufficient_funds" }) });
        await short.payment.payDirectly(short.order, UID, 1000);
        expect(paid(short)).toEqual([]);
        expect(short.gate.last.uid).toBe(UID);
        await short.payment.payDirectly(short.order, UID, 2000);
        expect(short.asked).toHaveLength(1);
    });

    test("from the payment screen: the line that waits", async () => {
        const till = makeTill({ hold: () => granted(600) });
        till.order.addPaymentline(CARDS).data.setPaymentStatus("retry");
        await till.payment.payOnScreen(till.order, UID, 1000);
        expect(paid(till)).toEqual([["pay_later", 6, "done"]]);
        expect.verifySteps(["finished"]);
    });

    test("only what has something to pay", () => {
        const { payment } = makeTill();
        expect(payment.isPayable(new Order())).toBe(true);
        for (const no of [{ finalized: true }, { lines: [] }, { isRefund: true }, { price: 0 }]) {
            expect(payment.isPayable(new Order(no))).toBe(false, { message: JSON.stringify(no) });
        }
        expect(payment.isPayable(undefined)).toBe(false);
    });

    test("a line is waited for; another wait ends the first", async () => {
        const till = makeTill({ hold: () => granted(600) });
        const { data: first } = till.order.addPaymentline(CARDS);
        const waits = till.payment.waitForCard(till.order, first);
        expect([shown(till), till.band.shown.amount]).toEqual(["tap_now", "6.00 €"]);
        const second = till.order.addPaymentline(CARDS).data;
        const waitsToo = till.payment.waitForCard(till.order, second);
        expect(await waits).toBe(false);
        await till.payment.waiting.onCard(UID, 1000);
        expect(await waitsToo).toBe(true);
        expect([till.payment.waiting, second.payment_status]).toEqual([null, "done"]);
    });

    test("a till without pairing waits for nothing", async () => {
        const till = makeTill();
        till.pairing.unpair();
        const { data: line } = till.order.addPaymentline(CARDS);
        expect(await till.payment.waitForCard(till.order, line)).toBe(false);
        expect(shown(till)).toBe("not_paired");
    });
});

describe("ways out", () => {
    const short = (there) => ({
        hold: (_credential, _act, { upTo }) =>
            upTo === null
                ? { ok: false, code: "insufficient_funds", missing_minor: 600 - there }
                : granted(upTo, { leftMinor: 0 }),
    });

    test("cash completes what a short card has", async () => {
        const till = makeTill(short(120));
        await till.payment.payDirectly(till.order, UID, 1000);
        expect(till.band.shown.title).toBe("4.80 € is missing");
        await till.waysOut.press("cash");
        expect(paid(till)).toEqual([
            ["pay_later", 1.2, "done"],
            ["cash", 4.8, "pending"],
        ]);
        expect(shown(till)).toBe(null);
        expect.verifySteps(["PaymentScreen"]);
    });

    test("a bank card takes it all where the card has nothing", async () => {
        const till = makeTill(short(0));
        till.order.addPaymentline(CARDS).data.setPaymentStatus("retry");
        await till.payment.payOnScreen(till.order, UID, 1000);
        await till.waysOut.press("bank");
        expect(paid(till)).toEqual([["bank", 6, "pending"]]);
        expect.verifySteps(["PaymentScreen"]);
    });

    test("another card pays the rest", async () => {
        const till = makeTill(short(120));
        await till.payment.payDirectly(till.order, UID, 1000);
        const pressed = till.waysOut.press("other_card");
        await new Promise((resolve) => setTimeout(resolve));
        expect([shown(till), till.band.shown.amount]).toEqual(["other_card", "4.80 €"]);
        await till.payment.waiting.onCard("DEADBEEF", 2000);
        await pressed;
        expect(paid(till)).toEqual([
            ["pay_later", 1.2, "done"],
            ["pay_later", 4.8, "done"],
        ]);
        expect.verifySteps(["till is free"]);
    });

    test("nobody brings another card: its line goes", async () => {
        const till = makeTill(short(0));
        await till.payment.payDirectly(till.order, UID, 1000);
        const pressed = till.waysOut.press("other_card");
        await new Promise((resolve) => setTimeout(resolve));
        await till.waysOut.press("leave");
        await pressed;
        expect([paid(till), shown(till)]).toEqual([[], null]);
    });

    test("try again is the same tap, now", async () => {
        let gone = true;
        const till = makeTill({
            hold: () => (gone ? { ok: false, code: "server_gone" } : granted(600)),
        });
        await till.payment.payDirectly(till.order, UID, Date.now());
        gone = false;
        await till.waysOut.press("retry");
        expect(paid(till)).toEqual([["pay_later", 6, "done"]]);
        expect.verifySteps(["given up", "till is free"]);
    });

    test("the other keys: an order, a receipt, the reader, nothing", async () => {
        const till = makeTill();
        const press = async (key) => {
            till.band.show({ code: "x", tone: "look", orderUuid: till.order.uuid });
            await till.waysOut.press(key);
            expect(shown(till)).toBe(null);
        };
        for (const key of ["open_order", "receipt", "retry_reader", "close", "remove"]) {
            await press(key);
        }
        till.order.finalized = true;
        await press("receipt");
        expect.verifySteps(["PaymentScreen", "PaymentScreen", "reader", "ReceiptScreen"]);
    });
});
