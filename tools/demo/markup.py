"""Small pieces of a page, written once for two languages."""

from html import escape


class Writer:
    """Writes for one language: ``w("Bonjour", "Hello")`` gives the one that is wanted."""

    def __init__(self, language):
        self.language = language

    def __call__(self, french, english):
        """Return the text in this writer's language, safe inside an element."""
        return escape(french if self.language == "fr" else english, quote=False)

    def either(self, french, english):
        """Return a value that is not text: a list, a table."""
        return french if self.language == "fr" else english

    @property
    def prefix(self):
        """First part of the addresses in this language."""
        return "" if self.language == "fr" else "/en"


def link(url, text, classes=""):
    """Return a link."""
    return f'<a href="{escape(url)}" class="{classes}">{text}</a>'


def picture(source, alt, classes="", *, lazy=True):
    """Return an image; one that is above the fold is not lazy."""
    loading = ' loading="lazy"' if lazy else ""
    return f'<img src="{source}" alt="{escape(alt)}" class="{classes}"{loading}/>'


def button(url, text, *, quiet=False):
    """Return a link that looks like a button."""
    return link(url, text, "tbd-button tbd-quiet" if quiet else "tbd-button")


def heading(kicker, title):
    """Return a small line and the title under it."""
    return f'<p class="tbd-kicker">{kicker}</p><h2>{title}</h2>'


def phone(place):
    """Return the place's number as a link."""
    return link("tel:" + place.phone.replace(" ", ""), place.phone)


def row(*cells, tag="td"):
    """Return a row of a table."""
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def section(name, body, classes="", kicker="", title=""):
    """Return a section with its heading."""
    head = f'<p class="tbd-kicker">{kicker}</p>' if kicker else ""
    head += f"<h2>{title}</h2>" if title else ""
    return (
        f'<section id="{name}" class="tbd-section {classes}">'
        f'<div class="tbd-wrap">{head}{body}</div></section>'
    )


def table(rows, classes="tbd-hours"):
    """Return rows of a name and a value."""
    body = "".join(
        f'<tr><th scope="row">{escape(str(name))}</th><td>{escape(str(value))}</td></tr>'
        for name, value in rows
    )
    return f'<table class="{classes}"><tbody>{body}</tbody></table>'


def elsewhere(slug, path="/"):
    """Return the attribute of a link to another place, on the port that answered this page."""
    return (
        f't-attf-href="{{{{request.httprequest.scheme}}}}://{slug}.localhost'
        f"{{{{':' + request.httprequest.host.rpartition(':')[2] if ':' in "
        f"request.httprequest.host else ''}}}}{path}\""
    )


def place_card(w, place, sources, more=""):
    """Return another place as a card: its front, its name, what it is."""
    return (
        f'<a class="tbd-place" {elsewhere(place.slug)}>'
        f"{picture(sources['front_' + place.slug], '')}<div><h3>{escape(place.name)}</h3>"
        f"<p>{w(place.kind_fr.capitalize(), place.kind_en.capitalize())}</p>{more}</div></a>"
    )


# The next three events of this website, read when the page is made: published ones only.
COMING = """
<t t-set="coming" t-value="request.env['event.event'].search([('website_id', '=', website.id),
    ('is_published', '=', True), ('date_end', '&gt;=', datetime.datetime.now())],
    order='date_begin', limit=3)"/>
<t t-set="date_format"
    t-value="&quot;EEEE d MMMM, H'\u00a0h\u00a0'mm&quot; if request.env.lang == 'fr_FR'
    else 'EEEE d MMMM, h:mm a'"/>
<div class="tbd-events">
  <a t-foreach="coming" t-as="event" class="tbd-event" t-att-href="event.website_url">
    <t t-set="cover"
        t-value="json.loads(event.cover_properties or '{}').get('background-image', '')"/>
    <div class="tbd-event-picture" t-attf-style="background-image: {{cover}}"/>
    <div class="tbd-event-body">
      <p class="tbd-event-date"><t t-out="event.date_begin"
          t-options="{'widget': 'datetime', 'format': date_format, 'tz_name': event.date_tz}"/></p>
      <h3 t-out="event.name"/>
      <p class="tbd-event-subtitle" t-out="event.subtitle"/>
      <t t-set="rates" t-value="event.event_ticket_ids.sudo().mapped('price')"/>
      <p class="tbd-event-price">
        <span t-if="not rates or not max(rates)">FREE</span>
        <span t-elif="min(rates)">FROM <t t-out="min(rates)" t-options="{'widget': 'monetary',
            'display_currency': event.company_id.sudo().currency_id}"/></span>
        <span t-else="">PARTLY</span>
        <span>BOOK</span>
      </p>
    </div>
  </a>
</div>
"""


def coming(write):
    """Return the coming events as a list of cards."""
    return (
        COMING.replace("FREE", write("Entrée libre", "Free entry"))
        .replace("FROM", write("Dès", "From"))
        .replace("PARTLY", write("Gratuit ou payant", "Free or paid"))
        .replace("BOOK", write("Réserver →", "Book →"))
    )
