"""The OpenAPI document in docs/openapi.json is the API's, and nothing in it is renamed or removed."""

import copy
import json
from typing import Any

import pytest

from service.cli.openapi import build_document, compare, write_document
from tests.support.docs_pages import read_page

DOCUMENT: dict[str, Any] = json.loads(read_page("docs/openapi.json"))


def test_the_committed_document_is_the_apis() -> None:
    document = build_document()
    assert write_document(document) == read_page("docs/openapi.json"), compare(DOCUMENT, document).explain()


@pytest.fixture
def changed() -> dict[str, Any]:
    """A copy of the document, to be changed by a test."""
    return copy.deepcopy(DOCUMENT)


def fields_of(document: dict[str, Any], schema: str) -> dict[str, Any]:
    fields: dict[str, Any] = document["components"]["schemas"][schema]["properties"]
    return fields


def test_a_removed_field_is_refused(changed: dict[str, Any]) -> None:
    del fields_of(changed, "CommentOut")["decision"]
    difference = compare(DOCUMENT, changed)
    assert difference.added == ()
    assert "Restore them" in difference.explain()
    assert "/components/schemas/CommentOut/properties/decision/$ref" in difference.explain()


def test_a_renamed_field_is_refused(changed: dict[str, Any]) -> None:
    fields = fields_of(changed, "ArticleIn")
    fields["headline"] = fields.pop("title")
    difference = compare(DOCUMENT, changed)
    assert all(path.startswith("/components/schemas/ArticleIn/properties/title/") for path in difference.broken)
    assert "Restore them" in difference.explain()


def test_a_removed_route_is_refused(changed: dict[str, Any]) -> None:
    del changed["paths"]["/v1/queue"]
    assert all(path.startswith("/paths//v1/queue/") for path in compare(DOCUMENT, changed).broken)


def test_a_removed_enum_value_is_refused(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["DeliveryState"]["enum"].remove("failed")
    assert compare(DOCUMENT, changed).broken == ("/components/schemas/DeliveryState/enum/failed",)


def test_an_optional_field_that_becomes_required_is_refused(changed: dict[str, Any]) -> None:
    changed["components"]["schemas"]["CommentIn"]["required"].append("author")
    assert compare(DOCUMENT, changed).broken == ("/components/schemas/CommentIn/required/author",)


def test_a_new_field_asks_for_a_line_in_the_changelog(changed: dict[str, Any]) -> None:
    fields_of(changed, "CommentOut")["word_count"] = {"type": "integer", "title": "Word Count"}
    changed["components"]["schemas"]["CommentOut"]["required"].append("word_count")
    difference = compare(DOCUMENT, changed)
    assert difference.broken == ()
    assert "CHANGELOG.md" in difference.explain()


def test_a_new_description_only_asks_to_update_the_document(changed: dict[str, Any]) -> None:
    changed["paths"]["/v1/queue"]["get"]["description"] = "Other words."
    difference = compare(DOCUMENT, changed)
    assert (difference.broken, difference.added) == ((), ())
    assert "make openapi" in difference.explain()
