import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { CardRefund } from "@tibillet_pos_nfc/app/components/card_page/card_refund";
import { OpenBill } from "@tibillet_pos_nfc/app/till/open_bill";
import { TillMoney } from "@tibillet_pos_nfc/app/till/till_money";

const CARD = { use_payment_terminal: "tibillet_nfc" };
const CASH = { use_payment_terminal: false };

const paid = (method, amount) => ({ payment_method_id: method, getAmount: () => amount });
const bill = new OpenBill({ money: new TillMoney(2, String) });

function refund(sale, payments, loose = []) {
    const lines = [
        { qty: -1, priceIncl: -6, refunded_orderline_id: { order_id: { payment_ids: sale } } },
        ...loose,
    ];
    return { lines, payment_ids: payments };
}

describe("what a card paid", () => {
    test("does not leave the drawer", () => {
        const sale = [paid(CARD, 6)];
        expect(bill.moneyTooMuch(refund(sale, [paid(CASH, -6)]))).toBe(600);
        expect(bill.moneyTooMuch(refund(sale, [paid(CARD, -6)]))).toBe(0);
    });

    test("the part in money does, and no more", () => {
        const sale = [paid(CARD, 4), paid(CASH, 2)];
        expect(bill.moneyTooMuch(refund(sale, [paid(CARD, -4), paid(CASH, -2)]))).toBe(0);
        expect(bill.moneyTooMuch(refund(sale, [paid(CASH, -6)]))).toBe(400);
    });

    test("a cup brought back beside it is given back in cash", () => {
        const cup = { qty: -1, priceIncl: -1 };
        const order = refund([paid(CARD, 6)], [paid(CARD, -6), paid(CASH, -1)], [cup]);
        expect(bill.moneyTooMuch(order)).toBe(0);
    });

    test("a sale in cash goes back in cash", () => {
        expect(bill.moneyTooMuch(refund([paid(CASH, 6)], [paid(CASH, -6)]))).toBe(0);
        expect(bill.moneyTooMuch({ lines: [{ qty: 1, priceIncl: 6 }], payment_ids: [] })).toBe(0);
    });
});

describe("the ways that a card's money goes back", () => {
    function ways(drawer) {
        const step = Object.create(CardRefund.prototype);
        const asset = { asset_id: 1, cash: 2000, bank_card: 0, transfer: 2000, drawer };
        Object.defineProperty(step, "minor", { value: 2000 });
        step.money = String;
        step.state = {
            assetId: 1,
            ways: { assets: [asset], by_bank: true },
        };
        return step.keys.map(({ way, quiet }) => way + (quiet ? " (quiet)" : ""));
    }

    test("cash first while the drawer can", () => {
        allowTranslations();
        expect(ways("enough")).toEqual(["cash", "bank_card", "transfer (quiet)"]);
    });

    test("behind a transfer when the drawer would hold too little", () => {
        allowTranslations();
        expect(ways("low")).toEqual(["bank_card", "transfer", "cash (quiet)"]);
        expect(ways("short")).toEqual(["bank_card", "transfer", "cash (quiet)"]);
    });
});
