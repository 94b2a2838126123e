import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Minutes and seconds until held seats go back; by the time that has passed, not by ticks. */
export class Countdown extends Interaction {
    static selector = ".o_tibillet_countdown";
    dynamicContent = {
        ".o_tibillet_countdown_left": { "t-out": () => this.text },
        ".o_tibillet_countdown_running": { "t-att-class": () => ({ "d-none": this.isOver }) },
        ".o_tibillet_countdown_over": { "t-att-class": () => ({ "d-none": !this.isOver }) },
        _root: {
            "t-att-class": () => ({
                "alert-info": this.left >= 120,
                "alert-warning": this.left < 120,
            }),
        },
    };

    setup() {
        this.end = performance.now() + Number(this.el.dataset.seconds) * 1000;
    }

    start() {
        this.waitForTimeout(() => this.tick(), 1000);
    }

    tick() {
        this.updateContent();
        if (!this.isOver) {
            this.waitForTimeout(() => this.tick(), 1000);
        }
    }

    get left() {
        return Math.max(0, Math.ceil((this.end - performance.now()) / 1000));
    }

    get isOver() {
        return this.left === 0;
    }

    get text() {
        const seconds = String(this.left % 60).padStart(2, "0");
        const minutes = Math.floor(this.left / 60);
        if (minutes < 100) {
            return `${minutes}:${seconds}`;
        }
        // Half a day, of an offer to who waited.
        return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
    }
}

registry.category("public.interactions").add("tibillet_event.countdown", Countdown);
