"""A card shows what a thing is, what is said of it and what links to it, with numbered evidence."""

import json

from explain.world import fact, view
from milieu.explain import show
from milieu.explain.json import card_json
from milieu.explain.text import card_text

VIEW = view()
KANAZAWA, _, JAPAN = fact("ex:kanazawa", "ex:in", "ex:japan")


def test_a_card_can_be_read() -> None:
    assert (
        card_text(show(VIEW, KANAZAWA), VIEW)
        == """\
Kanazawa
ex:kanazawa
Kanazawa (en), 金沢 (ja)
is a city, craft city*, place*
  has a population of  450000
  is twinned with      Gent
  lies in              Ishikawa [1]; Japan*
  practises            Kaga yuzen [2]

What links here
  ← ex:claimSubject  ex:claim1 [1]; ex:claim2 [2]

* inferred; milieu why tells the proof

[1] An atlas (ex:atlas)
[2] page 7 of the slides (ex:page7): page 7
"""
    )


def test_an_inverse_link_is_shown_once_with_the_evidence_of_the_asserted_end() -> None:
    card = show(VIEW, fact("ex:yuzen", "a", "ex:Craft")[0])

    assert [VIEW.label(group.predicate) for group in card.groups] == ["is practised in"]
    assert card.groups[0].items[0].inferred
    assert [VIEW.name(note.node) for note in card.notes] == ["ex:page7"]
    assert card.incoming == ()


def test_long_lists_are_cut_and_say_so() -> None:
    crowded = view("".join(f"ex:town{n} ex:in ex:japan ." for n in range(30)))
    card = show(crowded, JAPAN, most=5)

    assert [(len(group.items), group.more) for group in card.incoming] == [(5, 27)]
    assert "; and 27 more" in card_text(card, crowded)


def test_a_thing_that_nobody_speaks_of_is_unknown() -> None:
    assert not show(VIEW, fact("ex:nowhere", "a", "ex:City")[0]).known


def test_json_tells_inferred_from_asserted() -> None:
    content = json.loads(card_json(show(VIEW, KANAZAWA), VIEW))
    within = next(group for group in content["statements"] if group["property"]["label"] == "lies in")

    assert [(item["label"], item["inferred"], item["notes"]) for item in within["items"]] == [
        ("Ishikawa", False, [1]),
        ("Japan", True, []),
    ]


def test_a_card_has_the_right_article_and_obeys_no_control_character() -> None:
    odd = view('ex:Artist a owl:Class ; rdfs:label "artist"@en . ex:x a ex:Artist ; rdfs:label "red\\u001b[31m"@en .')
    text = card_text(show(odd, fact("ex:x", "a", "ex:x")[0]), odd)

    assert "is an artist" in text
    assert "\x1b" not in text
    assert "red\\u001B[31m" in text
