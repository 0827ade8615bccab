"""Whether a message only thanks us: it asks for nothing, so nothing is opened again (edge 9)."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_ASKS = re.compile(r"[?？¿\d$€£]")
_NAME = 4  # words: a person's and a company's
_LONGEST = 30


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THANKS = _words(
    "thank thanks thx ty cheers appreciated danke dankeschön dankesehr merci remercie remercions "
    "gracias agradezco obrigado obrigada agradeço grazie ringrazio bedankt dank"
)
_BESIDE = _words(
    # English
    "you your so very much many a lot for the all this that it is was are have has been got "
    "received arrived works worked now great perfect wonderful excellent good fine nice day "
    "week weekend evening quick fast reply answer help response support team everything dear hi "
    "hello kind best warm regards sincerely and my to up solved fixed sorted resolved ok okay yes "
    "really appreciate i we in advance "
    # German
    "vielen herzlichen lieben besten sehr schön schöne schönen tag woche wochenende abend für die "
    "das den der ihre ihren eure schnelle rasche hilfe antwort rückmeldung unterstützung alles ist "
    "hat geklappt angekommen erhalten super prima toll perfekt gut bestens erledigt guten hallo "
    "liebe lieber grüße grüßen mit freundlichen freundliche beste viele und nochmals ich wir habe "
    # French
    "beaucoup bien pour votre réponse rapide aide tout est reçu parfait super bonne journée soirée "
    "semaine bonjour cordialement et à vous je nous le la les très gentil résolu réglé "
    # Spanish
    "muchas mil por su tu respuesta rápida ayuda todo está recibido perfecto genial buen día buena "
    "tarde hola saludos cordiales y un una el los solucionado resuelto muy amable les le "
    # Portuguese
    "muito pela pelo sua resposta rápida ajuda tudo certo recebido perfeito ótimo bom dia boa olá "
    "cumprimentos atenciosamente e um uma o os resolvido "
    # Italian and Dutch
    "mille tante molte per la vostra risposta aiuto tutto ricevuto perfetto buona giornata saluti "
    "cordiali ciao risolto hartelijk wel voor uw jullie hulp snelle alles ontvangen goed groeten "
    "met vriendelijke fijne dag en"
)
_OBJECTS = _words(
    "but however still not no never nothing missing wrong again refund money "
    "aber leider nicht kein keine keinen noch trotzdem fehlt falsch geld erstattung rückerstattung "
    "mais pas toujours rien jamais manque remboursement argent "
    "pero todavía aún nada nunca falta reembolso dinero mas não ainda nunca nada dinheiro "
    "ma non ancora manca rimborso soldi maar niet geen nog terugbetaling geld"
)


def is_only_thanks(own_words: str) -> bool:
    """Return whether *own_words*, a message without its quotes, thanks and says nothing else.

    Where any doubt is left it doesn't: a number, a question, an objection or a word that isn't
    known here make it a message like others; but for up to _NAME names below its first line.
    """
    words = _WORD.findall(own_words)
    if len(words) > _LONGEST or _ASKS.search(own_words) or not _THANKS & _lowered(words):
        return False
    first, _, below = own_words.strip().partition("\n")
    names = [word for word in _WORD.findall(below) if word.lower() not in _BESIDE | _THANKS]
    return (
        _lowered(_WORD.findall(first)) <= _BESIDE | _THANKS
        and not _lowered(words) & _OBJECTS
        and len(names) <= _NAME
        and all(word[0].isupper() for word in names)
    )


def _lowered(words: list[str]) -> set[str]:
    return {word.lower() for word in words}
