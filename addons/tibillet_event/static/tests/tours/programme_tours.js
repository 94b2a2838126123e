import { registry } from "@web/core/registry";

/**
 * An event in two minutes, as somebody of the programme makes it: what they click and what they
 * fill in is counted, and told to the test.
 */
const counted = { clicks: 0, fields: 0 };

function click(trigger, content) {
    return {
        content,
        trigger,
        run(helpers) {
            counted.clicks += 1;
            return helpers.click();
        },
    };
}

function fill(name, value, content) {
    return {
        content,
        trigger: `.o_field_widget[name='${name}'] input, .o_field_widget[name='${name}'] textarea`,
        run(helpers) {
            counted.fields += 1;
            return helpers.edit(value);
        },
    };
}

registry.category("web_tour.tours").add("tibillet_event_new", {
    steps: () => [
        click(
            ".o_main_navbar [data-menu-xmlid='tibillet_event.menu_event_new']",
            "the menu has it beside the list"
        ),
        fill("name", "Evening of tales", "what it is"),
        {
            content: "when it begins",
            trigger:
                ".modal .o_field_widget[name='date_begin'] button, .modal .o_field_widget[name='date_begin'] input",
            run(helpers) {
                counted.fields += 1;
                return helpers.click();
            },
        },
        {
            content: "the date is typed",
            trigger: ".modal .o_field_widget[name='date_begin'] input",
            run: "edit 12/11/2027 20:30:00",
        },
        fill("price", "8", "what it costs"),
        {
            content: "the end follows, three hours later, and the venue is the place's own",
            trigger: ".modal .o_field_widget[name='address_id'] input:value('Le Phare')",
        },
        click(".modal footer button[name='action_create']:visible", "publish"),
        {
            content: "it is made: its form is open, with a button to its page",
            trigger: ".o_event_form_view .o_field_widget[name='name'] :value('Evening of tales')",
            run() {
                document.body.dataset.tibilletCounted = JSON.stringify(counted);
            },
        },
        {
            content: "two clicks, three fields",
            trigger: `body[data-tibillet-counted='{"clicks":2,"fields":3}']`,
        },
    ],
});
