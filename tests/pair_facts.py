"""Ten facts that a reader expects from each document in `pairs/`, as SPARQL patterns.

No pattern reads a label or a free text.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """A fact of a document, or a part of one.

    `number` is the place of the fact in the reader's list. `pattern` binds `?answer`, and `?cited`
    to the thing that cites the passages. `answers` are all answers that it finds in the document,
    and each of them is found with all of `passages`. Without the stated triple `fact`, it finds
    fewer.
    """

    document: str
    number: int
    name: str
    passages: str
    pattern: str
    answers: str
    fact: str


def side(event: str, number: int, role: str = "belligerent") -> str:
    """Return the pattern of the parties on a side of a conflict, in a role."""
    return (
        f"?cited rkg:participationIn id:{event} ; rkg:participationRole code:{role} ; "
        f"rkg:side {number} ; rkg:participant ?answer"
    )


CHILE_PERU = [
    Case(
        "chile-peru",
        1,
        "the relations reach back to the Inca Empire",
        "s007",
        "id:chile-peru-relations rkg:reachesBackTo ?stage . "
        "?cited rkg:participationIn ?stage ; rkg:participant ?answer",
        "id:inca-empire",
        "id:chile-peru-relations rkg:reachesBackTo id:contacts-with-the-inca-empire",
    ),
    Case(
        "chile-peru",
        1,
        "they date from the 15th century at the latest",
        "s007",
        "id:chile-peru-relations rkg:reachesBackTo ?cited . ?cited rkg:latestStart ?answer",
        '"1499-12-31"^^xsd:date',
        'id:first-contacts-with-the-inca-empire rkg:when "[..1499]"^^edtf:EDTF',
    ),
    Case(
        "chile-peru",
        2,
        "Peru and Bolivia were allies, on no known date",
        "s014",
        "?alliance a rkg:Alliance ; rkg:allianceKind code:defensive , code:secret . "
        "?cited rkg:participationIn ?alliance ; rkg:participationRole code:ally ; "
        "rkg:participant ?answer FILTER NOT EXISTS { ?alliance rkg:when ?when }",
        "id:bolivia id:peru",
        "id:bolivia-in-the-alliance-with-peru rkg:participationRole code:ally",
    ),
    Case(
        "chile-peru",
        3,
        "on whom Chile declared war in 1879",
        "s015",
        "?cited a rkg:DeclarationOfWar ; rkg:actor id:chile ; rkg:counterpart ?answer ; "
        'rkg:when ?when FILTER (?when = "1879"^^edtf:EDTF)',
        "id:bolivia id:peru",
        "id:declaration-of-war-by-chile rkg:counterpart id:bolivia",
    ),
    Case(
        "chile-peru",
        3,
        "the day that one account gives",
        "s015",
        "?declaration a rkg:DeclarationOfWar ; rkg:actor id:chile . "
        "?cited a rkg:Claim ; rkg:claimSubject ?declaration ; rkg:claimProperty rkg:when ; "
        "rkg:claimStatus code:alternative ; rkg:claimedValue ?answer",
        '"1879-04-05"^^edtf:EDTF',
        'id:claim-that-chile-declared-war-on-5-april-1879 rkg:claimedValue "1879-04-05"^^edtf:EDTF',
    ),
    Case(
        "chile-peru",
        4,
        "Peru declared war one day after Chile",
        "s015",
        "?first a rkg:DeclarationOfWar ; rkg:actor id:chile . ?cited a rkg:DeclarationOfWar ; "
        "rkg:actor id:peru ; rkg:counterpart id:chile ; rkg:lagFrom ?first ; rkg:lag ?answer",
        '"P1D"',
        'id:declaration-of-war-by-peru rkg:lag "P1D"',
    ),
    Case(
        "chile-peru",
        4,
        "so it did by the first day of 1880",
        "s015",
        "?cited a rkg:DeclarationOfWar ; rkg:actor id:peru ; rkg:latestEnd ?answer",
        '"1880-01-01"^^xsd:date',
        'id:declaration-of-war-by-peru rkg:lag "P1D"',
    ),
    Case(
        "chile-peru",
        5,
        "what Chile occupied for two years",
        "s016",
        "?cited a rkg:Occupation ; rkg:occupyingParty id:chile ; rkg:occupiedParty id:peru ; "
        'rkg:occupiedPlace ?answer ; rkg:duration ?time FILTER (STR(?time) = "P2Y")',
        "id:lima",
        "id:occupation-of-lima rkg:occupyingParty id:chile",
    ),
    Case(
        "chile-peru",
        5,
        "it was the capital of Peru",
        "s016",
        "?occupation rkg:occupyingParty id:chile ; rkg:occupiedPlace ?place . "
        "?cited a rkg:SeatOfGovernment ; rkg:seatPlace ?place ; rkg:seatKind code:capital ; "
        "rkg:seatOf ?answer",
        "id:peru",
        "id:lima-as-the-capital-of-peru rkg:seatKind code:capital",
    ),
    Case(
        "chile-peru",
        6,
        "with whom Chile was allied, who were no state",
        "s011",
        "?alliance a rkg:Alliance . "
        "?one rkg:participationIn ?alliance ; rkg:participant id:chile . "
        "?cited rkg:participationIn ?alliance ; rkg:participationRole code:ally ; "
        "rkg:participant ?answer . ?answer a rkg:Movement",
        "id:dissident-peruvians",
        "id:dissident-peruvians rdf:type rkg:Movement",
    ),
    Case(
        "chile-peru",
        6,
        "against whom",
        "s011",
        "?cited a rkg:Alliance ; rkg:againstParty ?answer . "
        "?one rkg:participationIn ?cited ; rkg:participant id:chile",
        "id:peru-bolivian-confederation",
        "id:alliance-of-chile-and-dissident-peruvians rkg:againstParty "
        "id:peru-bolivian-confederation",
    ),
    Case(
        "chile-peru",
        6,
        "to what end",
        "s011",
        "?cited a rkg:Alliance ; rkg:objective ?answer ; rkg:beneficiary id:north-peru , "
        "id:south-peru . ?one rkg:participationIn ?cited ; rkg:participant id:dissident-peruvians",
        "code:liberation code:unification",
        "id:alliance-of-chile-and-dissident-peruvians rkg:objective code:unification",
    ),
    Case(
        "chile-peru",
        7,
        "what improved relations in 1929",
        "s017",
        "?cited a rkg:RelationsQuality ; rkg:firstParty id:chile ; rkg:secondParty id:peru ; "
        "rkg:quality code:improved ; rkg:causedBy ?answer . ?answer a rkg:Treaty ; rkg:when ?when "
        'FILTER (?when = "1929"^^edtf:EDTF)',
        "id:treaty-of-lima-1929",
        "id:steadier-relations-of-chile-and-peru rkg:quality code:improved",
    ),
    Case(
        "chile-peru",
        7,
        "for how long they were bad",
        "s017",
        "?cited a rkg:RelationsQuality ; rkg:firstParty id:chile ; rkg:secondParty id:peru ; "
        "rkg:quality code:bad ; rkg:duration ?answer",
        '"[P100Y..]"',
        'id:bad-relations-of-chile-and-peru rkg:duration "[P100Y..]"',
    ),
    Case(
        "chile-peru",
        8,
        "whose islands Spain had occupied",
        "s012",
        "?cited a rkg:Occupation ; rkg:inConflict id:chincha-islands-war ; "
        "rkg:occupyingParty id:spain ; rkg:occupiedPlace id:chincha-islands ; "
        "rkg:occupiedParty ?answer",
        "id:peru",
        "id:occupation-of-the-chincha-islands rkg:occupiedParty id:peru",
    ),
    Case(
        "chile-peru",
        8,
        "Chile and Peru fought on one side of the Chincha Islands War",
        "s012",
        side("chincha-islands-war", 1),
        "id:chile id:peru",
        "id:chile-in-the-chincha-islands-war rkg:side 1",
    ),
    Case(
        "chile-peru",
        8,
        "Spain fought on the other side",
        "s012",
        side("chincha-islands-war", 2),
        "id:spain",
        "id:spain-in-the-chincha-islands-war rkg:participant id:spain",
    ),
    Case(
        "chile-peru",
        9,
        "the parties of the trade agreements",
        "s018",
        "?agreements a rkg:TradeAgreement . ?cited rkg:participationIn ?agreements ; "
        "rkg:participationRole code:party ; rkg:participant ?answer",
        "id:chile id:peru",
        "id:chile-in-the-trade-agreements rkg:participant id:chile",
    ),
    Case(
        "chile-peru",
        9,
        "the trade agreements are of the 21st century",
        "s018",
        "?cited a rkg:TradeAgreement ; rkg:when ?answer",
        '"20XX"^^edtf:EDTF',
        'id:trade-agreements-of-chile-and-peru rkg:when "20XX"^^edtf:EDTF',
    ),
    Case(
        "chile-peru",
        10,
        "Peru fought Ecuador in 1995",
        "s018",
        "?war a rkg:ArmedConflict ; rkg:when ?when . ?one rkg:participationIn ?war ; "
        "rkg:participant id:peru ; rkg:side ?side . ?cited rkg:participationIn ?war ; "
        "rkg:participant ?answer ; rkg:side ?other "
        'FILTER (?side != ?other && ?when = "1995"^^edtf:EDTF)',
        "id:ecuador",
        "id:peru-in-the-cenepa-war rkg:side 2",
    ),
    Case(
        "chile-peru",
        10,
        "how relations with Chile were then",
        "s018",
        "?cited a rkg:RelationsQuality ; rkg:inConflict id:cenepa-war ; rkg:firstParty id:chile ; "
        "rkg:secondParty id:peru ; rkg:quality ?answer",
        "code:tense",
        "id:tense-relations-of-chile-and-peru rkg:inConflict id:cenepa-war",
    ),
]

HOLY_SEE_SWITZERLAND = [
    Case(
        "holy-see-switzerland",
        1,
        "the seat of the mission whose head was admitted in 1586",
        "s006",
        "?cited a rkg:PostingAct ; rkg:postingActKind code:admission ; rkg:when ?when ; "
        "rkg:appointee ?nuncio ; rkg:capacity ?office . "
        "?office rkg:officeKind code:head-of-mission ; rkg:headOf ?mission . "
        "?mission a rkg:Nunciature ; rkg:sendingParty id:holy-see ; rkg:seat ?answer . "
        "FILTER NOT EXISTS { id:holy-see a rkg:State } "
        '?cited rkg:place ?answer FILTER (?when = "1586"^^edtf:EDTF)',
        "id:lucerne",
        "id:nunciature-in-lucerne rkg:seat id:lucerne",
    ),
    Case(
        "holy-see-switzerland",
        1,
        "his rank",
        "s006",
        "?cited rkg:postingActKind code:admission ; rkg:capacity/rkg:diplomaticRank ?answer",
        "code:nuncio",
        "id:nuncio-to-switzerland rkg:diplomaticRank code:nuncio",
    ),
    Case(
        "holy-see-switzerland",
        2,
        "the share of Catholics among the Swiss",
        "s007",
        "?cited a rkg:Share ; rkg:shareOf id:swiss-people ; rkg:countOf id:swiss-catholics ; "
        "rkg:unit code:percent ; rkg:amount ?answer",
        '"40~"^^rkg:Amount',
        'id:share-of-catholics-among-the-swiss rkg:amount "40~"^^rkg:Amount',
    ),
    Case(
        "holy-see-switzerland",
        2,
        "it is about two in five, undated",
        "s007",
        "?cited rkg:shareOf id:swiss-people ; rkg:leavesOpen rkg:when ; rkg:atLeast ?least ; "
        "rkg:atMost ?most BIND (?least < 40 && ?most > 40 && ?most < 60 AS ?answer)",
        "true",
        "id:share-of-catholics-among-the-swiss rkg:leavesOpen rkg:when",
    ),
    Case(
        "holy-see-switzerland",
        3,
        "who expelled the nuncio in 1873",
        "s011",
        "?cited a rkg:PostingAct ; rkg:postingActKind code:expulsion-of-a-representative ; "
        "rkg:when ?when ; rkg:actor ?answer . ?answer rkg:governmentOf id:switzerland "
        'FILTER (?when = "1873"^^edtf:EDTF)',
        "id:swiss-federal-council",
        "id:expulsion-of-the-nuncio rkg:actor id:swiss-federal-council",
    ),
    Case(
        "holy-see-switzerland",
        3,
        "whom they expelled",
        "s011",
        "?cited rkg:actor id:swiss-federal-council ; rkg:appointee ?answer ; "
        "rkg:capacity ?office . "
        "?office rkg:diplomaticRank code:nuncio ; rkg:officeOf id:holy-see",
        "id:nuncio-of-1873",
        "id:expulsion-of-the-nuncio rkg:appointee id:nuncio-of-1873",
    ),
    Case(
        "holy-see-switzerland",
        4,
        "for how long relations were interrupted",
        "s011",
        "?cited a rkg:RelationsStatus ; rkg:firstParty id:holy-see ; "
        "rkg:secondParty id:switzerland ; rkg:status code:severed ; rkg:startedBy ?expulsion ; "
        "rkg:duration ?answer . ?expulsion rkg:postingActKind code:expulsion-of-a-representative",
        '"P50Y~"',
        'id:interruption-of-holy-see-switzerland-relations rkg:duration "P50Y~"',
    ),
    Case(
        "holy-see-switzerland",
        5,
        "the seat of the nuncio with whom relations were restored",
        "s012",
        "?relations a rkg:DiplomaticRelations ; rkg:startedBy ?return ; "
        "rkg:maintainedThrough ?cited . ?return a rkg:ResumptionOfRelations ; "
        "rkg:leavesOpen rkg:when . ?cited a rkg:Nunciature ; rkg:seat ?answer",
        "id:bern",
        "id:nunciature-in-bern rkg:seat id:bern",
    ),
    Case(
        "holy-see-switzerland",
        6,
        "the rank of Switzerland's representative from 1991",
        "s013",
        "?cited a rkg:MissionPhase ; rkg:residence code:non-resident ; rkg:earliestStart ?day ; "
        "rkg:headRank ?answer ; rkg:phaseOfMission ?mission . "
        "?mission rkg:sendingParty id:switzerland ; rkg:receivingParty id:holy-see "
        "FILTER (YEAR(?day) = 1991)",
        "code:special-envoy",
        "id:swiss-representation-under-a-special-envoy rkg:headRank code:special-envoy",
    ),
    Case(
        "holy-see-switzerland",
        6,
        "Switzerland had no mission before",
        "s013",
        "?cited a rkg:AbsenceOfRepresentation ; rkg:absentSender id:switzerland ; "
        "rkg:absentReceiver id:holy-see ; rkg:endedBy ?answer",
        "id:appointment-of-a-special-envoy-to-the-holy-see",
        "id:absence-of-a-swiss-mission-to-the-holy-see rkg:absentSender id:switzerland",
    ),
    Case(
        "holy-see-switzerland",
        7,
        "the rank from 2004, still not resident",
        "s013",
        "?cited a rkg:MissionPhase ; rkg:residence code:non-resident ; rkg:earliestStart ?day ; "
        "rkg:headRank ?answer ; rkg:startedBy ?event . ?event a rkg:LevelChange "
        "FILTER (YEAR(?day) = 2004)",
        "code:ambassador",
        "id:swiss-representation-under-an-ambassador rkg:residence code:non-resident",
    ),
    Case(
        "holy-see-switzerland",
        8,
        "the first resident embassy opened in May 2022",
        "s014",
        "?cited a rkg:Embassy ; rkg:sendingParty id:switzerland ; rkg:receivingParty id:holy-see ; "
        "rkg:residence code:resident ; rkg:openedBy ?opening ; rkg:seat ?answer . "
        "?opening rkg:when ?when . ?ordinal rkg:rank 1 ; rkg:rankedParty ?cited "
        'FILTER (?when = "2022-05"^^edtf:EDTF)',
        "id:rome",
        "id:first-resident-embassy-of-switzerland-to-the-holy-see rkg:rank 1",
    ),
    Case(
        "holy-see-switzerland",
        8,
        "it lies in a third state",
        "s014",
        "?cited a rkg:Embassy ; rkg:sendingParty ?sender ; rkg:receivingParty ?receiver ; "
        "rkg:seatPolity ?answer . ?answer a rkg:State "
        "FILTER (?answer NOT IN (?sender, ?receiver))",
        "id:italy",
        "id:reading-that-the-embassy-of-switzerland-to-the-holy-see-is-in-italy rkg:readObject "
        "id:italy",
    ),
    Case(
        "holy-see-switzerland",
        9,
        "who has protected the Pope since 1506",
        "s016",
        "?cited a rkg:Service ; rkg:serviceKind code:personal-protection ; "
        "rkg:beneficiary ?office ; rkg:serviceProvider ?answer ; rkg:earliestStart ?day . "
        "?office rkg:officeOf id:holy-see FILTER (YEAR(?day) = 1506)",
        "id:pontifical-swiss-guard",
        "id:protection-of-the-pope-by-the-swiss-guard rkg:serviceProvider "
        "id:pontifical-swiss-guard",
    ),
    Case(
        "holy-see-switzerland",
        9,
        "the guards are Swiss",
        "s007 s017",
        "?cited a rkg:Service ; rkg:beneficiary id:pontifical-swiss-guard ; "
        "rkg:serviceProvider ?answer",
        "id:young-swiss-men",
        "id:soldiering-of-young-swiss-men-in-the-swiss-guard rkg:serviceProvider "
        "id:young-swiss-men",
    ),
    Case(
        "holy-see-switzerland",
        10,
        "who won the civil war",
        "s010",
        "?cited rkg:participationIn id:swiss-civil-war ; rkg:outcome code:victory ; "
        "rkg:participant ?answer . FILTER NOT EXISTS { ?answer a rkg:State }",
        "id:liberal-and-protestant-cantons",
        "id:liberal-cantons-in-the-swiss-civil-war rkg:outcome code:victory",
    ),
    Case(
        "holy-see-switzerland",
        10,
        "who lost it",
        "s010",
        f"{side('swiss-civil-war', 2)} . ?cited rkg:outcome code:defeat",
        "id:sonderbund",
        "id:sonderbund-in-the-swiss-civil-war rkg:outcome code:defeat",
    ),
    Case(
        "holy-see-switzerland",
        10,
        "who supported the losing side",
        "s010",
        side("swiss-civil-war", 2, "supporter"),
        "id:holy-see",
        "id:support-of-the-holy-see-for-the-sonderbund rkg:participationRole code:supporter",
    ),
]

JAPAN_PERU = [
    Case(
        "japan-peru",
        1,
        "relations began in 1873 with a signing",
        "s016",
        "?relations a rkg:DiplomaticRelations ; rkg:startedBy ?cited . "
        "?cited a rkg:EstablishmentOfRelations ; rkg:when ?when ; rkg:causedBy ?signing . "
        "?answer rkg:signedAt ?signing . ?signing rkg:when ?when "
        'FILTER (?when = "1873"^^edtf:EDTF)',
        "id:treaty-of-friendship-and-navigation-of-japan-and-peru",
        "id:establishment-of-japan-peru-relations rkg:causedBy "
        "id:signing-of-the-treaty-of-friendship-and-navigation-of-japan-and-peru",
    ),
    Case(
        "japan-peru",
        1,
        "the kind of the treaty",
        "s016",
        "?cited a rkg:Treaty ; rkg:signatory id:japan , id:peru ; rkg:agreementKind ?answer",
        "code:friendship code:navigation",
        "id:treaty-of-friendship-and-navigation-of-japan-and-peru rkg:agreementKind "
        "code:navigation",
    ),
    Case(
        "japan-peru",
        2,
        "where the María Luz called in June 1872",
        "s013",
        "?cited rkg:duringEvent ?voyage ; rkg:when ?when ; rkg:place ?answer . "
        "?voyage rkg:vessel id:maria-luz ; rkg:origin id:macau ; rkg:destination id:callao "
        'FILTER (?when = "1872-06"^^edtf:EDTF)',
        "id:yokohama",
        "id:call-of-the-maria-luz-at-yokohama rkg:place id:yokohama",
    ),
    Case(
        "japan-peru",
        2,
        "how many labourers were aboard",
        "s013",
        "?cited a rkg:Voyage ; rkg:vessel id:maria-luz ; rkg:passengers ?answer ; "
        "rkg:passengerGroup id:indentured-labourers-of-the-maria-luz",
        "232",
        "id:voyage-of-the-maria-luz rkg:passengers 232",
    ),
    Case(
        "japan-peru",
        3,
        "whom a Japanese court charged",
        "s015",
        "?cited a rkg:LegalAct ; rkg:legalActKind code:charging ; rkg:actor/rkg:bodyOf id:japan ; "
        "rkg:counterpart ?answer . ?tenure rkg:holder ?answer ; "
        "rkg:office id:captain-of-the-maria-luz",
        "id:ricardo-herrera",
        "id:tenure-of-ricardo-herrera rkg:office id:captain-of-the-maria-luz",
    ),
    Case(
        "japan-peru",
        3,
        "whom it freed",
        "s015",
        "?cited a rkg:LegalAct ; rkg:legalActKind code:release ; rkg:actor id:japanese-court ; "
        "rkg:counterpart ?answer . ?voyage rkg:vessel id:maria-luz ; rkg:passengerGroup ?answer",
        "id:indentured-labourers-of-the-maria-luz",
        "id:release-of-the-labourers-of-the-maria-luz rkg:actor id:japanese-court",
    ),
    Case(
        "japan-peru",
        4,
        "who deported whom in the Second World War",
        "s017",
        "?cited a rkg:ForcedRemoval ; rkg:removalKind code:deportation ; rkg:actor id:peru ; "
        "rkg:duringEvent id:second-world-war ; rkg:counterpart ?answer",
        "id:japanese-peruvians",
        "id:deportation-of-japanese-peruvians rkg:actor id:peru",
    ),
    Case(
        "japan-peru",
        4,
        "where they were sent",
        "s017",
        "?cited a rkg:ForcedRemoval ; rkg:counterpart id:japanese-peruvians ; "
        "rkg:destination ?answer",
        "id:united-states",
        "id:deportation-of-japanese-peruvians rkg:destination id:united-states",
    ),
    Case(
        "japan-peru",
        4,
        "at least how many were deported",
        "s017",
        "?cited a rkg:Count ; rkg:countOf id:japanese-peruvians ; rkg:countKind code:deported ; "
        "rkg:unit code:persons ; rkg:atLeast ?answer",
        "1700.0",
        'id:count-of-deported-japanese-peruvians rkg:amount "[1700..]"^^rkg:Amount',
    ),
    Case(
        "japan-peru",
        5,
        "the mission whose residence was attacked until 22 April 1997",
        "s019",
        "?cited a rkg:AttackOnPremises ; rkg:attackKind code:hostage-taking ; "
        "rkg:attackedPremises code:residence-of-the-head ; rkg:targetedMission ?answer ; "
        "rkg:latestEnd ?day FILTER NOT EXISTS { ?cited rkg:earliestStart ?start } "
        'FILTER (?day = "1997-04-22"^^xsd:date)',
        "id:embassy-of-japan-in-lima",
        "id:reading-that-the-hostages-were-in-the-ambassadors-residence rkg:readObject "
        "code:residence-of-the-head",
    ),
    Case(
        "japan-peru",
        5,
        "whose commandos entered on that day",
        "s019",
        "?cited rkg:duringEvent id:japanese-embassy-hostage-crisis ; "
        "rkg:actor/rkg:bodyOf ?answer ; "
        'rkg:when ?when FILTER (?when = "1997-04-22"^^edtf:EDTF)',
        "id:peru",
        "id:storming-of-the-residence rkg:actor id:peruvian-commandos",
    ),
    Case(
        "japan-peru",
        6,
        "how many insurgents died, of how many",
        "s019",
        "?cited rkg:countKind code:deaths ; rkg:countOf id:insurgents-in-the-hostage-crisis ; "
        "rkg:atLeast ?least ; rkg:outOf ?answer FILTER (?least = ?answer)",
        "14.0",
        'id:deaths-of-insurgents-in-the-hostage-crisis rkg:amount "14/14"^^rkg:Amount',
    ),
    Case(
        "japan-peru",
        6,
        "how many judges died",
        "s019",
        "?cited rkg:countKind code:deaths ; rkg:countOf id:judges-of-the-supreme-court ; "
        "rkg:amount ?answer",
        "1",
        "id:deaths-of-judges-in-the-hostage-crisis rkg:countKind code:deaths",
    ),
    Case(
        "japan-peru",
        6,
        "how many soldiers died",
        "s019",
        "?cited rkg:countKind code:deaths ; rkg:countOf id:soldiers-in-the-hostage-crisis ; "
        "rkg:amount ?answer",
        "2",
        "id:deaths-of-soldiers-in-the-hostage-crisis rkg:countKind code:deaths",
    ),
    Case(
        "japan-peru",
        7,
        "whose extradition Peru requested from Japan",
        "s022",
        "?cited a rkg:Request ; rkg:requestKind code:extradition-request ; rkg:actor id:peru ; "
        "rkg:counterpart id:japan ; rkg:about ?answer",
        "id:alberto-fujimori",
        "id:request-for-the-extradition-of-alberto-fujimori rkg:requestKind "
        "code:extradition-request",
    ),
    Case(
        "japan-peru",
        7,
        "what Japan answered",
        "s022",
        "?cited a rkg:Answer ; rkg:actor id:japan ; rkg:answers ?request ; "
        "rkg:answerKind ?answer . ?request rkg:about id:alberto-fujimori",
        "code:refused",
        "id:refusal-to-extradite-alberto-fujimori rkg:answers "
        "id:request-for-the-extradition-of-alberto-fujimori",
    ),
    Case(
        "japan-peru",
        8,
        "the parties of the Trans-Pacific Partnership, which is not known to be signed",
        "s008",
        "?cited rkg:participationIn id:trans-pacific-partnership ; "
        "rkg:participationRole code:party ; rkg:participant ?answer . "
        "FILTER NOT EXISTS { id:trans-pacific-partnership rkg:signedAt ?signing }",
        "id:japan id:peru",
        "id:peru-in-the-trans-pacific-partnership rkg:participationRole code:party",
    ),
    Case(
        "japan-peru",
        9,
        "who came to the 28th summit",
        "s024",
        "?cited rkg:attends ?summit ; rkg:visitor ?answer ; rkg:capacity ?office . "
        "?summit a rkg:Conference ; rkg:numberInSeries 28 ; rkg:heldBy id:apec . "
        "?office rkg:officeOf id:japan ; rkg:officeKind ?kind "
        "FILTER (?kind = code:head-of-government)",
        "id:shinzo-abe",
        "id:prime-minister-of-japan rkg:officeKind code:head-of-government",
    ),
    Case(
        "japan-peru",
        9,
        "the country where it was held",
        "s024",
        "?cited a rkg:Conference ; rkg:conferenceKind code:summit ; rkg:numberInSeries 28 ; "
        "rkg:hostParty ?answer ; rkg:place ?answer . ?answer a rkg:State",
        "id:peru",
        "id:twenty-eighth-apec-summit rkg:hostParty id:peru",
    ),
    Case(
        "japan-peru",
        9,
        "its host",
        "s024",
        "?summit rkg:numberInSeries 28 . ?cited rkg:participationIn ?summit ; "
        "rkg:participationRole code:event-host ; rkg:participant ?answer",
        "id:pedro-pablo-kuczynski",
        "id:pedro-pablo-kuczynski-at-the-twenty-eighth-apec-summit rkg:participationRole "
        "code:event-host",
    ),
    Case(
        "japan-peru",
        10,
        "the seat of the embassy of Japan",
        "s006",
        "?cited a rkg:Embassy ; rkg:sendingParty id:japan ; rkg:receivingParty id:peru ; "
        "rkg:seat ?answer",
        "id:lima",
        "id:embassy-of-japan-in-lima rkg:seat id:lima",
    ),
    Case(
        "japan-peru",
        10,
        "the seat of the embassy of Peru",
        "s007",
        "?cited a rkg:Embassy ; rkg:sendingParty id:peru ; rkg:receivingParty id:japan ; "
        "rkg:seat ?answer",
        "id:tokyo",
        "id:embassy-of-peru-in-tokyo rkg:seat id:tokyo",
    ),
]

CASES = [*CHILE_PERU, *HOLY_SEE_SWITZERLAND, *JAPAN_PERU]
