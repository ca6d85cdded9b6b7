"""Tests of the namespaces and of the short forms of IRIs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relations_kg.errors import UnknownName
from relations_kg.rdf.namespaces import BASE, PREFIXES, expand, shorten


@given(st.sampled_from(sorted(PREFIXES)), st.text(min_size=1, max_size=20))
def test_a_short_form_stands_for_one_iri(prefix: str, local: str) -> None:
    """Any local part, with colons too, can be expanded and shortened again."""
    curie = f"{prefix}:{local}"

    assert PREFIXES[prefix] + local == expand(curie)
    assert curie == shorten(expand(curie))


@pytest.mark.parametrize("iri", ["urn:uuid:1", BASE, PREFIXES["id"], "http://example.org/a"])
def test_an_iri_of_no_namespace_stays_as_it_is(iri: str) -> None:
    """A namespace itself has no short form either: `id:` would name nothing."""
    assert iri == shorten(iri)


@pytest.mark.parametrize(
    ("curie", "help"), [("scr:china-peru/s001", '"src"'), ("wd:Q419", "use one of rkg, id, src")]
)
def test_an_unknown_prefix_is_reported_with_what_would_be_right(curie: str, help: str) -> None:
    with pytest.raises(UnknownName) as caught:
        expand(curie)

    assert f'unknown prefix "{curie.partition(":")[0]}:"' in str(caught.value)
    assert help in (caught.value.help or "")
