"""Files of articles: CSV, RSS and Atom, one row per article."""

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
from service.domain.text_validation import blank_control_characters

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RSS_1 = "{http://purl.org/rss/1.0/}"

MAX_TITLE_CHARS = 1_000
MAX_BODY_CHARS = 500_000
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
    """An article as the file has it; one without an id is identified by its URL."""

    title: str = ""
    body: str = ""
    id: str | None = None
    url: str | None = None
    section: str | None = None


def read_articles(content: bytes, *, address: str = "") -> Iterator[ArticleRow]:
    """Read the articles of a CSV, RSS or Atom file; articles with neither id nor URL are skipped.

    `address` is the URL of the file, because links in it may be relative. Raises FileInvalid.
    """
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    rows = _read_feed(content, address) if is_xml else _read_csv(content)
    return (row for row in rows if (row.id or row.url) and (row.title or row.body))


def read_html(html: str) -> str:
    """Return the text of a piece of HTML, one line per paragraph."""
    has_markup = "<" in html or "&" in html
    text = LexborHTMLParser(_BREAK.sub("\n", html)).text(separator="") if has_markup else html
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
        field: next((names[alias] for alias in aliases if alias in names), None) for field, aliases in _COLUMNS.items()
    }
    if not (columns["id"] or columns["url"]):
        raise FileInvalid("line 1: the header of a CSV file needs a column 'url' or 'id'.")
    try:
        for row in reader:
            yield make_row({field: row.get(column) for field, column in columns.items() if column})
    except csv.Error as error:
        raise FileInvalid(f"line {reader.line_num}: not CSV: {error}") from None


def _read_feed(content: bytes, address: str) -> Iterator[ArticleRow]:
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        # Entities that expand without limit are refused like broken XML.
        raise FileInvalid("The file is not valid XML.") from None
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
    # urljoin would turn an empty link into the URL of the feed itself.
    return urljoin(address, link.strip()) if link.strip() else ""


def _text_of(element: Element | None) -> str:
    """Return an Atom text construct, which is escaped HTML or nested elements (RFC 4287, 3.1)."""
    return "".join(element.itertext()) if element is not None else ""


def make_row(fields: Mapping[str, Any]) -> ArticleRow:
    """Build a row from the fields that were found, each cut to its limit."""
    values = {name: blank_control_characters(value).strip() for name, value in fields.items() if isinstance(value, str)}
    return ArticleRow(
        id=values.get("id") or None,
        url=values.get("url") or None,
        title=values.get("title", "")[:MAX_TITLE_CHARS],
        body=values.get("body", "")[:MAX_BODY_CHARS],
        section=values.get("section", "")[:MAX_NAME_CHARS] or None,
    )
