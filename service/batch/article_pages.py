"""The article on a web page: its headline and its words, without what stands around them; it fetches nothing."""

from service.batch.article_files import ArticleRow, make_row
from service.batch.comment_files import FileInvalid

MIN_CHARS = 200
"""A cookie banner or a request to turn scripts on is shorter, and no article."""

MAX_TAGS = 40_000
"""Reading takes half a millisecond for each element; articles have some thousands of tags."""


def read_page(content: bytes, *, address: str) -> ArticleRow:
    """The article of an HTML page; raises FileInvalid where none is found. Readers' comments are left out."""
    from trafilatura import bare_extraction  # noqa: PLC0415  an extra, and a second to import

    if content.count(b"<") > MAX_TAGS:
        raise FileInvalid("too many elements")
    found = bare_extraction(
        content, url=address, include_comments=False, include_tables=False, with_metadata=True, output_format="python"
    )
    assert not isinstance(found, dict), "which is what its deprecated as_dict is for"
    title, text = (found.title or "", found.text or "") if found else ("", "")
    row = make_row({"url": address, "title": title, "body": text.removeprefix(f"{title}\n")})
    if len(row.body) < MIN_CHARS:
        raise FileInvalid("no article on the page")
    return row
