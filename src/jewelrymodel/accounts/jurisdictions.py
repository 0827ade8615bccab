"""Whose consumer law a country has, and whether its buyers may withdraw: the one home of both.

Directive 2011/83/EU holds in the European Economic Area, and the United Kingdom has the same right
(SI 2013/3134).
"""

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_BY_LAW = {"EU": _EU, "EEA": "IS LI NO", "UK": "GB", "US": "US", "AU": "AU"}
_PART_OF = {"AX": "FI", "GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}
"""Places with a code of their own in which the law of the Union holds (TFEU, article 355)."""
_LAW_OF = {country: law for law, codes in _BY_LAW.items() for country in codes.split()}
_WITHDRAWAL = frozenset({"EU", "EEA", "UK"})


def jurisdiction(country: str) -> str:
    """Return whose consumer law holds in *country* (ISO 3166-1), in the policy's words."""
    return _LAW_OF.get(country_of_law(country), "other")


def has_withdrawal(country: str) -> bool:
    """Return whether its consumers may withdraw from what they bought at a distance."""
    return jurisdiction(country) in _WITHDRAWAL


def country_of_law(country: str) -> str:
    """Return the country whose law and holidays a place has that has a code of its own."""
    return _PART_OF.get(country, country)
