/** How long an answer stays on the customer's side when nothing else comes. */
export const TOLD_MS = 6000;

const CARD_ACT = "card_act";

/**
 * What a card's page did with money, for the customer's side. What is not money (a claim code,
 * whose card it is) is on paper or on the cashier's screen only.
 */
export function cardActTold(receipt) {
    if (!receipt?.amount) {
        return null;
    }
    const { title, amount, left } = receipt;
    // What is left is one figure, or it is read on the receipt.
    const rest = left.length === 1 ? left[0].amount : "";
    return { code: CARD_ACT, tone: "yes", title, amount, left: rest };
}

const CHANNEL = "UPDATE_CUSTOMER_DISPLAY";

/**
 * What the customer sees of a tap: what will be taken before it is, then what was and what is
 * left. Sent beside the order, on the way that Odoo's customer display listens to.
 */
export class CustomerSide {
    /**
     * @param {Object} parts
     * @param {(data: Object) => void} parts.post to the displays of this browser
     * @param {(data: Object) => Promise} parts.send to those of other machines
     * @param {() => string|undefined} parts.orderUuid of the order on the screen
     */
    constructor({ post, send, orderUuid }) {
        this.orderUuid = orderUuid;
        this.post = post;
        this.send = send;
        this.told = "";
    }

    /** Follow the band: the same words for those who are on the other side. */
    follow(band) {
        this.tell(band ? this.say(band) : null);
    }

    say({ tone, code, title, amount = "", left = "", next = "", completes = false }) {
        if (code === CARD_ACT) {
            return { tone, title, amount, left };
        }
        if (code === "other_card" || code === "tap_now") {
            return { tone: "wait", title, amount: next || amount, rest: completes ? amount : "" };
        }
        if (tone === "yes") {
            return { tone, title, left };
        }
        // Why a card is refused is for its holder and the cashier, not for the queue.
        return code === "insufficient_funds" ? { tone: "no", title } : null;
    }

    tell(shown) {
        clearTimeout(this.timer);
        if (!shown && this.told) {
            // The band is gone in 1.5 s; a customer looks up later than that.
            this.timer = setTimeout(() => this.publish(null), TOLD_MS);
            return;
        }
        this.uuid = this.orderUuid();
        this.publish(shown);
    }

    /** The next customer's goods: what was said to the last one goes. */
    seesOrder(order) {
        if (this.told && order.uuid !== this.uuid && order.lines.length) {
            clearTimeout(this.timer);
            this.publish(null);
        }
    }

    publish(shown) {
        const told = shown ? JSON.stringify(shown) : "";
        if (told !== this.told) {
            this.told = told;
            const data = { tibillet: shown };
            this.post(data);
            Promise.resolve(this.send(data)).catch(() => {});
        }
    }
}

/** The ways to Odoo's customer displays: a channel of this browser, and the server's bus. */
export function displayWays(pos) {
    const channel = new BroadcastChannel(CHANNEL);
    return {
        orderUuid: () => pos.getOrder()?.uuid,
        post: (data) => channel.postMessage(data),
        // Odoo gives this browser a number when it opens a display on another machine.
        send: (data) => {
            const uuid = localStorage.getItem("device_uuid");
            return (
                uuid &&
                pos.data.call("pos.config", "update_customer_display", [
                    [pos.config.id],
                    data,
                    uuid,
                ])
            );
        },
    };
}
