import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { isOffered, valueOf } from "./offers";

/** What is offered, and why: one touch on a reason does it. */
export class OfferDialog extends Component {
    static template = "tibillet_pos_nfc.OfferDialog";
    static components = { Dialog };
    static props = {
        offers: Object,
        order: Object,
        line: { type: Object, optional: true },
        onOffered: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.state = useState({ whole: !this.props.line, refusal: "" });
    }

    get lines() {
        return this.state.whole ? this.props.order.lines : [this.props.line];
    }

    amount(lines) {
        const { offers } = this.props;
        return offers.money.format(valueOf(offers.offerable(lines)));
    }

    get isTakenBack() {
        return this.props.offers.offerable(this.lines).some(isOffered);
    }

    choose(whole) {
        this.state.whole = whole;
        this.state.refusal = "";
    }

    give(reason) {
        const { offers, close, onOffered } = this.props;
        this.state.refusal = offers.refusal(this.lines);
        if (this.state.refusal) {
            return;
        }
        offers.offer(this.lines, reason);
        close();
        onOffered?.(this.state.whole);
    }

    takeBack() {
        this.props.offers.takeBack(this.lines);
        this.props.close();
    }
}
