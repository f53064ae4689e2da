"""Files of articles: CSV, RSS and Atom, a row for each article; it knows nothing of what becomes of them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

from service.batch.comment_files import MAX_FIELD_CHARS, FileInvalid
from service.domain.text_validation import blank_controls

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RSS_1 = "{http://purl.org/rss/1.0/}"

MAX_TITLE_CHARS = 1_000
MAX_BODY = 500_000
MAX_NAME_CHARS = 255

_COLUMNS = {
    "id": ("id", "article_id"),
    "url": ("url", "link", "article_url"),
    "title": ("title", "headline", "article_title"),
    "body": ("body", "text", "article_text"),
    "section": ("section", "category"),
}
_BREAK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\f\v]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article as a file has it; one without an id is known by its address."""

    title: str = ""
    body: str = ""
    id: str | None = None
    url: str | None = None
    section: str | None = None


def read_articles(content: bytes, *, address: str = "") -> Iterator[ArticleRow]:
    """The articles of a file, whichever of the three it is; those with neither id nor address are passed over.

    `address` is where the file came from: links in it may be relative. Raises FileInvalid.
    """
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    rows = _read_feed(content, address) if is_xml else _read_csv(content)
    return (row for row in rows if (row.id or row.url) and (row.title or row.body))


def read_html(written: str) -> str:
    """The words of a piece of HTML, a line for each paragraph."""
    text = (
        LexborHTMLParser(_BREAK.sub("\n", written)).text(separator="") if "<" in written or "&" in written else written
    )
    lines = (_BLANK.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _read_csv(content: bytes) -> Iterator[ArticleRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileInvalid("The file is not UTF-8.") from None
    csv.field_size_limit(MAX_FIELD_CHARS)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    columns = {
        ours: next((names[known] for known in theirs if known in names), None) for ours, theirs in _COLUMNS.items()
    }
    if not (columns["id"] or columns["url"]):
        raise FileInvalid("line 1: a CSV file begins with the names of its columns, and one is 'url' or 'id'.")
    try:
        for found in reader:
            yield make_row({ours: found.get(theirs) for ours, theirs in columns.items() if theirs})
    except csv.Error as error:
        raise FileInvalid(f"line {reader.line_num}: not CSV: {error}") from None


def _read_feed(content: bytes, address: str) -> Iterator[ArticleRow]:
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        # An entity that would grow without end is refused like broken XML.
        raise FileInvalid("The file is not XML that can be read.") from None
    if root.tag == f"{ATOM}feed":
        yield from (_read_entry(entry, address) for entry in root.iter(f"{ATOM}entry"))
    elif root.tag == "rss" or root.tag.endswith("}RDF"):
        for item in (*root.iter("item"), *root.iter(f"{RSS_1}item")):
            yield _read_item(item, address)
    else:
        raise FileInvalid("The file is neither RSS nor Atom.")


def _read_item(item: Element, address: str) -> ArticleRow:
    def find(name: str) -> str:
        return item.findtext(name) or item.findtext(f"{RSS_1}{name}") or ""

    guid = item.find("guid")
    is_link = guid is not None and guid.get("isPermaLink", "true") == "true"
    link = find("link") or (guid.text if guid is not None and is_link else "") or ""
    body = item.findtext(CONTENT) or find("description")
    return make_row(
        {
            "url": _join(address, link),
            "title": read_html(find("title")),
            "body": read_html(body),
            "section": find("category"),
        }
    )


def _read_entry(entry: Element, address: str) -> ArticleRow:
    links = {link.get("rel", "alternate"): link.get("href", "") for link in reversed(entry.findall(f"{ATOM}link"))}
    category = entry.find(f"{ATOM}category")
    return make_row(
        {
            "url": _join(address, links.get("alternate", "")),
            "title": read_html(_text_of(entry.find(f"{ATOM}title"))),
            "body": read_html(_text_of(entry.find(f"{ATOM}content")) or _text_of(entry.find(f"{ATOM}summary"))),
            "section": category.get("term", "") if category is not None else "",
        }
    )


def _join(address: str, link: str) -> str:
    # No link at all would become the feed's own address.
    return urljoin(address, link.strip()) if link.strip() else ""


def _text_of(element: Element | None) -> str:
    """An Atom text, which is escaped HTML or the elements themselves."""
    return "".join(element.itertext()) if element is not None else ""


def make_row(found: Mapping[str, Any]) -> ArticleRow:
    """A row of what was found, each value as text within its limit."""
    values = {name: blank_controls(value).strip() for name, value in found.items() if isinstance(value, str)}
    return ArticleRow(
        id=values.get("id") or None,
        url=values.get("url") or None,
        title=values.get("title", "")[:MAX_TITLE_CHARS],
        body=values.get("body", "")[:MAX_BODY],
        section=values.get("section", "")[:MAX_NAME_CHARS] or None,
    )
