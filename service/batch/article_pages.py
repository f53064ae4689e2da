"""Extraction of an article, its headline and text, from a web page."""

from service.batch.article_files import ArticleRow, make_row
from service.batch.comment_files import FileInvalid

MIN_CHARS = 200
"""A text with fewer characters is not an article, but a cookie banner or a request to enable scripts."""

MAX_TAGS = 40_000
"""Pages with more tags are refused. Extraction takes 0.5 ms per element; pages of articles have some thousands."""


def read_page(content: bytes, *, address: str) -> ArticleRow:
    """Extract the article from an HTML page, without readers' comments. Raises FileInvalid if the page has none."""
    from trafilatura import bare_extraction  # an optional package that takes a second to import

    if content.count(b"<") > MAX_TAGS:
        raise FileInvalid("too many elements")
    document = bare_extraction(
        content, url=address, include_comments=False, include_tables=False, with_metadata=True, output_format="python"
    )
    assert not isinstance(document, dict), "only the deprecated as_dict returns a dict"
    title, text = (document.title or "", document.text or "") if document else ("", "")
    # The extracted text usually starts with the headline.
    row = make_row({"url": address, "title": title, "body": text.removeprefix(f"{title}\n")})
    if len(row.body) < MIN_CHARS:
        raise FileInvalid("no article on the page")
    return row
