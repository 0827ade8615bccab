"""Whether what somebody wrote withdraws from a contract, in nine languages.

The law asks for no form, only for an unequivocal statement (Directive 2011/83/EU, article 11(1)).
What is unequivocal is taken up by the machine; of whatever else speaks of it a person decides.
"""

import re
from enum import StrEnum
from functools import cache


class StatementReading(StrEnum):
    """What a text says about withdrawing from a contract."""

    STATED = "stated"
    UNCLEAR = "unclear"
    NONE = "none"


_I_DO = (
    r"\b(?:i|we|i/we)(?:[’']d|[’']m)?(?: (?:hereby|therefore|now|also|formally|want|wish|would|"
    r"like|have|decided|decide|intend|to|am|are|writing|must|do|declare|state|that|i|we|i/we|\(\*\)|"
    r"give|you|notice|inform|with|immediate|effect),?){0,14} "
)
_CONTRACT_NL = r"(?:overeenkomst|koop|bestelling|contract|aankoop)"
_STATED = (
    # English; also in the words of the law's model form (annex I(B)), as in the other languages
    rf"{_I_DO}withdraw from (?:the|this|my|our|my/our)(?: \(\*\))?(?: \S+)? "
    r"(?:contract|purchase|order)\b",
    r"\b(?:i|we)(?:[’']ve)?\b[^.;?]{0,60}\bdecided to withdraw from (?:the|this|my|our)(?: \S+)? "
    r"(?:contract|purchase|order)\b",
    rf"{_I_DO}(?:rescind|revoke) (?:the|this|my|our) (?:purchase )?(?:contract|purchase|order)\b",
    rf"{_I_DO}(?:exercis(?:e|ing)|mak(?:e|ing) use of|us(?:e|ing)|invok(?:e|ing)) (?:my|our) "
    r"(?:\w+ ){0,2}right (?:of withdrawal|to withdraw|to cancel)\b",
    # German
    r"\bwiderrufe(?:\(n\)|n)?(?: (?:ich|wir|ich/wir|\(\*\)|hiermit|daher|also|form-|und|"
    r"fristgerecht)){0,6} (?:den|die|das|mein\w*|unser\w*|diese\w*)(?: (?:von|mir|uns|mir/uns|"
    r"\(\*\)|am|vom|\d\S*|geschlossene\w*|abgeschlossene\w*|online|heutige\w*|gestrige\w*|gesamte\w*|"
    r"oben|genannte\w*)){0,9} (?:(?:kauf|dienst)?vertrag|bestellung|kauf|abo|abonnement)\b",
    r"\b(?:ich|wir)\b[^.;]{0,50}\b(?:mein|unser)\w* (?:\S+ )?widerrufsrecht\b[^.;]{0,20}"
    r"\b(?:gebrauch|aus)\b",
    r"\b(?:ich|wir)\b[^.;]{0,80}\btreten? (?:hiermit )?(?:vom|von dem|von diesem) "
    r"(?:kaufvertrag|vertrag|kauf)\b[^.;]{0,30}\bzurück\b",
    # French
    r"\b(?:je|nous|je/nous)\b[^.;]{0,20}\b(?:notifi|inform|communiqu)\S*\b[^.;]{0,50}"
    r"\brétractation (?:du|de la|de mon|de ma|de l[’'])(?: présente?| \(\*\))? ?"
    r"(?:contrat|commande|achat)\b",
    r"\b(?:je|nous)\b[^.;]{0,20}\b(?:exerce|exerçons|exercer) (?:ici |donc |par la présente )?"
    r"(?:mon|notre) droit de rétractation\b",
    r"\b(?:je me rétracte|nous nous rétractons) (?:du|de la|de mon|de ma|de notre|de cet|"
    r"de l[’']) ?(?:contrat|commande|achat)\b",
    # Spanish
    r"\b(?:desisto|desistimos) (?:de mi|de nuestro|de nuestra|de la|de este|de esta|del)"
    r"(?: \(\*\)| presente)? (?:contrato|compra|pedido)\b",
    r"\b(?:ejerzo|ejercemos|(?:quiero|queremos|deseo|deseamos|vengo a) ejercer) "
    r"(?:mi|nuestro|el) derecho de desistimiento\b",
    # Portuguese
    r"\b(?:resolvo|resolvemos|desisto|desistimos|rescindo)(?: \(\*\))? (?:o|a|do|da|deste|desta)"
    r"(?: (?:meu|minha|nosso|nossa|meu/nosso|presente|referid[oa]))?(?: \(\*\))? "
    r"(?:contrato|compra|encomenda|pedido)\b",
    r"\b(?:exerço|exercemos|(?:quero|queremos|desejo|desejamos|venho|vimos|pretendo) exercer) "
    r"(?:o meu|o nosso|meu|o) direito de (?:livre resolução|arrependimento|retratação)\b",
    # Italian
    r"\b(?:notific|comunic)(?:o|hiamo)\b[^.;]{0,20}\brecesso (?:dal|dall[’'])(?: mio| nostro|"
    r" mio/nostro| presente)?(?: \(\*\))? ?(?:contratto|acquisto|ordine)\b",
    r"\b(?:esercito|esercitiamo|(?:intendo|desidero|vorrei|voglio|vogliamo) esercitare) "
    r"(?:il|il mio|il nostro) diritto di recesso\b",
    r"\b(?:recedo|recediamo) (?:dal|dall[’'])(?: mio| nostro| presente)? ?"
    r"(?:contratto|acquisto|ordine)\b",
    # Dutch
    r"\b(?:ik|wij|we|ik/wij)(?: \(\*\))? (?:de|deze|mijn|onze|het|dit) "
    rf"{_CONTRACT_NL}\b[^.;:,]{{0,80}} (?:herroep|herroepen|ontbind|ontbinden)\b",
    r"\b(?:ik|wij|we) (?:herroep|herroepen|ontbind|ontbinden)(?: hierbij| daarom| dus)? "
    rf"(?:de|deze|mijn|onze|het|dit) {_CONTRACT_NL}\b",
    r"\b(?:ik|wij|we) (?:maak|maken) (?:hierbij )?gebruik van (?:mijn|ons|het) herroepingsrecht\b",
    # Japanese and Korean: the verb stands at the end, with whether it is meant
    r"(?:契約|購入|注文|申込み?)を(?:撤回|解除)(?:いた|致)?します",
    r"クーリング・?オフを?(?:の権利を)?(?:行使|適用)?(?:いた|致)?します",
    r"(?:계약|구매|주문|청약)[을를]?\s?(?:청약\s?)?철회(?:합니다|하겠습니다)",
    r"(?:청약\s?)?철회권을 행사(?:합니다|하겠습니다)",
)
_SPEAKS = (
    r"\bwithdr(?:aw|awing|awal|ew|awn)\b[^.;]{0,40}\b(?:contract|purchase|agreement)\b",
    r"\bright (?:of withdrawal|to withdraw|to cancel)\b|\bcooling.off\b",
    r"\b(?:cancel|revoke|rescind)\w*\b[^.;]{0,25}\b(?:order|contract|purchase|agreement)\b",
    r"\bwider(?:ruf|rufen|rufe|rufs|rufsrecht|rufsfrist)\b",
    r"\b(?:rücktritt|zurücktreten)\b[^.;]{0,30}\bvertrag|\bvertrag\b[^.;]{0,30}\bzurücktreten\b",
    r"\brétract(?:er|e|ons|ation)\b|\bdroit de rétractation\b",
    r"\bdesist\w*\b[^.;]{0,20}\b(?:contrato|compra|pedido|encomenda)\b|\bdesistimiento\b",
    r"\b(?:livre resolução|direito de arrependimento)\b|\bresolver o contrato\b",
    r"\breced(?:ere|o|iamo)\b[^.;]{0,20}\b(?:contratto|acquisto|ordine)\b|\bdiritto di recesso\b",
    r"\b(?:herroep\w*|ontbind\w*)\b[^.;]{0,30}\b(?:koop|overeenkomst|bestelling|contract)\b",
    r"\b(?:koop|overeenkomst|bestelling|contract)\b[^.;]{0,30}\b(?:herroep|ontbind)\w*\b",
    r"\bherroepingsrecht\b|\bbedenktijd\b",
    r"(?:契約|購入|注文)[^。]{0,8}(?:撤回|解除)|クーリング・?オフ",
    r"청약\s?철회|(?:계약|구매|주문)[^.]{0,6}철회",
)
_REFUSES = (
    r"\b(?:not|n[’']t|never) (?:\w+ ){0,3}?(?:withdraw|cancel|revoke)",
    r"\bnicht\b[^.;]{0,15}\bwiderrufen\b",
    r"\bne\b[^.;]{0,20}\bpas\b[^.;]{0,10}\brétracter\b",
    r"\bno (?:quiero|deseo|queremos|voy a)\b[^.;]{0,10}\bdesistir\b",
    r"\bnão (?:quero|desejo|queremos|vou)\b[^.;]{0,10}\b(?:desistir|resolver)\b",
    r"\bnon (?:voglio|vogliamo|intendo|desidero)\b[^.;]{0,10}\brecedere\b",
    r"\b(?:niet|geen)\b[^.;]{0,20}\b(?:herroepen|ontbinden)\b",
    r"つもりは(?:ありません|ない)|(?:撤回|解除)(?:しません|いたしません|しない)",
    r"철회(?:하려는 것이 아니|하지 않|할 생각이 없)",
)
"""That somebody doesn't: nothing is read from such a sentence."""
_DOUBTS = re.compile(
    r"[?？¿]|できますか|でしょうか|人は|もし|場合|가능한가|까요|나요|(?:하)?면\b|\b(?:"
    r"if|unless|can|could|may|might|whether|will|would(?! like to (?:withdraw|exercise))|should|"
    r"how|what|when|know|not|never|\w+n[’']t|cannot|until|before|possible|consider\w*|thinking|"
    r"with (?:my|our|an?|another)|wife|husband|he|she|they|customers?|clients?|consent|"
    r"permission|complaint|offer|"
    r"falls|wenn|ob|sofern|wie|wann|wissen|mit (?:mein|unser|ein)\w*|"
    r"kann|könnte|dürfte|würde|nicht|kein\w*|möglich|überlege|"
    r"einwilligung|zustimmung|beschwerde|einzugsermächtigung|lastschrift|newsletter|werbung|"
    r"si|peux|pouvons|puis-je|possible|pas|comment|savoir|avec (?:mon|notre|un\w*)|"
    r"consentement|réclamation|"
    r"puedo|podemos|podría|cuando|no (?:quier|dese|me|he|es|pued|voy|desist)\w*|cómo|saber|"
    r"con (?:mi|un\w*)|consentimiento|queja|reclamación|"
    r"se|posso|podemos|poderia|caso|não|como|com (?:o meu|um\w*)|consentimento|reclamação|queixa|"
    r"possiamo|potrei|qualora|non|come|sapere|con (?:il|mio)|consenso|reclamo|"
    r"als|indien|hoe|weten|met (?:mijn|onze|een)|kan|kunnen|zou|niet|geen|toestemming|klacht"
    r")\b|同意|苦情|동의|불만",
)
"""What makes a statement a question, a condition, somebody else's, or of something else."""
_WITH_OTHERS = re.compile(
    r"\b(?:contract|purchase|order)\b[^.;]{0,30}?\b(?:with|at) (?!you|ai jewelry|immediate|effect|"
    r"the (?:order |receipt |invoice )?n|(?:order |receipt |invoice )?(?:num|no\b|id\b|jm|rcp)|"
    r"regard|respect|reference|once|best|kind|warm|many|\W)|"
    r"(?:vertrag|bestellung|kauf|abo|abonnement)\b[^.;]{0,30}?\b(?:mit|bei) "
    r"(?!ihnen|euch|dir|ihrer?\b|eure|ai jewelry|sofort|der (?:\w*nummer|nr)|"
    r"nummer|nr\b|\w*datum|jm|rcp|freundlich|besten|herzlich|viel|lieb)|"
    r"\b(?:contrat|commande|achat)\b[^.;]{0,30}?\b(?:avec|chez) "
    r"(?!vous|votre|ai jewelry|effet|le num|num|n°)|"
    r"\b(?:contrato|compra|pedido|encomenda)\b[^.;]{0,30}?\b(?:con|com) "
    r"(?!usted|ustedes|vosotros|vos|você|vocês|vossa|su\b|ai jewelry|efecto|"
    r"efeito|el n|o n|núm|n[.ºo°])|"
    r"\b(?:contratto|acquisto|ordine)\b[^.;]{0,30}?\bcon "
    r"(?!voi|vostr|lei\b|ai jewelry|effetto|il num|num|n\.)|"
    r"\b(?:overeenkomst|koop|bestelling|contract|aankoop)\b[^.;]{0,30}?\b(?:met|bij) "
    r"(?!u\b|jou|jullie|uw\b|ai jewelry|onmiddellijk|directe|ingang|het n|nummer|nr)"
)
"""That the contract is with somebody else: what customers tell of another shop."""
_REASON = re.compile(
    r",?\s(?:because|since|as i|weil|denn|da ich|da die|da das|parce qu|car |puisque|porque|ya que|"
    r"pois|perché|poiché|omdat|want ).*",
    re.DOTALL,
)
_SENTENCE = re.compile(
    r"(?<=[.!?…])\s+(?=[^\Wa-zß-öø-ÿ\d_]|[¿¡])|(?<=[。！？])|\n\s*\n|(?<=[?？])\s+"
)
_OTHER_THINGS = re.compile(
    r"einwilligung|zustimmung|einzugserm|lastschrift|sepa-mandat|newsletter|werbung|belehrung|"
    r"consent|permission|complaint|formulaire|toestemming|同意|苦情|동의|불만"
)
_CONTRACT = re.compile(r"\b(?:vertrag|kauf|contract|contrat|overeenkomst)\b|契約|계약")
_STEM = re.compile(
    r"withdr[ae]w|revok|rescind|widerr?uf|right to cancel|rétract|desist|resolução|resolv[oe]|"
    r"recess|reced|herroep|ontbind|撤回|解除|クーリング|철회"
)
"""Any word of withdrawing, also where of what isn't said."""
_LONGEST = 20_000  # letters that are read of one text


