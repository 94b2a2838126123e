import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { user } from "@web/core/user";
import { checks } from "./checks";

const LOOK_MS = 500;

/**
 * Why does this till not read? Each thing that a reader needs, with yes or what to do, and a
 * place to try a card: while this is open a card is shown and never pays.
 */
export class ReaderCheck extends Component {
    static template = "tibillet_pos_nfc.ReaderCheck";
    static components = { Dialog };
    static props = { till: Object, close: Function };

    setup() {
        this.state = useState({ checks: [], card: null, failure: "" });
        this.look();
        onMounted(() => {
            this.endCheck = this.props.till.reader.startCheck({
                onCard: (card) => this.onCard(card),
                onError: ({ code }) => this.onError(code),
            });
            this.timer = setInterval(() => this.look(), LOOK_MS);
        });
        onWillUnmount(() => {
            clearInterval(this.timer);
            this.endCheck?.();
        });
    }

    look() {
        const found = checks(this.props.till);
        if (JSON.stringify(found) !== JSON.stringify(this.state.checks)) {
            this.state.checks = found;
        }
    }

    onCard({ uid, at }) {
        this.props.till.sounds.play("look");
        this.state.failure = "";
        this.state.card = {
            tail: uid.slice(-4),
            time: new Date(at).toLocaleTimeString(user.lang),
        };
    }

    onError(code) {
        this.state.card = null;
        this.state.failure = code;
        this.look();
    }

    retry() {
        this.state.card = null;
        this.state.failure = "";
        this.props.till.retryReader();
    }

    link() {
        this.props.close();
        this.props.till.openReaderPairing();
    }
}
