import { expect, test } from "@odoo/hoot";
import { basketLines } from "@tibillet_pos_nfc/app/till/basket";
import { parseWeight } from "@tibillet_pos_nfc/app/prices/weight";

test("a weight is typed to what the database keeps, with a comma or a point", () => {
    expect(parseWeight("0,345", 3)).toBe(0.345);
    expect(parseWeight("0,345", 2)).toBe(null);
    expect(parseWeight("1.2", 3)).toBe(1.2);
    expect(parseWeight("12", 3)).toBe(12);
    for (const none of ["", "0", "0,000", "-1", "1,2345", "a", "1,2,3", "99999"]) {
        expect(parseWeight(none, 3)).toBe(null, { message: none });
    }
});

test("weighed goods are asked to the cent that the screen shows", () => {
    // 0.125 kg at 9.99, 0.333 at 1.49 and 0.345 at 12.90: the sum of the lines rounded one by
    // one may miss the total by a cent, which the largest line takes.
    const lines = [
        { productId: 1, amount: 0.125 * 9.99 },
        { productId: 2, amount: 0.333 * 1.49 },
        { productId: 3, amount: 0.345 * 12.9 },
    ];
    for (const total of [6.19, 6.2, 6.21]) {
        const basket = basketLines(lines, total, 2);
        expect(basket.reduce((sum, line) => sum + line.amount_minor, 0)).toBe(
            Math.round(total * 100)
        );
        expect(basket[0].amount_minor).toBe(125);
        expect(basket[1].amount_minor).toBe(50);
    }
});
