"""Reading files of articles: CSV, RSS and Atom. Each article becomes an `ArticleRow`."""

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

# XML namespaces and a tag, in the notation of ElementTree.
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
RSS_1 = "{http://purl.org/rss/1.0/}"

MAX_TITLE_CHARS = 1_000
MAX_BODY_CHARS = 500_000
MAX_NAME_CHARS = 255

# The names that a CSV column may have, by field of ArticleRow. The first that is present is used.
_COLUMNS = {
    "id": ("id", "article_id"),
    "url": ("url", "link", "article_url"),
    "title": ("title", "headline", "article_title"),
    "body": ("body", "text", "article_text"),
    "section": ("section", "category"),
}
# Tags after which a new line starts, such as "</p>", "</h2>" or "<br />".
_BREAK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\f\v]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article of a file. If it has no id, its URL identifies it."""

    title: str = ""
    body: str = ""
    id: str | None = None
    url: str | None = None
    section: str | None = None


def read_articles(content: bytes, *, address: str = "") -> Iterator[ArticleRow]:
    """Yield the articles of a CSV, RSS or Atom file. Skip those without id and URL, and those without title and body.

    `address` is the URL of the file, to which links in it may be relative. Raises FileInvalid if the file cannot be
    read.
    """
    # The first three bytes may be the byte order mark of UTF-8.
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    rows = _read_feed(content, address) if is_xml else _read_csv(content)
    return (row for row in rows if (row.id or row.url) and (row.title or row.body))


def read_html(html: str) -> str:
    """Return the text of an HTML fragment, with one line per paragraph."""
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
    columns: dict[str, str | None] = {}
    for field, aliases in _COLUMNS.items():
        present = [names[alias] for alias in aliases if alias in names]
        columns[field] = present[0] if present else None
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
        # DefusedXmlException: the file declares entities, which could expand without limit ("billion laughs").
        raise FileInvalid("The file is not valid XML.") from None
    if root.tag == f"{ATOM}feed":
        yield from (_read_entry(entry, address) for entry in root.iter(f"{ATOM}entry"))
    elif root.tag == "rss" or root.tag.endswith("}RDF"):
        # The items of RSS 2.0 have no namespace. RSS 1.0 is RDF and has one.
        for item in (*root.iter("item"), *root.iter(f"{RSS_1}item")):
            yield _read_item(item, address)
    else:
        raise FileInvalid("The file is neither RSS nor Atom.")


def _read_item(item: Element, address: str) -> ArticleRow:
    def find(name: str) -> str:
        return item.findtext(name) or item.findtext(f"{RSS_1}{name}") or ""

    link = find("link")
    guid = item.find("guid")
    # By the specification of RSS 2.0, a guid is the URL of the article unless it has isPermaLink="false".
    if not link and guid is not None and guid.get("isPermaLink", "true") == "true":
        link = guid.text or ""
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
    # By `rel`, which is "alternate" by default. In reverse order, so that the first of several overwrites the others.
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
    """Return the content of an Atom text construct: plain text, escaped HTML or nested elements (RFC 4287, 3.1)."""
    return "".join(element.itertext()) if element is not None else ""


def make_row(fields: Mapping[str, Any]) -> ArticleRow:
    """Build a row from fields of ArticleRow. Values that are no strings are ignored, and long ones are cut."""
    values = {name: blank_control_characters(value).strip() for name, value in fields.items() if isinstance(value, str)}
    return ArticleRow(
        id=values.get("id") or None,
        url=values.get("url") or None,
        title=values.get("title", "")[:MAX_TITLE_CHARS],
        body=values.get("body", "")[:MAX_BODY_CHARS],
        section=values.get("section", "")[:MAX_NAME_CHARS] or None,
    )
