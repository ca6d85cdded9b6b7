"""Usual words for kinds of missions, ranks and titles in the languages of most lists of missions.

They are in English, Portuguese, Spanish, French, German, Italian, Dutch and Russian.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from relations_kg.rdf.words import key

_KINDS = {
    "embassy": "embaixada|embajada|ambassade|botschaft|ambasciata|посольство",
    "consulate-general": "consulado geral|consulado general|consulat general|generalkonsulat"
    "|consolato generale|consulaat generaal|генеральное консульство|генконсульство",
    "consulate": "consulado|consulat|konsulat|consolato|consulaat|консульство",
    "honorary consulate": "consulado honorário|consulado honorario|consulat honoraire"
    "|honorarkonsulat|consolato onorario|ereconsulaat|honorair consulaat|почётное консульство",
    "vice-consulate": "vice consulado|vice consulat|vizekonsulat|vice consolato|vice consulaat"
    "|вице-консульство",
    "consular-agency": "agência consular|escritório consular|agencia consular|oficina consular"
    "|agence consulaire|konsularagentur|agenzia consolare|consulair agentschap"
    "|консульское агентство",
    "consular post": "secção consular|seção consular|sección consular|section consulaire"
    "|konsularabteilung|sezione consolare|consulaire afdeling|консульский отдел"
    "|consular section",
    "permanent-mission": "missão permanente|misión permanente|mission permanente"
    "|ständige mission|missione permanente|permanente missie|постоянная миссия"
    "|permanent representation|permanent delegation|representação permanente"
    "|delegação permanente|representación permanente|delegación permanente"
    "|représentation permanente|délégation permanente|ständige vertretung"
    "|rappresentanza permanente|delegazione permanente|permanente vertegenwoordiging"
    "|постоянное представительство",
    "representative office": "representação|escritório de representação"
    "|oficina de representación|bureau de représentation|vertretungsbüro"
    "|ufficio di rappresentanza|vertegenwoordiging|представительство",
    "trade office": "escritório comercial|oficina comercial|bureau commercial|handelsbüro"
    "|ufficio commerciale|handelskantoor|торговое представительство",
    "nunciature": "nunciatura|nonciature|nuntiatur|nunziatura|nuntiatuur|нунциатура",
    "legation": "legação|legación|légation|gesandtschaft|legazione|gezantschap",
    "high-commission": "alto comissariado|alto comisionado|haut commissariat|hochkommissariat"
    "|alto commissariato|hoge commissie",
    "interests-section": "secção de interesses|sección de intereses|section d'intérêts"
    "|interessenvertretung|sezione d'interessi|секция интересов",
}
_RANKS = {
    "ambassador": "embaixador|embaixadora|embajador|embajadora|ambassadeur|ambassadrice"
    "|botschafter|botschafterin|ambasciatore|ambasciatrice|посол"
    "|чрезвычайный и полномочный посол|ambassador extraordinary and plenipotentiary"
    "|embaixador extraordinário e plenipotenciário|embajador extraordinario y plenipotenciario",
    "high-commissioner": "alto comissário|alto comisionado|haut commissaire|hochkommissar"
    "|alto commissario|hoge commissaris|верховный комиссар",
    "permanent-representative": "representante permanente|représentant permanent"
    "|représentante permanente|ständiger vertreter|ständige vertreterin"
    "|rappresentante permanente|permanent vertegenwoordiger|постоянный представитель",
    "charge-d-affaires": "encarregado de negócios|encarregada de negócios|enc. neg."
    "|encargado de negocios|encargada de negocios|chargée d'affaires|geschäftsträger"
    "|geschäftsträgerin|incaricato d'affari|incaricata d'affari|zaakgelastigde"
    "|поверенный в делах|CdA",
    "charge-d-affaires-ad-interim": "tijdelijk zaakgelastigde|временный поверенный в делах"
    "|временный поверенный",
    "envoy": "enviado|envoyé|gesandter|gesandte|inviato|gezant|посланник",
    "consul-general": "cônsul geral|cónsul general|consul général|consule générale"
    "|generalkonsul|generalkonsulin|console generale|consul generaal|генеральный консул"
    "|генконсул",
    "consul": "cônsul|consulesa|cónsul|consule|konsul|konsulin|console|консул",
    "vice-consul": "vice cônsul|vicecónsul|vizekonsul|vizekonsulin|viceconsole|вице-консул",
    "honorary-consul": "cônsul honorário|cônsul honorária|cônsul hon.|cónsul honorario"
    "|cónsul honoraria|consul honoraire|honorarkonsul|honorarkonsulin|console onorario"
    "|console onoraria|ereconsul|honorair consul|почётный консул|hon. consul",
    "consular-agent": "agente consular|agent consulaire|konsularagent|agente consolare"
    "|consulair agent|консульский агент",
}
# What follows the rank of a chargé d'affaires who is in charge for a time.
_FOR_A_TIME = ("a.i.", "ad interim", "ad int.", "interino", "interina", "par intérim")
_OF_CHARGE, _OF_CHARGE_FOR_A_TIME = "charge-d-affaires", "charge-d-affaires-ad-interim"


@cache
def kinds() -> Mapping[str, str]:
    """Return the English names of kinds of missions by their names in other languages.

    >>> kinds()["consulado honorário"]
    'honorary consulate'
    """
    return {text: kind for kind, every in _KINDS.items() for text in every.split("|")}


@cache
def names_of_ranks() -> Mapping[str, str]:
    """Return the codes of ranks by their names in other languages than English.

    >>> names_of_ranks()["embaixador"]
    'ambassador'
    """
    return {text: rank for rank, every in _RANKS.items() for text in every.split("|")}


@cache
def ranks() -> Mapping[str, str]:
    """Return the codes of ranks by the keys of their names in all languages.

    >>> from relations_kg.rdf.words import key
    >>> ranks()[key("Enc. Neg. a.i.")], ranks()[key("Consul general")]
    ('charge-d-affaires-ad-interim', 'consul-general')
    """
    found = {key(text): rank for rank, every in _RANKS.items() for text in every.split("|")}
    found |= {key(rank): rank for rank in _RANKS}
    found[key("chargé d'affaires")] = _OF_CHARGE
    of_charge = [text for text, rank in found.items() if rank == _OF_CHARGE]
    for text in of_charge:
        found |= {text + key(each): _OF_CHARGE_FOR_A_TIME for each in _FOR_A_TIME}
    return found
