"""Names and answers that each place of a form needs."""


class NamesForm:
    """Mixed into the form of attendees, which knows its event and its places."""

    def _answers(self):
        """(index of the place, question id as text) → what was answered."""
        answers = {}
        for key, value in self.post.items():
            parts = key.split("-")
            if len(parts) == 3 and str(value).strip():
                answers[parts[0], parts[2]] = str(value).strip()
        return answers

    def _on_names(self):
        """Sentences on names and answers that a rate asks of each place."""
        answers, sentences = self._answers(), []
        questions_sudo = self.event_sudo.specific_question_ids
        names = questions_sudo.filtered(lambda one: one.question_type == "name")
        for index, rate_id in self.indexes():
            rate_sudo = self.rates_sudo.get(rate_id)
            named = any((index, str(one.id)) in answers for one in names)
            if names and not named and self.event_sudo._tibillet_is_nominative(rate_id):
                sentences.append(
                    self.env._(
                        "“%s”: write a name for each place.",
                        rate_sudo.name if rate_sudo else self.event.name,
                    )
                )
            for one in questions_sudo:
                asked = one.tibillet_rate_ids and rate_sudo in one.tibillet_rate_ids
                if asked and one.is_mandatory_answer and (index, str(one.id)) not in answers:
                    sentences.append(
                        self.env._(
                            "“%(rate)s”: answer “%(question)s” for each place.",
                            rate=rate_sudo.name,
                            question=one.title,
                        )
                    )
        return list(dict.fromkeys(sentences))

    def one_name_is_enough(self, registrations):
        """Places without a name or an address take the first one's; answers to questions of
        other rates are left out."""
        first = next(iter(registrations), {})
        for place in registrations:
            for field in ("name", "email"):
                if first.get(field) and not place.get(field):
                    place[field] = first[field]
            rate_id = place.get("event_ticket_id")
            place["registration_answer_ids"] = [
                command
                for command in place.get("registration_answer_ids", [])
                if self._asked(command[2]["question_id"], rate_id)
            ]
        return registrations

    def _asked(self, question_id, rate_id):
        question = self.event_sudo.question_ids.filtered(lambda one: one.id == question_id)
        return bool(question) and question._tibillet_asked_of(rate_id)