def statement_in(*, subject: str, own_words: str) -> StatementReading:
    """Return what an email's subject and its writer's own words say about withdrawing.

    STATED only where a sentence of theirs says so in the first person, without a condition, a
    question or a negation, and no other sentence that speaks of it has one. The subject alone
    states nothing.
    """
    sentences = _sentences(own_words[:_LONGEST])
    if any(map(_states, sentences)) and not any(map(_doubts, sentences)):
        return StatementReading.STATED
    if any(map(_speaks_of_it, sentences)):
        return StatementReading.UNCLEAR
    if any(_matches(_refuses(), one) for one in sentences) or not _speaks_of_it(subject.casefold()):
        return StatementReading.NONE
    return StatementReading.UNCLEAR


def words_that_state(own_words: str) -> str:
    """Return the sentences of *own_words* that state a withdrawal, for what they name."""
    return " ".join(filter(_states, _sentences(own_words[:_LONGEST])))


def _sentences(text: str) -> list[str]:
    return [" ".join(one.split()).casefold() for one in _SENTENCE.split(text) if one.strip()]


def _states(sentence: str) -> bool:
    said = _REASON.sub("", sentence)
    return _matches(_stated(), said) and not _doubts(sentence)


def _speaks_of_it(sentence: str) -> bool:
    speaks = _matches(_speaks(), sentence) or _matches(_stated(), sentence)
    is_about_another = _OTHER_THINGS.search(sentence) and not _CONTRACT.search(sentence)
    return speaks and not is_about_another and not _matches(_refuses(), sentence)


def _doubts(sentence: str) -> bool:
    """Whether it speaks of withdrawing in a way that may mean the contrary."""
    if _matches(_refuses(), sentence):
        return True
    said = _REASON.sub("", sentence)
    is_doubted = _DOUBTS.search(said) or _WITH_OTHERS.search(said)
    return _STEM.search(sentence) is not None and is_doubted is not None


def _matches(patterns: "re.Pattern[str]", sentence: str) -> bool:
    return patterns.search(sentence) is not None


@cache
def _stated() -> "re.Pattern[str]":
    return re.compile("|".join(_STATED))


@cache
def _speaks() -> "re.Pattern[str]":
    return re.compile("|".join(_SPEAKS))


@cache
def _refuses() -> "re.Pattern[str]":
    return re.compile("|".join(_REFUSES))
