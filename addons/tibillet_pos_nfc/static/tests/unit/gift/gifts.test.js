import { describe, expect, test } from "@odoo/hoot";
import { giftOf, giftOfPayment, giftsTold, taxedOf } from "@tibillet_pos_nfc/app/gift/gifts";

const LINES = [{ uuid: "beer" }, { uuid: "soup" }];

function makeOrder(...cards) {
    return {
        currency: { decimal_places: 2 },
        payment_ids: cards.map((_told, at) => ({ uuid: `card${at}` })),
        uiState: { tibillet: Object.fromEntries(cards.map((told, at) => [`card${at}`, told])) },
    };
}

describe("gifts of the place on a receipt", () => {
    test("the server answers by position, the receipt asks by line", () => {
        const order = makeOrder({});
        const told = giftsTold(order, order.payment_ids[0], LINES, { gifts: [[1, 250]] });
        expect(told).toEqual({ gifts: { soup: 250 }, giftMinor: 250 });
        expect(giftsTold(order, order.payment_ids[0], LINES, {})).toEqual({});
    });

    test("a second card tells the gifts of both: its own is what is more", () => {
        const order = makeOrder({ gifts: { beer: 100 }, giftMinor: 100 }, {});
        const [, second] = order.payment_ids;
        const told = giftsTold(order, second, LINES, {
            gifts: [
                [0, 150],
                [1, 50],
            ],
        });
        expect(told).toEqual({ gifts: { beer: 150, soup: 50 }, giftMinor: 100 });
    });

    test("the last card's word stands until the server has the order", () => {
        const order = makeOrder({ gifts: { beer: 100 } }, { gifts: { beer: 150 }, giftMinor: 50 });
        expect(giftOf(order, LINES[0])).toBe(1.5);
        expect(giftOf(order, LINES[1])).toBe(0);
        expect(giftOf(order, { uuid: "beer", tibillet_gift: 1.49 })).toBe(1.49);
        expect(giftOfPayment(order, order.payment_ids[1])).toBe(0.5);
        expect(giftOfPayment(order, { uuid: "old", tibillet_gift: 2.5 })).toBe(2.5);
    });

    test("what was taxed when the card was loaded is told apart", () => {
        const order = makeOrder({});
        const answer = { gifts: [[0, 250]], taxed: [[0, 200]] };
        const told = giftsTold(order, order.payment_ids[0], LINES, answer);
        expect(told).toEqual({ gifts: { beer: 250 }, taxed: { beer: 200 }, giftMinor: 250 });
        order.uiState.tibillet.card0 = told;
        expect(taxedOf(order, LINES[0])).toBe(2);
        expect(taxedOf(order, LINES[1])).toBe(0);
        expect(taxedOf(order, { uuid: "beer", tibillet_taxed: 1.99 })).toBe(1.99);
    });

    test("a card that is taken off tells nothing any more", () => {
        const order = makeOrder({ gifts: { beer: 100 } });
        order.payment_ids = [];
        expect(giftOf(order, LINES[0])).toBe(0);
    });
});
