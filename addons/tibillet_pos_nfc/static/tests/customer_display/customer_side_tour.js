import { registry } from "@web/core/registry";

const channel = new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY");
const tell = (data) => ({ trigger: "body", run: () => channel.postMessage(data) });
const line = {
    productId: 1,
    productName: "Beer",
    price: "6.00 €",
    qty: "1",
    unit: "Units",
    unitPrice: "6.00 €",
    internalNote: "[]",
};

/** At least 64 px of figures, and 7 : 1 between them and what they stand on. */
function isReadable(element, pixels) {
    const { fontSize, color } = getComputedStyle(element);
    let under = element;
    let ground = "rgba(0, 0, 0, 0)";
    while (ground === "rgba(0, 0, 0, 0)" && under) {
        ground = getComputedStyle(under).backgroundColor;
        under = under.parentElement;
    }
    const light = (rgb) =>
        rgb
            .match(/[\d.]+/g)
            .slice(0, 3)
            .map((part) => part / 255)
            .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
            .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const [high, low] = [light(color), light(ground)].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    if (parseFloat(fontSize) < pixels || contrast < 7) {
        throw new Error(`${element.className}: ${fontSize}, ${contrast.toFixed(2)} : 1`);
    }
}

registry.category("web_tour.tours").add("tibillet_customer_side", {
    steps: () => [
        tell({
            lines: [line],
            amount: "6.00 €",
            paymentLines: [],
            finalized: false,
            tibilletDue: "6.00 €",
        }),
        {
            content: "what will be taken, before anything is",
            trigger: ".tibillet-customer-due:contains('To pay'):contains('6.00') b",
            run: ({ anchor }) => isReadable(anchor, 64),
        },
        { trigger: "body:not(:has(.tibillet-customer))" },
        tell({
            tibillet: { tone: "wait", title: "Tap the card", amount: "2.00 €", rest: "6.00 €" },
        }),
        {
            trigger:
                ".tibillet-customer[data-tone='wait'] .tibillet-customer-amount:contains('2.00')",
            run: ({ anchor }) => isReadable(anchor, 64),
        },
        { trigger: ".tibillet-customer-left:contains('Still to pay'):contains('6.00')" },
        tell({ tibillet: { tone: "yes", title: "Paid 6.00 €", left: "14.00 €" } }),
        {
            content: "a shape beside the words and the colour",
            trigger: ".tibillet-customer[data-tone='yes'] .tibillet-shape circle",
        },
        {
            trigger: ".tibillet-customer-title:contains('Paid 6.00')",
            run: ({ anchor }) => isReadable(anchor, 40),
        },
        { trigger: ".tibillet-customer-left:contains('14.00')" },
        tell({ tibillet: null, lines: [], amount: "0.00 €", finalized: false, tibilletDue: "" }),
        { trigger: "body:not(:has(.tibillet-customer, .tibillet-customer-training))" },
        tell({ tibilletTraining: true }),
        {
            content: "a practice sale says so to the customer",
            trigger: ".tibillet-customer-training:contains('TRAINING')",
            run: ({ anchor }) => isReadable(anchor, 30),
        },
    ],
});
