from . import event_event
from . import event_event_ticket
from . import event_question
from . import event_registration
from . import event_mail
from . import mail_compose_message
from . import event_registration_given
