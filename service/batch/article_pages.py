"""The article on a web page: its headline and text, without the rest of the page."""

from service.batch.article_files import ArticleRow, make_row
from service.batch.comment_files import FileInvalid

MIN_CHARS = 200
"""Characters; a shorter text is a cookie banner or a request to enable scripts, not an article."""

MAX_TAGS = 40_000
"""Reading takes half a millisecond per element, and pages with articles have some thousands of tags."""


def read_page(content: bytes, *, address: str) -> ArticleRow:
    """Extract the article from an HTML page, without readers' comments. Raises FileInvalid if there is none."""
    from trafilatura import bare_extraction  # an optional package that takes a second to import

    if content.count(b"<") > MAX_TAGS:
        raise FileInvalid("too many elements")
    document = bare_extraction(
        content, url=address, include_comments=False, include_tables=False, with_metadata=True, output_format="python"
    )
    assert not isinstance(document, dict), "only the deprecated as_dict returns a dict"
    title, text = (document.title or "", document.text or "") if document else ("", "")
    row = make_row({"url": address, "title": title, "body": text.removeprefix(f"{title}\n")})
    if len(row.body) < MIN_CHARS:
        raise FileInvalid("no article on the page")
    return row
