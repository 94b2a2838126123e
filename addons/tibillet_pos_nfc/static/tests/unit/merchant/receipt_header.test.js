import { after, expect, getFixture, test } from "@odoo/hoot";
import { App } from "@odoo/owl";
import { getTemplate } from "@web/core/templates";
import { ReceiptHeader } from "@point_of_sale/app/screens/receipt_screen/receipt/receipt_header/receipt_header";

const LOGO = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

function order(merchant, header) {
    return {
        config: {
            receiptLogoUrl: LOGO,
            receipt_header: header,
            _tibillet_merchant: merchant,
        },
        pos_reference: "260-2-000001",
        getCashierName: () => "Zoé",
    };
}

async function printed(...args) {
    const app = new App(ReceiptHeader, {
        getTemplate,
        translateFn: String,
        props: { order: order(...args) },
    });
    after(() => app.destroy());
    await app.mount(getFixture());
}

test("a merchant's receipt has its name and number, and no logo of the organiser", async () => {
    await printed({ name: "Zoé SARL" }, "Zoé SARL\n29000 Quimper\nSIRET 73282932000074");
    expect(".pos-receipt-logo").toHaveCount(0);
    expect(".pos-receipt-contact").toHaveText(/Zoé SARL[^]*SIRET 73282932000074/);
});

test("the organiser's own receipt keeps its logo", async () => {
    await printed(false, "Le Phare");
    expect(".pos-receipt-logo").toHaveCount(1);
});
