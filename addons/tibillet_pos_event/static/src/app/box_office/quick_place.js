import { patch } from "@web/core/utils/patch";
import { EventRegistrationPopup } from "@pos_event/app/components/popup/event_registration_popup/event_registration_popup";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";

/** Who comes: asked at a till only where a place bears a name. A customer may be chosen as ever. */
const WHO = ["name", "email", "phone", "company_name"];

const isNamed = (event, rate) => Boolean(event.tibillet_nominative || rate.tibillet_nominative);

/** Whether something is to be asked of who takes a place of this rate. */
export function isAsked(event, rate) {
    const named = isNamed(event, rate);
    return named || event.question_ids.some((one) => !WHO.includes(one.question_type));
}

/**
 * The rate that one touch of the event sells, where nothing is left to choose or to ask.
 *
 * @returns {Object|null} the rate
 */
export function onlyRate(event) {
    const rates = event.event_ticket_ids.filter(
        (rate) => rate.product_id?.service_tracking === "event"
    );
    const [rate] = rates;
    const chosen =
        rates.length !== 1 ||
        event.is_multi_slots ||
        rate.tibillet_free_price ||
        rate.tibillet_min_per_order > 1 ||
        isAsked(event, rate);
    return chosen ? null : rate;
}

patch(EventRegistrationPopup.prototype, {
    setup() {
        super.setup(...arguments);
        const { event, data } = this.props;
        if (event.question_ids.length && !data.some(({ ticket_id }) => isAsked(event, ticket_id))) {
            this.confirm();
        }
    },

    /** Nobody types an address at the door; a name only where the place bears one. */
    isQuestionMissingMandatoryAnswer(id) {
        const { event, data } = this.props;
        const question = this.pos.models["event.question"].get(id);
        const { question_type: type } = question || {};
        if (WHO.includes(type)) {
            const named = data.some(({ ticket_id }) => isNamed(event, ticket_id));
            return type === "name" && named && !arguments[1]?.trim();
        }
        return super.isQuestionMissingMandatoryAnswer(...arguments);
    },
});

patch(ProductScreen.prototype, {
    /** One place at once, where there is one rate and no question. */
    async addProductToOrder(product) {
        const event = product.event_id;
        const rate = event && onlyRate(event);
        if (!rate) {
            return super.addProductToOrder(...arguments);
        }
        const line = await this.pos.addLineToCurrentOrder({
            product_id: rate.product_id,
            product_tmpl_id: rate.product_id.product_tmpl_id,
            price_unit: rate.price,
            price_type: "original",
            qty: 1,
            event_ticket_id: rate,
        });
        this.pos.models["event.registration"].create({
            event_id: event,
            event_ticket_id: rate,
            pos_order_line_id: line,
            partner_id: this.pos.getOrder().partner_id,
        });
    },
});
