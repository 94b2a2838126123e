import { expect, test } from "@odoo/hoot";
import { HappyHours } from "@tibillet_pos_nfc/app/prices/happy_hour";

const WEEK = { monday: true, tuesday: true, wednesday: true, thursday: true, friday: true };
const DRINKS = { id: 7 };
const rule = (values) => ({
    id: 1,
    name: "Apéro",
    percent: 20,
    hour_from: 18,
    hour_to: 20,
    grace_minutes: 15,
    categ_ids: [DRINKS],
    product_tmpl_ids: [],
    ...WEEK,
    ...values,
});
const beer = { id: 1, parentCategories: [9, 7] };
const crisps = { id: 2, parentCategories: [8] };

function make(at, values = {}, begun = "") {
    const hours = new HappyHours({
        rules: () => [rule(values)],
        zone: "Europe/Paris",
        now: () => Date.parse(at),
        begun: () => (begun ? Date.parse(begun) : 0),
    });
    return hours;
}

test("the hours of the place, in summer and in winter", () => {
    for (const [at, runs] of [
        ["2026-11-20T16:59:59Z", false],
        ["2026-11-20T17:00:00Z", true],
        ["2026-11-20T18:59:59Z", true],
        ["2026-11-20T19:00:00Z", false],
        ["2026-11-21T17:30:00Z", false],
        ["2026-07-17T16:00:00Z", true],
    ]) {
        expect(Boolean(make(at).ruleFor(beer))).toBe(runs, { message: at });
    }
});

test("over midnight, the night belongs to the day that is ticked", () => {
    for (const [at, runs] of [
        ["2026-11-20T21:30:00Z", true],
        ["2026-11-20T23:59:00Z", true],
        ["2026-11-21T00:00:00Z", false],
        ["2026-11-22T23:30:00Z", false],
        ["2026-11-23T23:30:00Z", true],
    ]) {
        const hours = make(at, { hour_from: 22.5, hour_to: 1 });
        expect(Boolean(hours.ruleFor(beer))).toBe(runs, { message: at });
    }
});

test("a basket begun in time keeps its prices for the grace, another does not", () => {
    const begun = "2026-11-20T18:50:00Z";
    expect(make("2026-11-20T19:10:00Z", {}, begun).ruleFor(beer)?.id).toBe(1);
    expect(make("2026-11-20T19:16:00Z", {}, begun).ruleFor(beer)).toBe(null);
    expect(make("2026-11-20T19:10:00Z").ruleFor(beer)).toBe(null);
    expect(make("2026-11-20T19:10:00Z", {}, "2026-11-20T19:05:00Z").ruleFor(beer)).toBe(null);
});

test("what is not in the rule costs what it costs; a lower price stays", () => {
    const hours = make("2026-11-20T18:00:00Z");
    expect(hours.lower(crisps, 2.5, 2.5)).toBe(2.5);
    expect(hours.lower(beer, 6, 6)).toBeCloseTo(4.8);
    expect(hours.lower(beer, 4, 6)).toBe(4);
    expect(hours.without(() => hours.lower(beer, 6, 6))).toBe(6);
});
